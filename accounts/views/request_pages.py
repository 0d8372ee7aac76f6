"""The page of a request, for whoever has its link: what was written, what becomes of it, and a way to add to it."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import cases
from accounts.cases import case_files, deadlines, links
from accounts.cases.order_panel import BADGES
from accounts.forms import MessageForm
from accounts.models import Case, CaseMessage, CaseParty
from privacy import clock, rate_limits
from shop import location

MOST_OF_CONNECTION = 20


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, token: str) -> HttpResponse:
    """The request of a link. One that isn't confirmed shows the button for that, and only the button uses the link:
    mail programs open links by themselves."""
    party = _party(token)
    if party.case.state == Case.State.UNPROVEN:
        return _confirm(request, party)
    form = MessageForm(request.POST or None, request.FILES or None)
    if form.is_valid() and _may_write(request, form):
        try:
            cases.add(party.case_id, form.cleaned_data["text"], way="page", files=form.cleaned_data["uploads"])
        except cases.CannotDo as sentence:
            form.add_error(None, str(sentence))
        else:
            messages.success(request, "Your message is here. We answer by mail and on this page.")
            return _private(redirect(links.path(party)))
    return _private(render(request, "accounts/request.html", _context(party, form), status=422 if form.errors else 200))


@never_cache
@require_safe
def file(request: HttpRequest, token: str, file_id: int) -> FileResponse:
    """A file of the request, to be saved: never shown in our own name."""
    found = case_files.of(_party(token), file_id)
    if found is None:
        raise Http404
    return case_files.response(found)


def _party(token: str) -> CaseParty:
    party = links.find(token)
    if party is None:
        raise Http404
    return party


def _confirm(request: HttpRequest, party: CaseParty) -> HttpResponse:
    if request.method == "POST" and request.POST.get("answer") == "confirm":
        case = cases.prove(party.case_id)
        messages.success(request, "Confirmed. This is where it stands.")
        return _private(redirect(links.path(case.party)))
    return _private(render(request, "accounts/request_confirm.html", {"party": party, "said": _messages(party)[0]}))


def _may_write(request: HttpRequest, form: MessageForm) -> bool:
    if rate_limits.allow("request-message", location.client_ip(request.META), most=MOST_OF_CONNECTION, seconds=600):
        return True
    form.add_error(None, "Many messages came from your connection. Please wait ten minutes and try again.")
    return False


def _messages(party: CaseParty) -> list[CaseMessage]:
    """What the customer and we wrote to each other; notes of the staff are none of it."""
    said = party.messages.exclude(sort=CaseMessage.Sort.NOTE)
    return list(said.prefetch_related(case_files.WITHOUT_CONTENT))


def _context(party: CaseParty, form: MessageForm) -> dict[str, object]:
    case = party.case
    is_over = case.closed_at is not None and case.closed_at + deadlines.REOPENS < clock.now()
    return {
        "case": case,
        "order_number": case.order.number if case.order else party.stated_order,
        "badge": BADGES[Case.State(case.state)],
        "thread": _messages(party),
        "refunds": list(case.refunds.all()),
        "form": None if is_over else form,
        "link_token": links.token(party),
    }


def _private(response: HttpResponse) -> HttpResponse:
    """An address with a token must enter no index; the site's referrer policy keeps it from other sites."""
    response["X-Robots-Tag"] = "noindex"
    return response
