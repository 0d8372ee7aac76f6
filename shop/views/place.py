"""The visitor's choice of country and currency, kept in a cookie of his own, with and without JavaScript."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from privacy.same_origin import same_origin
from shop import catalog, location
from shop.forms import PlaceForm


@never_cache
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """`shop/place.html`: form, back (the path that the visitor came from)."""
    place = location.place_of(request)
    form = PlaceForm(initial={"country": place.country, "currency": place.currency}, currencies=catalog.currencies())
    return render(request, "shop/place.html", {"form": form, "back": _back(request)})


@never_cache
@require_POST
@same_origin
def choose(request: HttpRequest) -> HttpResponse:
    """Keeps the choice and leads back; what isn't offered is refused in words."""
    form, back = PlaceForm(request.POST, currencies=catalog.currencies()), _back(request)
    if not form.is_valid():
        return render(request, "shop/place.html", {"form": form, "back": back}, status=422)
    response = redirect(back)
    location.choose(response, form.cleaned_data["country"], form.cleaned_data["currency"])
    return response


def _back(request: HttpRequest) -> str:
    """A path of this shop: the one that the form carries, else that of the page before; else the home page."""
    parts = urlsplit(request.POST.get("back") or request.headers.get("Referer", ""))
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    is_ours = not parts.netloc or parts.netloc == request.get_host()
    if not is_ours or not path.startswith("/") or path.startswith(reverse("place")):
        return "/"
    return path if url_has_allowed_host_and_scheme(path, allowed_hosts=None) else "/"
