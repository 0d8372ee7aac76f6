"""The privacy policy: the version in force, and every earlier one (P13)."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from privacy import evidence, policy
from privacy.models import PolicyVersion
from privacy.policy_document import Document
from shop import policy_page


@require_safe
def in_force(request: HttpRequest) -> HttpResponse:
    """`shop/policy.html`: version, its parts with figures beside the promises."""
    version, document = policy.text_in_force()
    context = {"version": version, "parts": policy_page.parts(document, evidence.shown()), "is_in_force": True}
    return render(request, "shop/policy.html", context)


@require_safe
def as_json(request: HttpRequest) -> JsonResponse:
    """The version in force for machines: number, moment, and the text in its parts."""
    version, document = policy.text_in_force()
    found = {"version": version.number, "published_at": version.published_at, **document.content}
    return JsonResponse(found, json_dumps_params={"ensure_ascii": False})


@require_safe
def version(request: HttpRequest, number: int) -> HttpResponse:
    """The same page for a version, as it was written and without figures, and by which version it was replaced."""
    found = get_object_or_404(PolicyVersion, number=number)
    context = {
        "version": found,
        "parts": policy_page.parts(Document.read(found.content), {}),
        "is_in_force": found.number == policy.in_force().number,
        "replaced": policy_page.replaced(number),
    }
    return render(request, "shop/policy.html", context)


@require_safe
def versions(request: HttpRequest) -> HttpResponse:
    """`shop/policy_versions.html`: every version, and what each says otherwise than the one before."""
    changes = policy_page.changes(PolicyVersion.objects.all())
    if not changes:
        raise Http404
    return render(request, "shop/policy_versions.html", {"changes": changes})
