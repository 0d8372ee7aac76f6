"""Searching for people at the desk: with a reason in words, on record, and with no term in any address."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.views.main import PAGE_VAR, SEARCH_VAR
from django.core.exceptions import FieldDoesNotExist, PermissionDenied
from django.db.models import BinaryField, Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from unfold.admin import ModelAdmin

from privacy import inventory, looks, searches
from privacy.forms import SearchForm
from privacy.models import Look

ENDED = "This search has ended. Type it again: what is searched for is kept for half an hour, and in no address."


class PeopleSearch(ModelAdmin):
    """A list whose search finds people asks why before it does. Other searches stay as Django makes them."""

    def finds_people(self, request: HttpRequest) -> bool:
        """Whether a column that this reader's search looks at is about a person, by the inventory."""
        return any(_is_personal(self.model, name) for name in self.get_search_fields(request))

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """No address of a list filters by a column about a person, such as `?email__startswith=`: that is a search.

        Nor by bytes: they are secrets and pictures, and no address can spell them.
        """
        name = lookup.split("__", maxsplit=1)[0]
        if _is_bytes(self.model, name):
            return False
        if _is_personal(self.model, name) and request is not None and name not in self.get_list_filter(request):
            return False
        return super().lookup_allowed(lookup, value, request)

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_search"
        return [path("search/", self.admin_site.admin_view(self.search_view), name=name), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list; where its address carries a search that has ended, the whole list and a sentence."""
        if SEARCH_VAR in request.GET and self.finds_people(request) and self._term(request) is None:
            if request.GET[SEARCH_VAR]:
                self.message_user(request, ENDED, messages.WARNING)
            return HttpResponseRedirect(self._list(request.GET))
        return super().changelist_view(request, extra_context)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        shown = super().get_changelist_instance(request)
        shown.people_search = self._toolbar(request) if self.finds_people(request) else None
        return shown

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        """Opens the term first. Whoever calls this without one that was sealed finds nothing."""
        if not search_term or not self.finds_people(request):
            return self.find(request, queryset, search_term)
        term = searches.term_of(search_term, user_id=request.user.pk, model=self.model)  # type: ignore[arg-type]
        return self.find(request, queryset, term) if term else (queryset.none(), False)

    def find(self, request: HttpRequest, queryset: QuerySet, term: str) -> tuple[QuerySet, bool]:
        """The rows of a search, as Django's `get_search_results` would return them, by the term in clear."""
        return super().get_search_results(request, queryset, term)

    def search_view(self, request: HttpRequest) -> HttpResponse:
        """Asks why where no reason counts yet, writes the search down, and leads to the list."""
        if not self.has_view_permission(request) or not self.finds_people(request):
            raise PermissionDenied("Your role doesn't search here.")
        where = QueryDict(request.POST.get("list", "")[:2000])
        if request.method == "POST" and not request.POST.get("term", "").strip():
            return HttpResponseRedirect(self._list(where))
        kept = looks.reason_of(request.session)
        said = request.POST.copy()
        said.setdefault("reason", kept)
        form = SearchForm(said) if request.method == "POST" else SearchForm(initial={"reason": kept})
        if form.is_valid():
            return HttpResponseRedirect(self._list(where, self._search(request, **form.cleaned_data)))
        context = self.admin_site.each_context(request) | {
            "title": f"Search {self.opts.verbose_name_plural}",
            "opts": self.opts,
            "form": form if "reason" in request.POST or not form.is_bound else SearchForm(initial=said.dict()),
            "list": where.urlencode(),
            "back": self._list(where),
        }
        return TemplateResponse(request, "admin/search_reason.html", context)

    def _search(self, request: HttpRequest, term: str, reason: str) -> str:
        looks.keep_reason(request.session, reason)
        looks.record(by=request.user, kind=Look.Kind.SEARCH, model=self.model, purpose=reason)
        return searches.seal(term, user_id=request.user.pk, model=self.model)  # type: ignore[arg-type]

    def _term(self, request: HttpRequest) -> str | None:
        sealed = request.GET.get(SEARCH_VAR, "")
        return searches.term_of(sealed, user_id=request.user.pk, model=self.model)  # type: ignore[arg-type]

    def _toolbar(self, request: HttpRequest) -> dict[str, str]:
        return {
            "address": reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_search"),
            "term": self._term(request) or "",
            "reason": looks.reason_of(request.session),
            "list": _without_search(request.GET).urlencode(),
        }

    def _list(self, where: QueryDict, sealed: str = "") -> str:
        """The list with the filters of `where`, and the search."""
        query = _without_search(where)
        if sealed:
            query[SEARCH_VAR] = sealed
        address = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        return f"{address}?{query.urlencode()}" if query else address


def _without_search(query: QueryDict) -> QueryDict:
    kept = query.copy()
    for name in (SEARCH_VAR, PAGE_VAR):
        kept.pop(name, None)
    return kept


def _is_bytes(model: type[Model], name: str) -> bool:
    return any(field.name == name and isinstance(field, BinaryField) for field in model._meta.fields)


def _is_personal(model: type[Model], lookup: str) -> bool:
    """Whether the column at the end of a path such as `party__email__iexact` is about a person."""
    declared: Any = None
    for part in lookup.lstrip("^=@").split("__"):
        try:
            field: Any = model._meta.get_field(part)
        except FieldDoesNotExist:  # the comparison at the end
            break
        declaration = inventory.declaration_of(model)
        declared = dict(declaration.columns()).get(field.name) if declaration else None
        if field.related_model is None:
            break
        model = field.related_model
    return isinstance(declared, inventory.Personal)
