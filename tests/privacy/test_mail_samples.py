"""Every kind of mail has a sample that is rendered as HTML and as text, in each of its languages."""

import re

import pytest
from django.core.mail import EmailMultiAlternatives

from privacy import mail_samples, mail_wordings, mails

pytestmark = pytest.mark.django_db
PAGES = [(sample.kind, language) for sample in mail_samples.everything() for language in sample.languages]


def made(kind: str, language: str, **words: str) -> EmailMultiAlternatives:
    sample = mail_samples.find(kind)
    assert sample is not None
    return mails.build(mail_wordings.worded(sample.make(language), **{"subject": "", "intro": ""} | words))


def test_no_kind_is_without_a_sample() -> None:
    assert mail_samples.missing() == []
    assert [sample.kind for sample in mail_samples.everything() if not sample.words] == []


@pytest.mark.promise("P6a")
@pytest.mark.parametrize(("kind", "language"), PAGES)
def test_each_kind_is_rendered_as_html_and_as_text(kind: str, language: str) -> None:
    message = made(kind, language)
    [(html, content_type)] = message.alternatives
    assert (content_type, bool(message.subject), "\n" in message.subject) == ("text/html", True, False)
    assert len(str(message.body).strip()) > 100
    for text in (str(message.body), str(html)):
        assert not re.search(r"\{\{|\{%|\bNone\b|<bound|object at 0x", text)
    assert not re.search(r"</?(?:p|a|div|table)\b|&(?:amp|#x27|quot);", str(message.body))
    assert "<script" not in str(html)


@pytest.mark.parametrize(("kind", "language"), [page for page in PAGES if page[0] != "deletion_letter"])
def test_each_kind_takes_an_introduction_and_escapes_it(kind: str, language: str) -> None:
    message = made(
        kind, language, intro="A <b>word</b> & from {{ store_name }}.\nAnd more.", subject="S: {{ store_name }}"
    )
    assert message.subject == "S: AzureOps"
    assert "A <b>word</b> & from AzureOps.\nAnd more." in str(message.body)
    assert "A &lt;b&gt;word&lt;/b&gt; &amp; from AzureOps.<br>And more." in str(message.alternatives[0][0])
