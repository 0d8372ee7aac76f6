"""Giving money back from the desk: a form, a preview of everything that follows, and the deed."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from accounts.models import User
from payments import refund_plans
from payments.forms import RefundForm, name_of
from payments.refund_plans import NotPossible, Plan
from payments.tasks import submit_refunds
from privacy.tasks import nudge
from shop.models import Order
from shop.templatetags.parts import money

REQUEST = "payments.request_refund"
#: More rows than this are counted in the preview.
MOST_ROWS = 50


def ask(request: HttpRequest, order_id: int, site: AdminSite) -> HttpResponse:
    """The form; what it would do, when it comes back; and the deed, when that is confirmed."""
    if not request.user.has_perm(REQUEST):
        raise PermissionDenied("Your role doesn't give money back.")
    order = Order.objects.filter(pk=order_id).first()
    if order is None:
        raise Http404
    form = RefundForm(request.POST or None, order=order)
    plan = _plan(order, form) if form.is_valid() else None
    back = reverse("admin:shop_order_change", args=[order.pk])
    if plan is not None and "confirmed" in request.POST and _carry_out(request, order, form, plan):
        return HttpResponseRedirect(back)
    if "change" in request.POST:
        plan = None
    context = site.each_context(request) | {"title": f"Give money of order {order.number} back", "form": form}
    context |= {"back": back} | (_preview(plan) if plan is not None and not form.errors else {})
    return TemplateResponse(request, "admin/payments/refund_request.html", context)


def _plan(order: Order, form: RefundForm) -> Plan | None:
    try:
        return refund_plans.make(order, form.wish)
    except NotPossible as sentence:
        form.add_error(None, str(sentence))
        return None


def _seen(plan: Plan) -> str:
    return f"{plan.left}/{plan.amount}/{plan.tax}"


def _carry_out(request: HttpRequest, order: Order, form: RefundForm, plan: Plan) -> bool:
    """False, with the reason in the form, where it isn't what was shown any more."""
    if form.cleaned_data["seen"] != _seen(plan):
        form.add_error(None, "Something was given back meanwhile. Look at this again before you go on.")
        return False
    try:
        by, reason = cast(User, request.user), form.cleaned_data["reason"]
        refund_plans.carry_out(order.pk, form.wish, previewed=plan, by=by, reason=reason)
    except NotPossible as sentence:
        form.add_error(None, str(sentence))
        return False
    nudge(submit_refunds)
    amount = money(plan.amount, plan.attempt.currency)
    messages.success(request, f"{amount} of order {order.number} go back. The buyer is told when they have left.")
    return True


def _preview(plan: Plan) -> dict[str, Any]:
    currency = plan.attempt.currency
    rows = [
        (f"{name_of(share.unit)}: {what}", money(share.amount, currency))
        for share, what in refund_plans.consequences(plan)
    ]
    more = len(rows) - MOST_ROWS
    return {
        "plan": plan,
        "ends": [share for share in plan.units if share.seats == share.unit.seats],
        "rows": rows[:MOST_ROWS],
        "more": f"And {more} more units." if more > 0 else "",
        "seen": _seen(plan),
        "amount": money(plan.amount, currency),
        "tax": money(plan.tax, currency),
        "rest": money(plan.left - plan.amount, currency),
    }
