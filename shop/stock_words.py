"""What the shop says about the stock of an edition. Pages are made anew when these words change, not at every sale."""

from collections.abc import Collection, Iterable

from django.core.cache import cache
from django.db import transaction

from privacy import page_version
from shop import stock
from shop.models import Edition

SOLD_OUT = "Sold out"
FEW_LEFT = "Few left"
_SHOWN = "stock-word:{}"


def word(edition: Edition, left: int | None) -> str:
    """The word for `left` free keys; empty where there is nothing to say. None means that there is no limit."""
    if left is None or left > max(edition.low_pool_at, 0):
        return ""
    return FEW_LEFT if left > 0 else SOLD_OUT


def of(editions: Collection[Edition]) -> dict[int, str]:
    """The word of each edition by its id, the empty one included."""
    pools = [edition.pk for edition in editions if edition.key_source == Edition.KeySource.POOL]
    left = stock.left(pools) if pools else {}
    return {edition.pk: word(edition, left.get(edition.pk)) for edition in editions}


def changed(edition_ids: Iterable[int]) -> None:
    """To be called in the transaction that takes, adds or gives back keys of these editions.

    After its commit the words are computed, and where one differs from the word that was remembered last, all kept
    pages are out of date. An emptied cache remembers nothing: then they are made anew once for nothing.
    """
    ids = frozenset(edition_ids)
    transaction.on_commit(lambda: _renew_if_shown_otherwise(ids), robust=True)


def _renew_if_shown_otherwise(edition_ids: frozenset[int]) -> None:
    words = {_SHOWN.format(pk): word for pk, word in of(Edition.objects.filter(pk__in=edition_ids)).items()}
    shown = cache.get_many(words)
    if any(shown.get(key) != word for key, word in words.items()):
        cache.set_many(words, timeout=None)
        page_version.renew()
