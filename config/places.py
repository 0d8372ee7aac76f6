"""Where the wiring keeps or sends something: the log, the broker, the mail server."""

from datetime import timedelta

from django.conf import settings

from config.logs import FIELDS
from privacy.page_version import KEY
from privacy.places import CachePrefix, LogField, Recipient, declare
from privacy.purposes import FULFILMENT

declare(*(LogField(name=name, words=words) for name, words in FIELDS.items()))

# Tasks carry ids of rows and nothing else.
declare(
    CachePrefix(name="celery", words="tasks that wait for a worker: their names and ids of rows", lasts=None),
    CachePrefix(name="_kombu.", words="names of the broker's queues", lasts=None),
    CachePrefix(
        name="unacked", words="tasks that a worker holds: their names and ids of rows", lasts=timedelta(hours=1)
    ),
    CachePrefix(name="evidence:", words="figures beside the promises, which name nobody", lasts=timedelta(days=7)),
    CachePrefix(name=KEY, words="the version of what everybody sees, a random token", lasts=None),
)

_COMPANY, _, _COUNTRY = settings.MAIL_PROVIDER.rpartition(",")
declare(
    Recipient(
        name=_COMPANY.strip() or "the provider of the shop's mail server",
        title="Our mail provider",
        role="processor",
        words="carries the mails that the shop sends",
        passed="the address and the text of each mail",
        purpose=FULFILMENT,
        country=_COUNTRY.strip() or "as the imprint says",
        transfer="",
        policy_url="",
        is_used=True,
    ),
)
