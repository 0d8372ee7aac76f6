"""Samples of the mails about deletion, in each of their languages, and of what the shop's own people get."""

from datetime import date

from django.conf import settings

from privacy import deletion_mails, deletion_words
from privacy.deletion_requests.deadlines import EXTENDED_MAIL
from privacy.deletion_requests.endings import REFUSED_MAIL
from privacy.deletion_requests.triage import PROOF_MAIL
from privacy.erasure import providers
from privacy.mail_samples import ADDRESS, PAGE, Make, sample
from privacy.mails import Mail
from privacy.notices import MAIL as NOTICE
from privacy.retention import alarm

LANGUAGES = deletion_words.languages()
NUMBER, UNTIL = "D-000012", date(2026, 12, 28)


def _words(language: str, part: str) -> dict[str, str]:
    """The sentences of a part with the values that any of them has a place for."""
    authority = settings.COMPLAINT_AUTHORITY or deletion_words.of(language, "notice_authority")["any"]
    until = deletion_words.day(UNTIL, language)
    values = {
        "number": NUMBER,
        "store": settings.STORE_NAME,
        "until": until,
        "authority": authority,
        "provider": "Stripe",
    }
    return deletion_words.of(language, part, **values)


def _mail(part: str, template: str, **more: object) -> Make:
    def make(language: str) -> Mail:
        words = _words(language, part)
        context = deletion_mails.context(language, words) | more
        return Mail(to=ADDRESS, subject=words["subject"], template=template, context=context)

    return make


sample(deletion_mails.ACKNOWLEDGEMENT, languages=LANGUAGES)(_mail("acknowledgement", "mails/deletion_acknowledgement"))
sample(PROOF_MAIL, languages=LANGUAGES)(_mail("proof", "mails/deletion_proof", link=f"{PAGE}proof/"))
sample(providers.DONE_MAIL, languages=LANGUAGES)(_mail("provider_done", f"mails/{providers.DONE_MAIL}"))
for _kind, _part in ((EXTENDED_MAIL, "extended"), (REFUSED_MAIL, "refused")):
    sample(_kind, languages=LANGUAGES)(_mail(_part, "mails/deletion_answer", reason="An order of yours is disputed."))


@sample(NOTICE, languages=LANGUAGES)
def _notice(language: str) -> Mail:
    groups = deletion_words.of(language, "notice_groups")
    grounds = deletion_words.of(language, "notice_grounds")
    until = deletion_words.day(UNTIL, language)
    kept = deletion_words.of(language, "notice_kept", what=groups["orders"], why=grounds["law"], until=until)["until"]
    told = deletion_words.of(language, "notice_providers", name="Stripe")["done"]
    make = _mail("notice", "mails/deletion_notice", erased=[groups["account"]], kept=[kept], providers=[told])
    return make(language)


@sample(alarm.KIND)
def _retention_late(language: str) -> Mail:
    context: dict[str, object] = {"words": "The sweep has been late since yesterday.", "url": f"{PAGE}desk/"}
    return Mail(settings.SUPPORT_EMAIL, "Data stays longer than promised", f"mails/{alarm.KIND}", context)
