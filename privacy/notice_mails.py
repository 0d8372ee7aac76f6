"""The notice: what was erased, what is kept, why and until when, whom else we told, and where to complain (P12d)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings

from privacy import deletion_mails, deletion_requests, deletion_words, mail_addresses, mails, sealed_people
from privacy.erasure import providers
from privacy.erasure.verdicts import Deed
from privacy.models import DeletionRequest, DeletionStep, ProofToken
from privacy.notices import MAIL, OF_REQUEST

#: Models by what people call them; a label, or the app of one. What isn't named here is "other".
_GROUPS = {
    "shop.OrderParty": "orders",
    "shop.OrderHold": "notes",
    "shop.OrderEvent": "notes",
    "shop.CartLine": "cart",
    "payments": "payments",
    "accounts.License": "licenses",
    "accounts.LicenseKey": "licenses",
    "accounts": "account",
    "account": "account",
    "mfa": "sign_in",
    "sessions": "sign_in",
    "accounts.Device": "sign_in",
    "privacy.Consent": "consents",
    "privacy.Export": "copies",
}


@mails.kind(MAIL, is_logged=False)
def notice(request_id: int) -> mails.Mail | None:
    """The mail to the sealed address; None where the request went back, or its address is no longer known."""
    request = DeletionRequest.objects.filter(pk=request_id, state=DeletionRequest.State.NOTIFYING).first()
    sealed = sealed_people.of_request(request_id) if request else None
    token = request.tokens.filter(kind=ProofToken.Kind.NOTICE).order_by("-id").first() if request else None
    if request is None or sealed is None or token is None or not sealed.address:
        return None
    language = request.language
    authority = settings.COMPLAINT_AUTHORITY or deletion_words.of(language, "notice_authority")["any"]
    words = deletion_words.of(language, "notice", number=request.number, store=settings.STORE_NAME, authority=authority)
    return mails.Mail(
        to=sealed.address,
        subject=words["subject"],
        template="mails/deletion_notice",
        context=deletion_mails.context(language, words)
        | {
            "erased": _erased(request, language),
            "kept": _kept(request, language),
            "providers": _providers(request, language),
        },
        sender=mail_addresses.with_token(deletion_requests.token(token)),
    )


def _erased(request: DeletionRequest, language: str) -> list[str]:
    """What was erased, by group, each once."""
    plan = request.plans.order_by("-number").first()
    rows = plan.content["rows"] if plan else []
    return _named((row["model"] for row in rows if row["deed"] == Deed.ERASED), language)


def _named(models: Iterable[str], language: str) -> list[str]:
    words = deletion_words.of(language, "notice_groups")
    groups = [_group(model) for model in models if not model.startswith(OF_REQUEST)]
    named = dict.fromkeys(groups)
    return [words[group] for group in words if group in named]


def _kept(request: DeletionRequest, language: str) -> list[str]:
    """A sentence for each group that is kept and each reason: what, why, until when at the latest."""
    words = deletion_words.of(language, "notice_groups")
    sentences: dict[tuple[str, str], list[datetime | None]] = {}
    for row in request.receipt.get("kept", []):
        if not row["model"].startswith(OF_REQUEST):
            key = _group(row["model"]), _ground(row)
            sentences.setdefault(key, []).append(datetime.fromisoformat(row["until"]) if row["until"] else None)
    return [_sentence(words[group], ground, untils, language) for (group, ground), untils in sorted(sentences.items())]


def _sentence(what: str, ground: str, untils: list[datetime | None], language: str) -> str:
    why = deletion_words.of(language, "notice_grounds")[ground]
    known = [until for until in untils if until is not None]
    if len(known) == len(untils) and known:
        until = deletion_words.day(max(known), language)
        return deletion_words.of(language, "notice_kept", what=what, why=why, until=until)["until"]
    return deletion_words.of(language, "notice_kept", what=what, why=why, until="")["open"]


def _providers(request: DeletionRequest, language: str) -> list[str]:
    """A sentence for each service provider: whether it has erased, or will."""
    steps = DeletionStep.objects.filter(request=request, name__startswith=providers.PREFIX)
    parts = {True: "done", False: "open"}
    return [
        deletion_words.of(language, "notice_providers", name=providers.of_step(step).title)[
            parts[step.state == DeletionStep.State.DONE]
        ]
        for step in steps
    ]


def _group(model: str) -> str:
    return _GROUPS.get(model) or _GROUPS.get(model.partition(".")[0], "other")


def _ground(row: Mapping[str, Any]) -> str:
    """Which of the reasons that the languages have words for."""
    ground = row["ground"]
    for sign, name in (("hold", "hold"), ("6(1)(c)", "law"), ("6(1)(f)", "interest"), ("6(1)(b)", "contract")):
        if sign in ground:
            return name
    return "under_way" if row["is_whole"] else "law"
