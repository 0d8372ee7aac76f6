"""What the shop's pages are measured against: a bare Django that answers the same bytes from a constant.

No middleware, no template, no database. `BENCH_BARE_PAGES` names a folder with a file for each page.
"""

import os
from collections.abc import Callable
from pathlib import Path

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.urls import path

settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["127.0.0.1"], MIDDLEWARE=[], SECRET_KEY="bench")
django.setup(set_prefix=False)


def _constant(body: bytes) -> Callable[[HttpRequest], HttpResponse]:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(body)

    return view


urlpatterns = [
    path(f"{page.stem}/", _constant(page.read_bytes())) for page in Path(os.environ["BENCH_BARE_PAGES"]).iterdir()
]
application = WSGIHandler()
