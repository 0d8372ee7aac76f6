"""Mails, folders and cookies that no `places.py` declares, as far as that can be known without running the code."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.db.models import FileField

from privacy import inventory, mails, places


@register("privacy")
def every_place_is_declared(app_configs: Sequence[AppConfig] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """Errors for kinds of mail, folders of files and Django's cookies that aren't declared."""
    return [*_mails(), *_folders(), *_cookies()]


def _mails() -> Iterator[CheckMessage]:
    for kind, make in mails.kinds().items():
        if places.find(places.MailKind, kind) is None:
            yield Error(
                f"The mail “{kind}” isn't declared: what it is for, and what of a person it carries.",
                hint=(
                    f"In {make.__module__.partition('.')[0]}/places.py, write "
                    f'`declare(MailKind(name="{kind}", template="mails/{kind}", words="tells the buyer ...", '
                    "purpose=FULFILMENT, carries=frozenset({Category.EMAIL})))`."
                ),
                id="privacy.E006",
            )


def _folders() -> Iterator[CheckMessage]:
    for model in inventory.stored_models():
        for field in inventory.stored_fields(model):
            if isinstance(field, FileField) and not _folder_of(field):
                yield Error(
                    f"The files of {model._meta.label}.{field.name} go to a folder that isn't declared.",
                    hint=(
                        f'Give it `upload_to="logos/"`, and in {model._meta.app_label}/places.py write '
                        '`declare(MediaFolder(name="logos/", words="logos of companies", purpose=ACCOUNT, '
                        'readers=CUSTOMER_AND_STAFF, ends="the company takes it back"))`.'
                    ),
                    obj=model,
                    id="privacy.E008",
                )


def _folder_of(field: FileField) -> bool:
    """Whether the files of a column lie in a declared folder. One that a function chooses must start with one too."""
    name = getattr(field.upload_to, "folder", field.upload_to)
    return isinstance(name, str) and any(name.startswith(folder.name) for folder in places.all_of(places.MediaFolder))


def _cookies() -> Iterator[CheckMessage]:
    names = {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, "messages"}
    if "django.middleware.locale.LocaleMiddleware" in settings.MIDDLEWARE:
        names.add(settings.LANGUAGE_COOKIE_NAME)
    for name in sorted(names):
        if places.find(places.Cookie, name) is None:
            yield Error(
                f"Django sets the cookie “{name}”, which isn't declared.",
                hint=(
                    f'In a places.py, write `declare(Cookie(name="{name}", words="Keeps what for whom.", '
                    "purpose=OPERATION, lasts=timedelta(days=30), needs_yes=False))`."
                ),
                id="privacy.E009",
            )
