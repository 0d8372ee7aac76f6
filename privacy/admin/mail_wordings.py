"""The desk's page of mails: every kind by its sample, and the words that managers give to it."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from privacy import mail_samples, mail_wordings, mails
from privacy.admin.desk import Desk, ReadOnly
from privacy.inventory import Purpose
from privacy.mail_samples import Sample
from privacy.mail_wordings import WrongWording
from privacy.mails import Mail
from privacy.models import MailWording

#: Mails bring their own styles. Without scripts, forms or an origin of ours, that is all they can bring.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'; sandbox"


class WordingForm(forms.Form):
    """Subject and introduction of a kind in one language, checked against the values of its sample."""

    subject = forms.CharField(
        required=False,
        strip=True,
        widget=UnfoldAdminTextInputWidget(attrs={"class": "max-w-2xl", "maxlength": mail_wordings.LONGEST_SUBJECT}),
        help_text="Empty stands for the built-in subject.",
    )
    intro = forms.CharField(
        label="Introduction",
        required=False,
        strip=True,
        widget=UnfoldAdminTextareaWidget(
            attrs={"class": "max-w-2xl", "rows": 4, "maxlength": mail_wordings.LONGEST_INTRO}
        ),
        help_text="Stands under the title, above the built-in text.",
    )

    def __init__(self, data: Any, *, sample: Mail, **options: Any) -> None:
        self._values = mail_wordings.values_of(sample)
        super().__init__(data, **options)

    @property
    def values(self) -> list[tuple[str, str]]:
        """What may stand in double braces, with what the sample puts there."""
        return sorted(self._values.items())

    def clean_subject(self) -> str:
        return self._checked("subject", is_line=True)

    def clean_intro(self) -> str:
        return self._checked("intro", is_line=False)

    def _checked(self, name: str, *, is_line: bool) -> str:
        text = str(self.cleaned_data[name]).replace("\r\n", "\n")
        try:
            mail_wordings.check(text, self._values, is_line=is_line)
        except WrongWording as error:
            raise forms.ValidationError(str(error)) from None
        return text


@admin.register(MailWording)
class MailWordingAdmin(ReadOnly, Desk):
    """The kinds of mail. Rows of wordings have no pages of their own: they are written on the page of their kind."""

    list_display = ("kind", "language", "subject", "changed_at")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("", view(self.kinds), name="privacy_mailwording_changelist"),
            path("words/<path:kind>/<slug:language>/html/", view(self.html), name="privacy_mailwording_html"),
            path("words/<path:kind>/<slug:language>/", view(self.kind), name="privacy_mailwording_kind"),
            *(each for each in super().get_urls() if each.name != "privacy_mailwording_changelist"),
        ]

    def kinds(self, request: HttpRequest) -> HttpResponse:
        """`admin/privacy/mailwording/kinds.html`: every kind, when it is sent, and whether managers wrote over it."""
        self._insist(request)
        written = set(MailWording.objects.values_list("kind", "language"))
        rows_by_purpose: dict[Purpose, list[dict[str, Any]]] = {}
        for place, sample in mail_samples.by_purpose():
            pages = [
                {"language": code, "address": _address(sample, code), "is_written": (sample.kind, code) in written}
                for code in sample.languages
            ]
            row = {"sample": sample, "pages": pages, "is_written": any(page["is_written"] for page in pages)}
            rows_by_purpose.setdefault(place.purpose, []).append(row)
        groups = [{"purpose": purpose, "rows": rows} for purpose, rows in rows_by_purpose.items()]
        context = {**self.admin_site.each_context(request), "title": "Mails", "opts": self.opts, "groups": groups}
        return TemplateResponse(request, "admin/privacy/mailwording/kinds.html", context)

    def kind(self, request: HttpRequest, kind: str, language: str) -> HttpResponse:
        """`admin/privacy/mailwording/kind.html`: the sample as it would be sent, and a form for its words."""
        self._insist(request)
        sample = _found(kind, language)
        made = sample.make(language)
        may_write = request.user.has_perm("privacy.change_mailwording") and not sample.is_fixed
        if request.method == "POST" and not may_write:
            raise PermissionDenied
        written = mail_wordings.of(kind, language)
        initial = {"subject": written.subject, "intro": written.intro} if written else {"subject": "", "intro": ""}
        form = WordingForm(request.POST if request.method == "POST" else None, sample=made, initial=initial)
        shown = initial
        if request.method == "POST" and form.is_valid():
            shown = {name: form.cleaned_data[name] for name in ("subject", "intro")}
            if "look" not in request.POST:
                if written is not None and not any(shown.values()):
                    self.log_deletions(request, MailWording.objects.filter(pk=written.pk))
                mail_wordings.write(kind, language, **shown)
                self.log_wording(request, kind, language)
                messages.success(request, "Saved. Mails that are sent from now on have these words.")
                return HttpResponseRedirect(_address(sample, language))
        message = mails.build(_worded(made, shown))
        context = {
            **self.admin_site.each_context(request),
            "title": sample.title,
            "opts": self.opts,
            "sample": sample,
            "language": language,
            "form": form,
            "may_write": may_write,
            "is_written": written is not None,
            "subject": message.subject,
            "built_in_subject": made.subject,
            "text": str(message.body),
            "html_address": f"{reverse('admin:privacy_mailwording_html', args=[kind, language])}?{urlencode(shown)}",
        }
        return TemplateResponse(request, "admin/privacy/mailwording/kind.html", context)

    def html(self, request: HttpRequest, kind: str, language: str) -> HttpResponse:
        """The HTML of the sample, for the frame of its page, with the words of the query where they may be used."""
        self._insist(request)
        made = _found(kind, language).make(language)
        words = {name: request.GET.get(name, "") for name in ("subject", "intro")}
        try:
            made = _worded(made, words)
        except WrongWording:
            raise Http404 from None
        html = str(mails.build(made).alternatives[0][0])
        return xframe_options_sameorigin(_framed)(request, html)

    def log_wording(self, request: HttpRequest, kind: str, language: str) -> None:
        """Leaves in the admin's log who changed the words of a mail."""
        row = mail_wordings.of(kind, language)
        if row is not None:
            self.log_change(request, row, "Wrote subject and introduction.")

    def _insist(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied


def _framed(_request: HttpRequest, html: str) -> HttpResponse:
    return HttpResponse(html, headers={"Content-Security-Policy": POLICY})


def _worded(made: Mail, words: dict[str, str]) -> Mail:
    return mail_wordings.worded(made, subject=words["subject"], intro=words["intro"])


def _found(kind: str, language: str) -> Sample:
    sample = mail_samples.find(kind)
    if sample is None or language not in sample.languages:
        raise Http404
    return sample


def _address(sample: Sample, language: str) -> str:
    return reverse("admin:privacy_mailwording_kind", args=[sample.kind, language])
