"""What the desk shows of one case: what was written, the order that it is about, its deadline and its story."""

from typing import Any, NamedTuple

from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse

from accounts.admin import case_deeds
from accounts.cases import deadlines, figures, parts, withdrawals
from accounts.cases.case_files import WITHOUT_CONTENT
from accounts.models import Case, LicenseKey
from privacy.badges import badge
from privacy.exports import words as export_words
from shop import orders, words
from shop.models import Order, OrderUnit


class Clock(NamedTuple):
    """How much of the time to answer is left. `words` say so; `days` draw the ticks."""

    days: int
    words: str


def clock_of(case: Case) -> Clock:
    """The deadline as the queue and the case show it; once it is closed, or waits for the customer, it has stopped."""
    if case.closed_at is not None:
        return Clock(30, f"closed on {export_words.day(case.closed_at)}")
    if case.state in {Case.State.WAITING, Case.State.UNPROVEN} and not case.needs_person:
        return Clock(30, "waits for the customer")
    days, day = figures.days_left(case), export_words.day(case.due_at)
    if days < 0:
        return Clock(0, f"{_days(-days)} late, {day}")
    return Clock(days, f"{_days(days)} left, {day}" if days else f"today, {day}")


def page(http: HttpRequest, case: Case) -> dict[str, Any]:
    """Everything that the template needs; as many queries whatever the case has."""
    party = getattr(case, "party", None)
    deeds = [
        {"label": deed.label, "address": case_deeds.address(deed, case), "is_next": deed.is_next, "key": deed.key}
        for deed in case_deeds.offered(http.user, case)
    ]
    return {
        "title": f"{case.number}, {case.get_kind_display()}",
        "subtitle": None,
        "case": case,
        "state": badge(case.state, case.get_state_display()),
        "clock": clock_of(case),
        "party": party,
        "thread": _thread(case, party),
        "order": _order(http, case, case.order) if case.order else None,
        "refunds": [_refund(refund) for refund in case.refunds.all()],
        "next_deeds": [deed for deed in deeds if deed["is_next"]],
        "other_deeds": [deed for deed in deeds if not deed["is_next"]],
        "story": list(case.events.select_related("by")),
        **_neighbors(case),
    }


def _thread(case: Case, party: Any) -> list[Any]:
    return list(party.messages.select_related("by").prefetch_related(WITHOUT_CONTENT)) if party else []


def _refund(refund: Any) -> tuple[str, str]:
    ended = {None: "on its way", True: "made", False: "failed"}[refund.succeeded]
    return refund.amount, ended


def _order(http: HttpRequest, case: Case, order: Order) -> dict[str, Any]:
    """What of an order support needs to answer: what was bought, when, by whom, and which keys were opened."""
    party = orders.party_of(order)
    day = deadlines.last_day(order)
    facts = [
        ("Placed", export_words.day(order.placed_at)),
        ("Paid", export_words.day(order.paid_at) if order.paid_at else "no"),
        ("Total", words.money(order.total, order.currency)),
        ("Bought by", "a company" if order.is_business else "a consumer"),
        ("May withdraw", _period(order, words.day(day) if day else "")),
    ]
    if case.kind == Case.Kind.WITHDRAWAL:
        taken = parts.in_words(order, case.part) or ["the part that is named there" if case.part else "the whole order"]
        facts += [("Withdrawn from", ", ".join(taken))]
    if party is not None:
        facts += [("Name", party.name), ("E-mail", party.email)]
        facts += [("Company", party.company)] if party.company else []
    return {
        "number": order.number,
        "state": badge(order.state, order.get_state_display()),
        "facts": facts,
        "lines": _lines(order),
        "address": reverse("admin:shop_order_change", args=[order.pk]) if http.user.has_perm("shop.view_order") else "",
    }


def _period(order: Order, day: str) -> str:
    if order.is_business:
        return "no: a company"
    return f"until {day}" if withdrawals.is_offered(order) else f"no longer, it ended on {day}" if day else "not paid"


def _lines(order: Order) -> list[tuple[str, str]]:
    """Each line with the states of its units and how many keys were opened: one query."""
    key_opened = Q(units__license_keys__opened_at__isnull=False) & ~Q(
        units__license_keys__state=LicenseKey.State.REVOKED
    )
    lines = order.lines.annotate(
        count=Count("units", distinct=True),
        opened=Count("units", filter=key_opened, distinct=True),
        gone=Count("units", filter=Q(units__state=OrderUnit.State.REFUNDED), distinct=True),
        waits=Count("units", filter=Q(units__state=OrderUnit.State.BACKORDERED), distinct=True),
    )
    return [
        (
            f"{line.product_name} {line.edition_name}, {words.seats(line.seats) if line.count == 1 else line.count}",
            ", ".join(
                part
                for part in (
                    f"{line.opened} opened" if line.opened else "",
                    f"{line.gone} refunded" if line.gone else "",
                    f"{line.waits} on back order" if line.waits else "",
                )
                if part
            )
            or "sealed",
        )
        for line in lines
    ]


def _neighbors(case: Case) -> dict[str, Any]:
    """The addresses of the cases beside this one in the queue of what needs us: two rows, however long it is."""
    queue = figures.needing_us()
    after = queue.filter(Q(due_at__gt=case.due_at) | Q(due_at=case.due_at, pk__gt=case.pk)).first()
    before = queue.filter(Q(due_at__lt=case.due_at) | Q(due_at=case.due_at, pk__lt=case.pk))
    previous = before.order_by("-due_at", "-id").first()
    return {"next": address(after.pk) if after else "", "previous": address(previous.pk) if previous else ""}


def address(case_id: int) -> str:
    """The page of a case."""
    return reverse("admin:accounts_case_change", args=[case_id])


def _days(number: int) -> str:
    return f"{number} day" if number == 1 else f"{number} days"
