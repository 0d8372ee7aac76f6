"""An edition seen as its stock of imported keys."""

from typing import ClassVar

from django.db import models

from shop.models import Edition


class KeyPoolManager(models.Manager["KeyPool"]):
    """The editions whose keys come from a pool."""

    def get_queryset(self) -> models.QuerySet["KeyPool"]:
        return super().get_queryset().filter(key_source=Edition.KeySource.POOL)


class KeyPool(Edition):
    """The pool of an edition: its keys by state, and the files they came from. It has no table of its own."""

    objects: ClassVar[KeyPoolManager] = KeyPoolManager()  # type: ignore[assignment]  # reads alone: it has no `update`

    class Meta:
        proxy = True
        verbose_name = "key pool"
        default_permissions = ("view",)
        permissions: ClassVar = [
            ("import_keypool", "Can import keys into a pool"),
            ("void_keypool", "Can take keys out of a pool"),
        ]
