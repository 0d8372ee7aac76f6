"""Name, addresses and devices of the signed-in account, and its end."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import addresses, closing, devices
from accounts.forms import AddressForm, ProfileForm
from accounts.models import Address
from accounts.views.signed_in import SignedInRequest, signed_in
from shop import location

form_page = require_http_methods(["GET", "HEAD", "POST"])


@form_page
@signed_in
def profile(request: SignedInRequest) -> HttpResponse:
    """Name and company."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("account_profile")
    return render(request, "accounts/profile.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@signed_in
def address_list(request: SignedInRequest) -> HttpResponse:
    """All addresses, the default first."""
    rows = [(address, location.country_name(address.country)) for address in request.user.addresses.all()]
    return render(request, "accounts/addresses.html", {"addresses": rows})


@form_page
@signed_in
def address_form(request: SignedInRequest, address_id: int | None = None) -> HttpResponse:
    """Adds an address, or changes one."""
    address = get_object_or_404(Address, pk=address_id, user=request.user) if address_id else Address(user=request.user)
    initial = {} if address_id else {"name": request.user.name, "company": request.user.company}
    form = AddressForm(request.POST or None, instance=address, initial=initial)
    if form.is_valid():
        try:
            addresses.save(form.save(commit=False), user=request.user)
        except addresses.TooMany as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, "The address is saved.")
        return redirect("account_addresses")
    context = {"form": form, "address": address if address_id else None}
    return render(request, "accounts/address.html", context, status=422 if form.errors else 200)


@require_POST
@signed_in
def address_delete(request: SignedInRequest, address_id: int) -> HttpResponse:
    """Deletes an address."""
    addresses.delete(get_object_or_404(Address, pk=address_id, user=request.user))
    messages.success(request, "The address is deleted.")
    return redirect("account_addresses")


@form_page
@signed_in
def device_list(request: SignedInRequest) -> HttpResponse:
    """Where the account is signed in; a POST signs the others out."""
    if request.method == "POST":
        count = devices.sign_out(request.user, keep=request.session.session_key)
        words = "No other browser was signed in." if not count else f"{count} signed out."
        messages.success(request, words)
        return redirect("account_devices")
    rows = [
        (device, location.country_name(device.country) if device.country else "")
        for device in request.user.devices.all()
    ]
    return render(request, "accounts/devices.html", {"devices": rows, "current": request.session.session_key})


@form_page
@signed_in
@reauthentication_required
def close(request: SignedInRequest) -> HttpResponse:
    """Closes the account, after showing who asks and that it is meant."""
    if request.method == "POST" and request.POST.get("answer") == "close":
        try:
            closing.close(request.user.pk)
        except closing.StaffAccount as refusal:
            messages.warning(request, str(refusal))
            return redirect("account_close")
        logout(request)
        messages.success(request, "Your account is closed. We mailed you what was deleted and what stays.")
        return redirect("home")
    return render(request, "accounts/close.html")
