"""What the ground floor and Django's own tables store."""

from django.contrib.contenttypes.models import ContentType

from privacy import inventory
from privacy.inventory import NotPersonal, PersonalData
from privacy.models import Alert, OutgoingMail


@inventory.register(OutgoingMail)
class OutgoingMailData(PersonalData):
    columns_ = NotPersonal(
        "a mail by its kind and the row it is about; address and text are made when it is sent",
        "id kind object_id dedup_key state created_at next_try_at tries sent_at",
    )


@inventory.register(Alert)
class AlertData(PersonalData):
    columns_ = NotPersonal("what staff must look at, by ids", "id kind key message opened_at closed_at")


@inventory.register(ContentType)
class ContentTypeData(PersonalData):
    columns_ = NotPersonal("names of tables", "id app_label model")
