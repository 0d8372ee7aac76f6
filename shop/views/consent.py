"""The visitor's answer to the shop's one question, changeable at any time, with and without JavaScript."""

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from privacy.same_origin import same_origin
from shop import consent, cookies, recently_viewed

SAID = {
    consent.Answer.YES: "Products that you view from now on are remembered on this device.",
    consent.Answer.NO: "No product that you view is remembered.",
}


@never_cache
@require_safe
def cookies_page(request: HttpRequest) -> HttpResponse:
    """`shop/cookies.html`: the list of cookies, the answer in force and a form to change it."""
    answer = consent.of(request)
    context = {
        "cookies": list(cookies.declared()),
        "answer": answer,
        "question": consent.QUESTION.words,
        "has_global_no": consent.has_global_no(request),
        "has_viewed": bool(recently_viewed.ids_of(request, answer)),
    }
    return render(request, "shop/cookies.html", context)


@same_origin
@require_POST
def answer(request: HttpRequest) -> HttpResponse:
    """Keeps the answer (`recently_viewed`: yes or no). htmx gets a line that says so, others the cookies page."""
    given = request.POST.get("recently_viewed")
    if given not in set(SAID):
        return HttpResponseBadRequest("Say yes or no.", content_type="text/plain")
    response = HttpResponse() if request.headers.get("HX-Request") else redirect("cookies")
    kept = consent.record(request, response, consent.Answer(given))
    if request.headers.get("HX-Request"):
        response.write(render_to_string("shop/said.html", {"words": SAID[kept]}))
    return response


@same_origin
@require_POST
def clear_viewed(request: HttpRequest) -> HttpResponse:
    """Forgets the products that were viewed; the answer stays as it is."""
    cleared = {"words": "The list is cleared.", "section": "recently-viewed"}
    response = render(request, "shop/said.html", cleared) if request.headers.get("HX-Request") else redirect("cookies")
    recently_viewed.clear(response)
    return response
