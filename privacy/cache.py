"""The cache, which takes no key that isn't declared: what Redis may hold of a person is known in advance."""

from collections.abc import Iterable

from django.core.cache.backends.redis import RedisCache

from privacy import places


class DeclaredCache(RedisCache):
    """Django's Redis cache behind the inventory of prefixes (`places.CachePrefix`)."""

    def make_key(self, key: str, version: int | None = None) -> str:
        """The full key. Raises places.Undeclared where no declared prefix starts it."""
        if places.prefix_of(key) is None:
            prefix = key.partition(":")[0] + ":"
            raise places.Undeclared(
                f"Cache keys that start with {prefix!r} aren't declared. In the app's places.py, write "
                f'declare(CachePrefix(name="{prefix}", words="what it holds", lasts=timedelta(minutes=5))).'
            )
        return str(super().make_key(key, version))

    def forget(self, patterns: Iterable[str]) -> int:
        """Removes the keys that match one of these patterns, in Redis's own form and whole; returns how many."""
        client = self._cache.get_client(None, write=True)
        found = {key for pattern in patterns for key in client.scan_iter(match=pattern, count=1000)}
        return int(client.delete(*found)) if found else 0
