"""The page on which a person confirms a request for deletion."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from privacy import deletion_requests, deletion_words
from privacy.deletion_requests import InvalidToken
from privacy.models import ProofToken


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_deletion(request: HttpRequest, token: str) -> HttpResponse:
    """Reading shows what the link is for, and only the button uses it: mail programs open links by themselves. A link
    that was used, is too old or never was gets the same answer, in the shop's own language."""
    found = deletion_requests.find(token)
    if found is None:
        return _page(request, "over", "", status=404)
    language = found.request.language
    if request.method != "POST":
        return _page(request, "asks", language)
    try:
        deletion_requests.prove(token, way=ProofToken.Way.LINK)
    except InvalidToken:  # another was quicker
        return _page(request, "over", "", status=404)
    return _page(request, "done", language)


def _page(request: HttpRequest, step: str, language: str, *, status: int = 200) -> HttpResponse:
    words = deletion_words.of(language, "page", store=settings.STORE_NAME, support=settings.SUPPORT_EMAIL)
    context = {"step": step, "words": words, "language": deletion_words.known(language)}
    response = render(request, "privacy/confirm_deletion.html", context, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response
