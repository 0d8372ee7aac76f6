"""Pages that are mostly words, and those for machines."""

from django.contrib.sitemaps.views import sitemap as django_sitemap
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from privacy import health
from shop import pages, structured_data
from shop.models import PageVersion
from shop.sitemaps import SITEMAPS

#: Pages that are one person's, or that change with every request.
NOT_FOR_ROBOTS = ("account", "cart", "checkout", "find_order", "header_fragment", "search")


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """`shop/page.html`: version (with its page), body (its text as HTML)."""
    try:
        version = pages.current(slug)
    except PageVersion.DoesNotExist as error:
        raise Http404 from error
    return render(request, "shop/page.html", {"version": version, "body": pages.render(version.body)})


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """`/sitemap.xml`."""
    return django_sitemap(request, SITEMAPS).render()


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """`/robots.txt`: everything may be read but the pages of one person."""
    lines = ["User-agent: *", *(f"Disallow: {reverse(name)}" for name in NOT_FOR_ROBOTS), "Disallow: /order/"]
    lines += ["", f"Sitemap: {structured_data.absolute(reverse('sitemap'))}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Whether database and cache answer, with a word for each in JSON: 200 when both do, else 503."""
    answers = {"database": health.database_answers(), "cache": health.cache_answers()}
    words = {name: "ok" if answered else "no answer" for name, answered in answers.items()}
    return JsonResponse(words, status=200 if all(answers.values()) else 503)


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Whether this process may get visitors: 200, or 503 with the reasons as sentences in JSON.

    No while database or cache don't answer, and after a backup was restored until everybody who had been erased is
    erased again: their data must not be shown, mailed or claimed meanwhile.
    """
    reasons = health.problems()
    return JsonResponse({"ready": not reasons, "reasons": reasons}, status=503 if reasons else 200)
