"""All addresses of the shop, so that tests can be made from them: one that is new can't be forgotten."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver, reverse


@dataclass(frozen=True)
class Address:
    """`name` as `reverse` takes it; `arguments` are the names of what stands in it."""

    name: str
    arguments: frozenset[str]
    has_token_guard: bool

    def path(self, **values: object) -> str:
        """The address with these arguments; what it doesn't have is left out."""
        return reverse(self.name, kwargs={name: values[name] for name in self.arguments})


def everywhere() -> list[Address]:
    """Every address that has a name, the desk's included."""
    return list(_of(get_resolver(), "", frozenset()))


def of_the_shop() -> list[Address]:
    """Those outside the desk."""
    return [address for address in everywhere() if not address.name.startswith("admin:")]


def _of(resolver: URLResolver, namespace: str, above: frozenset[str]) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        arguments = above | {*entry.pattern.regex.groupindex, *entry.pattern.converters}
        if isinstance(entry, URLResolver):
            yield from _of(entry, f"{entry.namespace}:" if entry.namespace else namespace, arguments)
        elif isinstance(entry, URLPattern) and entry.name:
            is_exempt = getattr(entry.callback, "csrf_exempt", False)
            yield Address(f"{namespace}{entry.name}", arguments - entry.default_args.keys(), not is_exempt)
