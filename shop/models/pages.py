"""Pages that a manager writes: terms, imprint, contact. Every text ever shown is kept, because orders name it."""

from typing import ClassVar

from django.db import models
from django.urls import reverse

from privacy import clock
from shop.models.shown import ShownQuerySet


class Page(models.Model):
    """A page of the shop by its address."""

    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=80)

    objects = ShownQuerySet["Page"].as_manager()

    class Meta:
        ordering: ClassVar = ["title"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("page", args=[self.slug])


class PageVersion(models.Model):
    """One text of a page. It never changes: an edit adds the next number. `body` is plain paragraphs and headings."""

    page = models.ForeignKey(Page, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    body = models.TextField()
    published_at = models.DateTimeField(default=clock.now)

    objects = ShownQuerySet["PageVersion"].as_manager()

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["page", "number"], name="pageversion_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.page}, version {self.number}"
