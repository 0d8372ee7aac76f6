"""Adding a license to the account by its key."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts import license_claims
from accounts.forms import LicenseKeyForm
from accounts.views.signed_in import SignedInRequest, signed_in
from privacy import rate_limits
from shop import location

#: Tries an hour of an account, and of a connection, behind which may be more than one account.
MOST_OF_ACCOUNT, MOST_OF_CONNECTION, HOUR = 20, 60, 3600
TOO_MANY = "Many keys were tried. Please wait an hour, then try again."


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def add(request: SignedInRequest) -> HttpResponse:
    """Asks for a key, and adds the license that it opens where that belongs to nobody."""
    form = LicenseKeyForm(request.POST or None)
    if form.is_valid():
        try:
            granted = license_claims.claim(form.cleaned_data["key"], user=request.user) if _may_try(request) else None
        except license_claims.NotClaimable as refusal:
            form.add_error("key", str(refusal))
        else:
            if granted is not None:
                messages.success(request, f"{granted.product_name} is in your account.")
                return redirect("account_license", granted.pk)
            form.add_error(None, TOO_MANY)
    return render(request, "accounts/license_add.html", {"form": form}, status=422 if form.errors else 200)


def _may_try(request: SignedInRequest) -> bool:
    of_account = rate_limits.allow("claim", f"account:{request.user.pk}", most=MOST_OF_ACCOUNT, seconds=HOUR)
    address = location.client_ip(request.META)
    return rate_limits.allow("claim", address, most=MOST_OF_CONNECTION, seconds=HOUR) and of_account
