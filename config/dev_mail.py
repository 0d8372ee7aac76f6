"""Pages that show the mail which the shop sent while it is tried out: the files that the launcher's mail sink keeps.

They exist only with DEBUG and DEV_MAIL_DIR, because those mails hold names, addresses and license keys.
"""

from collections.abc import Callable
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import wraps
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

SHOWN = 200
# Mails bring their own styles. Without scripts, forms or an origin of ours, that is all they can bring.
SANDBOX = "sandbox allow-top-navigation-by-user-activation"
MAIL_POLICY = f"default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; {SANDBOX}"


class Mail:
    """One kept mail, for the templates."""

    def __init__(self, file: Path) -> None:
        message = message_from_bytes(file.read_bytes(), policy=policy.default)
        self.name = file.stem
        self.subject = str(message["subject"] or "No subject")
        self.sender = str(message["from"] or "")
        self.recipients = str(message["to"] or "")
        self.date: datetime | None = getattr(message["date"], "datetime", None)
        self.text = self._part(message, "plain")
        self.html = self._part(message, "html")

    @staticmethod
    def _part(message: EmailMessage, kind: str) -> str:
        part = message.get_body(preferencelist=(kind,))
        return str(part.get_content()) if part else ""


def kept_mails() -> list[Path]:
    """The files of all kept mails, newest first."""
    return sorted(Path(settings.DEV_MAIL_DIR).glob("*.eml"), reverse=True)


def only_in_development(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page that isn't there in production, whatever its address is wired to."""

    @wraps(view)
    def guarded(request: HttpRequest, **arguments: str) -> HttpResponse:
        if not (settings.DEBUG and settings.DEV_MAIL_DIR):
            raise Http404
        return view(request, **arguments)

    return guarded


@only_in_development
def mails(request: HttpRequest) -> HttpResponse:
    """The newest mails in a list."""
    files = kept_mails()
    shown = [Mail(file) for file in files[:SHOWN]]
    context = {"mails": shown, "hidden": len(files) - len(shown), "folder": settings.DEV_MAIL_DIR}
    return render(request, "dev/mails.html", context)


@only_in_development
def mail(request: HttpRequest, name: str) -> HttpResponse:
    """One mail as plain text."""
    return render(request, "dev/mail.html", {"mail": _find(name)})


@only_in_development
def mail_html(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML of one mail as a mail program would show it; 404 where it has none."""
    html = _find(name).html
    if not html:
        raise Http404
    return HttpResponse(html, headers={"Content-Security-Policy": MAIL_POLICY})


def _find(name: str) -> Mail:
    for file in kept_mails():  # compared, never joined to a path
        if file.stem == name:
            return Mail(file)
    raise Http404


urlpatterns = [
    path("dev/mail/", mails, name="dev_mails"),
    path("dev/mail/<slug:name>/", mail, name="dev_mail"),
    path("dev/mail/<slug:name>/html/", mail_html, name="dev_mail_html"),
]
