"""The fraud review of an order on its page in the admin: the signs in words, and where to decide."""

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from payments.models import FraudAssessment
from shop import order_desk
from shop.models import Order
from shop.order_desk import Reader, Section, moment

VIEW = "payments.view_fraudassessment"
HEADERS = ("Sign", "Points")
NONE = "No sign of fraud was seen, or the reasons have been removed at the end of their period."


@order_desk.register
def review_of(order: Order, reader: Reader) -> Section | None:
    """The signs that an order bore."""
    if not reader.has_perm(VIEW):
        return None
    assessment = FraudAssessment.objects.filter(order=order).first()
    if assessment is None:
        return Section("Fraud review", HEADERS, [], empty=NONE)
    return Section("Fraud review", HEADERS, signs(assessment), note=_note(assessment))


def signs(assessment: FraudAssessment) -> list[tuple[str, int]]:
    """A row a sign, and their sum."""
    rows = [(str(reason["words"]), int(reason["points"])) for reason in assessment.reasons]
    return [*rows, ("Together", assessment.score)]


def _note(assessment: FraudAssessment) -> SafeString | str:
    if assessment.settled_at is None:
        address = reverse("admin:payments_fraudassessment_change", args=[assessment.pk])
        return format_html('It waits for a person. <a href="{}">Decide</a>', address)
    if assessment.let_in_at:
        return f"Refused before it was paid, and let in by a person at {moment(assessment.let_in_at)}."
    decided = {"pass": "Let through", "hold": "A person decided", "refuse": "Refused before it was paid"}
    return f"{decided[assessment.verdict]} at {moment(assessment.settled_at)}."
