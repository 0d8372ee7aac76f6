"""Logos of companies: pages for whoever manages one, the pages that everybody sees, and the pictures themselves."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import condition, require_http_methods, require_POST, require_safe

from accounts import branding, images
from accounts.branding import colleagues, showing
from accounts.forms import LogoForm
from accounts.models import Logo, LogoPicture
from accounts.views.signed_in import SignedInRequest, signed_in
from privacy import rate_limits
from shop import structured_data
from shop.models import Product

#: Companies on a page.
ROWS = 60
#: Files an hour of an account: to draw one costs the shop up to a second.
MOST_UPLOADS, HOUR = 20, 3600
TOO_MANY = "Many files were sent. Please wait an hour, then try again."
#: So long a browser shows a picture without asking again: half of the minute in which a logo is gone (P6f).
PICTURE_LASTS = 30

form_page = require_http_methods(["GET", "HEAD", "POST"])


@form_page
@signed_in
def logo_page(request: SignedInRequest) -> HttpResponse:
    """The person's logo: how far it is, who manages it, and the form that hands it in."""
    logo = branding.of(request.user)
    form = LogoForm(request.POST or None, request.FILES or None, user=request.user, logo=logo)
    if form.is_valid() and _handed_in(request, form):
        messages.success(request, "Handed in. We look at it, usually within two working days.")
        return redirect("account_logo")
    link = colleagues.open_link(logo) if logo else None
    context = {
        "form": form,
        "logo": logo,
        "has_products": branding.products_of(request.user).exists(),
        "managers": logo.managers.select_related("user") if logo else (),
        "link": structured_data.absolute(reverse("account_logo_join", args=[link[0]])) if link else "",
        "link_ends_at": link[1].expires_at if link else None,
    }
    return render(request, "accounts/logo.html", context, status=422 if form.errors else 200)


def _handed_in(request: SignedInRequest, form: LogoForm) -> bool:
    """Hands in what the form says; False where it is refused, with the sentence at its field."""
    upload = form.cleaned_data["picture"]
    if upload is not None and not rate_limits.allow(
        "logo", f"account:{request.user.pk}", most=MOST_UPLOADS, seconds=HOUR
    ):
        form.add_error("picture", TOO_MANY)
        return False
    company, products = form.cleaned_data["company"], form.cleaned_data["products"]
    try:
        branding.hand_in(request.user, company=company, products=products, upload=upload)
    except images.NotTaken as refusal:
        form.add_error("picture", str(refusal))
    except branding.NotHandedIn as refusal:
        form.add_error(None, str(refusal))
    return form.is_valid()


@require_safe
@signed_in
def own_picture(request: SignedInRequest) -> HttpResponse:
    """The logo that the person manages, shown or not."""
    found = LogoPicture.objects.filter(logo__managers__user=request.user, size=LogoPicture.Size.FULL).first()
    if found is None:
        raise Http404
    return as_file(found)


@require_POST
@signed_in
def withdraw(request: SignedInRequest) -> HttpResponse:
    """Takes the company's consent back."""
    if branding.withdraw(request.user):
        messages.success(request, "Taken back. The logo is deleted; no page shows it any more.")
    return redirect("account_logo")


@require_POST
@signed_in
def leave(request: SignedInRequest) -> HttpResponse:
    """The person no longer manages the logo; colleagues do."""
    if branding.leave(request.user):
        messages.success(request, "You no longer manage the logo.")
    return redirect("account_logo")


@require_POST
@signed_in
def invite(request: SignedInRequest) -> HttpResponse:
    """Makes the link for a colleague, which the page then shows."""
    try:
        branding.invite(request.user)
    except branding.NotJoinable as refusal:
        messages.warning(request, str(refusal))
    return redirect("account_logo")


@require_POST
@signed_in
def remove_colleague(request: SignedInRequest, user_id: int) -> HttpResponse:
    """Takes a colleague out; somebody else's look like none."""
    if not branding.remove(user_id, by=request.user):
        raise Http404
    messages.success(request, "Removed. This person no longer manages the logo.")
    return redirect("account_logo")


@form_page
@signed_in
def join(request: SignedInRequest, token: str) -> HttpResponse:
    """The page of a colleague's link: the words to agree to, and the button."""
    company = branding.company_of_link(token)
    if company is None:
        raise Http404
    if request.method == "POST" and request.POST.get("answer") == "agree":
        try:
            branding.join(token, request.user)
        except branding.NotJoinable as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, f"You manage the logo of {company}.")
        return redirect("account_logo")
    return render(request, "accounts/logo_join.html", {"company": company, "words": branding.TEXT.words})


@require_safe
def trusted_by(request: HttpRequest, slug: str | None = None) -> HttpResponse:
    """All companies that are shown, or those of one product: product (may be None), page (of logos)."""
    product = get_object_or_404(Product.objects.published(), slug=slug) if slug is not None else None
    page = Paginator(showing.companies(product), ROWS).get_page(request.GET.get("page"))
    return render(request, "accounts/trusted_by.html", {"product": product, "page": page})


def _mark_of_picture(_request: HttpRequest, name: str) -> str | None:
    """Names are drawn anew for each file, so a name is a mark; it counts while the logo is shown."""
    shown = LogoPicture.objects.filter(name=name, logo__state=Logo.State.PUBLISHED).exists()
    return f'"{name}"' if shown else None


@require_safe
@condition(etag_func=_mark_of_picture)
def picture(request: HttpRequest, name: str) -> HttpResponseBase:
    """A drawing of a logo that is shown. No cookie, nothing of the visitor; kept by browsers for half a minute."""
    found = branding.picture(name)
    if found is None:
        raise Http404
    response = as_file(found)
    response["Cache-Control"] = f"public, max-age={PICTURE_LASTS}, must-revalidate"
    return response


def as_file(found: LogoPicture) -> HttpResponse:
    """The picture as a file of its kind that can do nothing, however a browser takes it."""
    kind = images.Kind(found.kind)
    return HttpResponse(
        bytes(found.content),
        content_type=images.MEDIA_TYPES[kind],
        headers={
            "Content-Disposition": f'inline; filename="logo.{images.ENDINGS[kind]}"',
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cross-Origin-Resource-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
            "X-Robots-Tag": "noindex",  # a search engine would show the picture long after it was taken back
        },
    )
