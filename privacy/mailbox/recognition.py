"""Whether a mail asks for the deletion of personal data, by rules that anybody can follow, with their reasons in words.

A rule looks at one sentence of what the sender wrote (the subject is one as well): a word of deleting and personal data
in it ask clearly; a no before the word, a question about it, or another thing between the two take that back wholly or
in part. What is clear goes on by itself, and only as far as a mail that asks for proof; what is doubtful goes to a
person; a clear and a contrary sentence in one mail are doubtful, too.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from privacy.mailbox import vocabulary
from privacy.mailbox.rules import CLEAR, CONTRARY, MAYBE, Finding, in_language, shown
from privacy.mailbox.vocabulary import Vocabulary, further
from privacy.mailbox.wording import folded, sentences_of, without_abbreviations

MOST_LETTERS = 20_000
_ARTICLE = re.compile(
    r"\bart(?:icle|ikel|iculo|icolo|igo|ykul\w*)?\s*17\b.{0,80}\b(?:gdpr|ds-?gvo|rgpd|avg|rodo|regulation)\b"
    r"|\b(?:gdpr|ds-?gvo|rgpd|avg|rodo)\b.{0,60}\bart\w*\s*17\b|\b1798\.105\b"
)
#: The number alone may be that of another law.
_NUMBER = re.compile(r"\b(?:article|artikel|articulo|articolo|artigo|artykul\w*)\s+17\b")
_GDPR = re.compile(r"\b(?:gdpr|ds-?gvo|rgpd|rodo|general data protection regulation|datenschutz-?grundverordnung)\b")
_CCPA = re.compile(r"\b(?:ccpa|cpra|california\w*|1798\.\d{3})\b")


class Verdict(StrEnum):
    CLEAR = "clear"
    DOUBTFUL = "doubtful"
    NO = "no"


@dataclass(frozen=True)
class Recognition:
    """The verdict, why in words, and what the mail says of language and law."""

    verdict: Verdict
    reasons: tuple[str, ...] = ()
    language: str = ""
    law: str = "gdpr"


def recognize(subject: str, text: str) -> Recognition:
    """Judges a subject and what the sender wrote. Either may be empty."""
    whole = folded(f"{subject}\n\n{text[:MOST_LETTERS]}")
    sentences = [" ".join(sentence.split()) for sentence in sentences_of(whole)]
    by_language = [(words, list(in_language(sentences, words))) for words in vocabulary.everything()]
    words, found = max(by_language, key=lambda pair: _rank(pair, whole))
    article = _ARTICLE.search(without_abbreviations(whole))
    if article and not any(finding.weight == CONTRARY for finding in found):
        found.append(Finding(CLEAR, "names the right to erasure", shown(article[0])))
    elif number := _NUMBER.search(whole):
        found.append(Finding(MAYBE, "names an article 17, which may be the right to erasure", shown(number[0])))
    verdict = _verdict(found)
    if verdict == Verdict.NO and (foreign := _further(sentences)):
        return foreign
    if verdict == Verdict.NO:
        return Recognition(verdict, tuple(dict.fromkeys(str(finding) for finding in found)))
    reasons = [f"{finding} ({words.name})" for finding in found]
    law = "ccpa" if _CCPA.search(whole) and not _GDPR.search(whole) else "gdpr"  # of two laws the shorter time
    reasons += ["names the law of California"] if _CCPA.search(whole) else []
    reasons += ["names the GDPR"] if _GDPR.search(whole) else []
    return Recognition(verdict, tuple(dict.fromkeys(reasons)), words.code, law)


def _further(sentences: Sequence[str]) -> Recognition | None:
    """What may be a request in a language of which only the words of deleting and of data are known."""
    for language in further.LANGUAGES:
        for sentence in sentences:
            verb, data = language.deletion.search(sentence), language.data.search(sentence)
            if verb and data:
                words = f"has words of deleting and of personal data: “{shown(verb[0])} ... {shown(data[0])}”"
                return Recognition(Verdict.DOUBTFUL, (f"{words} ({language.name})",), language.code)
    return None


def _rank(pair: tuple[Vocabulary, list[Finding]], whole: str) -> tuple[int, int]:
    words, found = pair
    return sum(abs(finding.weight) for finding in found), len(words.patterns["common"].findall(whole))


def _verdict(found: Sequence[Finding]) -> Verdict:
    weights = {finding.weight for finding in found}
    if CLEAR in weights:
        return Verdict.DOUBTFUL if CONTRARY in weights else Verdict.CLEAR
    return Verdict.DOUBTFUL if MAYBE in weights else Verdict.NO
