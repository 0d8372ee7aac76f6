"""The mail that reports the end of a provider's step which the notice had named as open."""

from privacy import deletion_mails, deletion_words, mails
from privacy.erasure import providers
from privacy.inventory import Category
from privacy.models import DeletionStep
from privacy.places import MailKind, declare
from privacy.purposes import DELETION

declare(
    MailKind(
        name=providers.DONE_MAIL,
        template=f"mails/{providers.DONE_MAIL}",
        words="tells a person that a service provider has erased as well, where we still keep an address",
        purpose=DELETION,
        carries=frozenset({Category.EMAIL}),
    )
)


@mails.kind(providers.DONE_MAIL, is_logged=False)
def provider_done(step_id: int) -> mails.Mail | None:
    """To the address of an order that is kept, restricted; nothing where none is kept any more."""
    step = DeletionStep.objects.filter(pk=step_id, state=DeletionStep.State.DONE).select_related("request").first()
    address = providers.of_step(step).address(step) if step else ""
    if step is None or not address:
        return None
    language, title = step.request.language, providers.of_step(step).title
    words = deletion_words.of(language, "provider_done", provider=title, number=step.request.number)
    return mails.Mail(
        to=address,
        subject=words["subject"],
        template=f"mails/{providers.DONE_MAIL}",
        context=deletion_mails.context(language, words),
    )
