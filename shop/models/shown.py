"""Rows that pages are made of: their query sets say so when many are changed at once, which sends no signal."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db import models

from privacy import page_version

Row = TypeVar("Row", bound=models.Model)


class ShownQuerySet(models.QuerySet[Row]):
    """A query set whose bulk verbs put the kept pages out of date. (`delete` sends signals, `bulk_update` updates.)"""

    def update(self, **values: Any) -> int:
        page_version.renew()
        return super().update(**values)

    def bulk_create(self, objs: Iterable[Row], *args: Any, **options: Any) -> list[Row]:
        page_version.renew()
        return super().bulk_create(objs, *args, **options)
