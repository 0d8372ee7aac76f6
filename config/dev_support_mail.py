"""A page that puts a mail to support into the local mailbox while the shop is tried out, as if a customer had sent it.

It exists only with DEBUG and a Maildir as MAILBOX_URL: whoever reaches it writes under any name.
"""

import mailbox as maildirs
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from privacy.mailbox import opening
from privacy.tasks import fetch_mail, nudge


class SupportMailForm(forms.Form):
    """The mail."""

    sender = forms.EmailField(label="From", max_length=254)
    to = forms.EmailField(
        label="To", max_length=254, help_text="Who answers the question for proof writes to its sender."
    )
    subject = forms.CharField(max_length=200, required=False)
    text = forms.CharField(max_length=20_000, required=False, widget=forms.Textarea)

    def deliver(self, folder: Path) -> None:
        """Puts the mail where a mail server would."""
        mail = EmailMessage()
        mail["Return-Path"] = f"<{self.cleaned_data['sender']}>"
        mail["Delivered-To"] = mail["To"] = self.cleaned_data["to"]
        mail["From"] = self.cleaned_data["sender"]
        mail["Subject"] = " ".join(self.cleaned_data["subject"].split())
        mail["Date"], mail["Message-ID"] = formatdate(), make_msgid(domain="customer.example")
        mail.set_content(self.cleaned_data["text"])
        maildirs.Maildir(folder, create=True).add(mail)


def support_mail(request: HttpRequest) -> HttpResponse:
    """The form, and the deed."""
    folder = opening.maildir_path()
    if not settings.DEBUG or folder is None:
        raise Http404
    first = {"to": settings.SUPPORT_EMAIL, "subject": "Please delete my data"}
    form = SupportMailForm(request.POST or None, initial=first)
    if form.is_valid():
        form.deliver(folder)
        nudge(fetch_mail)  # the timetable would come to it within a minute
        messages.success(request, "The mail is in the mailbox. What the shop answers is under /dev/mail/ in a moment.")
        return redirect("dev_support_mail")
    status = 422 if form.errors else 200
    return render(request, "dev/support_mail.html", {"form": form, "folder": folder}, status=status)


urlpatterns = [path("dev/support-mail/", support_mail, name="dev_support_mail")]
