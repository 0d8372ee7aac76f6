"""What is kept of the person who is signed in, a copy of it, what they agreed to, and the way to have it deleted."""

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from accounts import deletion_letters
from accounts.views.signed_in import SignedInRequest, signed_in
from privacy import consents, deletion_requests, looks, people
from privacy.exports import holdings, requests
from privacy.models import Export
from privacy.models.exports import LINK_DAYS
from privacy.tasks import make_exports, nudge, send_mails
from shop import consent

#: The latest looks, on the page; the copy of the data has all.
LOOKS_SHOWN = 200


@require_safe
@signed_in
def overview(request: SignedInRequest) -> HttpResponse:
    """Everything by kind: how much, why, until when, and where to correct it."""
    exports, person = list(requests.of_account(request.user)), people.of_account(request.user.pk)
    context = {
        "holdings": holdings.of(person),
        "deletion": deletion_requests.open_of(person),
        "exports": exports,
        "is_running": any(each.state == Export.State.REQUESTED for each in exports),
        "link_days": LINK_DAYS,
        "letter": deletion_letters.link(request.user),
        "is_letter_sent": deletion_letters.is_sent_today(request.user),
    }
    return render(request, "accounts/data.html", context)


@require_POST
@signed_in
@reauthentication_required
def ask_for_export(request: SignedInRequest) -> HttpResponse:
    """Asks for a copy, after showing who asks."""
    try:
        requests.ask(request.user)
    except requests.Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        nudge(make_exports)
        messages.success(request, f"We are making the copy. A mail to {request.user.email} says when it is ready.")
    return redirect("account_data")


@require_safe
@signed_in
@reauthentication_required
def export(request: SignedInRequest, token: str) -> HttpResponse:
    """The page of an export's link: what it is, until when, and the button that fetches it."""
    return _private(render(request, "accounts/export.html", {"export": _own(request, token), "token": token}))


@require_safe
@signed_in
@reauthentication_required
def export_file(request: SignedInRequest, token: str) -> HttpResponse:
    """The file itself, for its owner alone."""
    return file_response(_own(request, token))


def file_response(made: Export) -> HttpResponse:
    """The zip, to be saved under the shop's name and the day on which it was made."""
    name = f"{settings.STORE_NAME.lower()}-data-{made.finished_at:%Y-%m-%d}.zip"
    return _private(
        HttpResponse(
            requests.content(made),
            content_type="application/zip",
            headers={"Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or ""},
        )
    )


@require_safe
@signed_in
def look_list(request: SignedInRequest) -> HttpResponse:
    """Who of the staff looked at the person's data: by role, with the day and the reason."""
    seen = looks.of_person(people.of_account(request.user.pk))
    context = {"looks": seen[:LOOKS_SHOWN], "count": seen.count(), "most": LOOKS_SHOWN}
    return render(request, "accounts/looks.html", context)


@require_safe
@signed_in
def consent_list(request: SignedInRequest) -> HttpResponse:
    """Everything the person agreed to, ended ones included."""
    context = {
        "given": consents.of(request.user),
        "answer": consent.of(request),
        "has_global_no": consent.has_global_no(request),
    }
    return render(request, "accounts/consents.html", context)


@require_POST
@signed_in
def withdraw_consent(request: SignedInRequest, slug: str) -> HttpResponse:
    """Takes the consent of this key back, as easily as it was given (GDPR Art. 7(3))."""
    response = redirect("account_consents")
    if slug == consent.QUESTION.key:  # the list in this browser goes with it
        consent.record(request, response, consent.Answer.NO)
    else:
        consents.withdraw(request.user, slug)
    messages.success(request, "Taken back. It no longer counts, from now on.")
    return response


@require_POST
@signed_in
def ask_for_deletion(request: SignedInRequest) -> HttpResponse:
    """Mails the letter that asks for deletion, in the person's name."""
    if deletion_letters.send(request.user):
        nudge(send_mails)
        messages.success(
            request, f"Your letter is on its way to {settings.SUPPORT_EMAIL}. We answer to {request.user.email}."
        )
    else:
        messages.info(request, "Your letter was sent today already. There is nothing more to do.")
    return redirect("account_data")


def _own(request: SignedInRequest, token: str) -> Export:
    """The export of this link; somebody else's, an ended and an unknown one are the same page."""
    found = requests.find(token, owner=request.user)
    if found is None:
        raise Http404
    return found


def _private(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex"
    return response
