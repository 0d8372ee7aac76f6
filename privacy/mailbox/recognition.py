"""Whether a mail asks for the deletion of personal data, by rules that anybody can follow, with their reasons in words.

A rule looks at one sentence of what the sender wrote (the subject is one as well): a word of deleting and personal data
in it ask clearly; a no before the word, a question about it, or another thing between the two take that back wholly or
in part. What is clear goes on by itself, and only as far as a mail that asks for proof; what is doubtful goes to a
person; a clear and a contrary sentence in one mail are doubtful, too.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from privacy.mailbox import vocabulary
from privacy.mailbox.vocabulary import Vocabulary

MOST_LETTERS = 20_000
_MOST_SENTENCES = 300
_NEAR = 150  # letters between the word of deleting and the data
_FEW_WORDS = 4
_MOST_VERBS = 10
_LETTERS = str.maketrans("łøđı’‘´`“”„«»", 'lodi\'\'\'\'"""""')
_ABBREVIATION = re.compile(r"\b(art|abs|nr|no|lit|par|sec|dr|mr|mrs|ms|z|b|u|a|inc|bzw|ca|e|g|i|s|p|cal|civ)\.")
_END = re.compile(r"(?<=[.!?;])\s+|\n\s*\n|\n(?=\s*(?:[-*•]|\d{1,2}[.)])\s)")
_THAT = r"(?:dass|das|that|que|che|dat|ze|zeby|aby)\b"
_BUT = re.compile(rf"[,;:()–—](?!\s*{_THAT})|\s(?:but|aber|sondern|mais|pero|sino|ma|maar|ale|mas)\s")
_MINE = re.compile(
    r"\b(?:my|our|mein\w*|unser\w*|mes|mon|ma|nos|notre|mis?|nuestr\w+|mi[eo]i?|mie|nostr\w+|mijn|onze|ons|moj\w*|moich"
    r"|nasz\w*|meus?|minhas?|noss[oa]s?)\b"
)
_OURS = re.compile(r"deletion of your data: write so in an answer, that is enough\.?")
_ARTICLE = re.compile(
    r"\bart(?:icle|ikel|iculo|icolo|igo|ykul\w*)?\s*17\b.{0,80}\b(?:gdpr|ds-?gvo|rgpd|avg|rodo|regulation)\b"
    r"|\b(?:gdpr|ds-?gvo|rgpd|avg|rodo)\b.{0,60}\bart\w*\s*17\b|\b1798\.105\b"
)
_GDPR = re.compile(r"\b(?:gdpr|ds-?gvo|rgpd|rodo|general data protection regulation|datenschutz-?grundverordnung)\b")
_CCPA = re.compile(r"\b(?:ccpa|cpra|california\w*|1798\.\d{3})\b")


class Verdict(StrEnum):
    CLEAR = "clear"
    DOUBTFUL = "doubtful"
    NO = "no"


@dataclass(frozen=True)
class Finding:
    """What a rule found in a sentence. `weight` is 3 where it asks clearly, 1 where it may, -3 where it says not to."""

    weight: int
    words: str
    shown: str

    def __str__(self) -> str:
        return f"{self.words}: “{self.shown}”"


@dataclass(frozen=True)
class Recognition:
    """The verdict, why in words, and what the mail says of language and law."""

    verdict: Verdict
    reasons: tuple[str, ...] = ()
    language: str = ""
    law: str = "gdpr"


CLEAR, MAYBE, CONTRARY = 3, 1, -3


def recognize(subject: str, text: str) -> Recognition:
    """Judges a subject and what the sender wrote. Either may be empty."""
    whole = folded(f"{subject}\n\n{text[:MOST_LETTERS]}")
    sentences = [" ".join(sentence.split()) for sentence in sentences_of(whole)]
    by_language = [(words, list(_in_language(sentences, words))) for words in vocabulary.everything()]
    words, found = max(by_language, key=lambda pair: _rank(pair, whole))
    article = _ARTICLE.search(_ABBREVIATION.sub(r"\1", whole))
    if article and not any(finding.weight == CONTRARY for finding in found):
        found.append(Finding(CLEAR, "names the right to erasure", _shown(article[0])))
    verdict = _verdict(found)
    if verdict == Verdict.NO:
        return Recognition(verdict, tuple(dict.fromkeys(str(finding) for finding in found)))
    reasons = [f"{finding} ({words.name})" for finding in found]
    law = "ccpa" if _CCPA.search(whole) and not _GDPR.search(whole) else "gdpr"  # of two laws the shorter time
    reasons += ["names the law of California"] if _CCPA.search(whole) else []
    reasons += ["names the GDPR"] if _GDPR.search(whole) else []
    return Recognition(verdict, tuple(dict.fromkeys(reasons)), words.code, law)


def folded(text: str) -> str:
    """The text in small letters, without accents, with one kind of apostrophe: as the vocabularies are written."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).translate(_LETTERS)


def _rank(pair: tuple[Vocabulary, list[Finding]], whole: str) -> tuple[int, int]:
    words, found = pair
    return sum(abs(finding.weight) for finding in found), len(words.patterns["common"].findall(whole))


def _verdict(found: Sequence[Finding]) -> Verdict:
    weights = {finding.weight for finding in found}
    if CLEAR in weights:
        return Verdict.DOUBTFUL if CONTRARY in weights else Verdict.CLEAR
    return Verdict.DOUBTFUL if MAYBE in weights else Verdict.NO


def sentences_of(whole: str) -> list[str]:
    """The sentences of a folded text, as their lines stand; not those that our own mails have at their foot."""
    text = _OURS.sub(" ", _ABBREVIATION.sub(r"\1 ", whole))
    return [piece for piece in _END.split(text) if piece.strip()][:_MOST_SENTENCES]


def _in_language(sentences: Sequence[str], words: Vocabulary) -> Iterator[Finding]:
    names_data = any(words.patterns["data"].search(sentence) for sentence in sentences)
    for sentence in sentences:
        yield from _in_sentence(sentence, words, names_data=names_data)


def _in_sentence(sentence: str, words: Vocabulary, *, names_data: bool) -> Iterator[Finding]:
    patterns = words.patterns
    right = patterns["rights"].search(sentence)
    if right:
        yield _weighed(sentence, words, right, right, "names the deletion of personal data")
        return
    verbs = list(patterns["deletion"].finditer(sentence))[:_MOST_VERBS]
    found = [_of_verb(sentence, words, verb, verbs, names_data=names_data) for verb in verbs]
    yield from (finding for finding in found if finding)
    objection = patterns["objection"].search(sentence)
    if objection and not any(found):
        yield Finding(MAYBE, "no longer wants data to be kept or used", _shown(objection[0]))


def _of_verb(
    sentence: str, words: Vocabulary, verb: re.Match[str], verbs: Sequence[re.Match[str]], *, names_data: bool
) -> Finding | None:
    patterns = words.patterns
    for data in _nearest(patterns["data"].finditer(sentence), verb, verbs):
        joined = _joined(sentence, words, verb, data)
        if joined == "other":
            continue
        finding = _weighed(sentence, words, verb, data, "asks to delete personal data")
        if finding.weight == CLEAR and (joined == "unclear" or patterns["lists"].search(sentence)):
            return Finding(MAYBE, "names something else beside personal data", finding.shown)
        return finding
    return _of_little(sentence, words, verb, verbs, names_data=names_data)


def _of_little(
    sentence: str, words: Vocabulary, verb: re.Match[str], verbs: Sequence[re.Match[str]], *, names_data: bool
) -> Finding | None:
    """What a word of deleting says in a sentence without a person's data."""
    patterns = words.patterns
    if patterns["lists"].search(sentence) or _is_negated(sentence, words, verb):
        return None
    for part in _nearest(patterns["partly"].finditer(sentence), verb, verbs):
        if _joined(sentence, words, verb, part) == "direct":
            return Finding(MAYBE, "asks to delete a part of the data", _span(sentence, verb, part))
    if patterns["other"].search(sentence):
        return None
    if names_data and patterns["pronoun"].search(sentence[verb.end() : verb.end() + 20]):
        return Finding(MAYBE, "asks to delete what is named in another sentence", _shown(sentence[verb.start() :]))
    if len(sentence.split()) <= _FEW_WORDS:
        return Finding(MAYBE, "asks to delete, and doesn't say what", _shown(sentence))
    return None


def _weighed(sentence: str, words: Vocabulary, verb: re.Match[str], data: re.Match[str], said: str) -> Finding:
    """The finding that verb and data make, once it is seen how the sentence means them."""
    patterns, shown = words.patterns, _span(sentence, verb, data)
    wishes = patterns["wish"].search(sentence)
    reports = patterns["reported"].search(sentence) and not wishes
    asks = patterns["about"].search(sentence[: max(verb.start(), 0)]) or (sentence.endswith("?") and not wishes)
    if _is_negated(sentence, words, verb):
        if patterns["reported"].search(sentence) or asks:
            return Finding(MAYBE, "speaks of a deletion that didn't happen", shown)
        return Finding(CONTRARY, "says not to delete", shown)
    if asks:
        return Finding(MAYBE, "asks about a deletion, or makes it depend on something", shown)
    is_yours = _ends_with(patterns["yours"], sentence[: data.start()]) or patterns["yours"].match(data[0])
    if is_yours and not _MINE.search(data[0]):
        return Finding(MAYBE, "speaks of the data of whoever reads it", shown)
    if reports:
        return Finding(MAYBE, "speaks of a deletion that happened", shown)
    return Finding(CLEAR, said, shown)


def _is_negated(sentence: str, words: Vocabulary, verb: re.Match[str]) -> bool:
    patterns = words.patterns
    if patterns["spared"].search(sentence):
        return False
    before = _BUT.split(sentence[: verb.start()])[-1]
    for no in patterns["not_before"].finditer(before):
        between = before[no.end() :]
        if patterns["and"].search(between):
            continue
        wish = patterns["wish"].search(between)
        most = 2 * _FEW_WORDS if re.search(rf"\b{_THAT}", between) else _FEW_WORDS
        if len(re.findall(r"\w+", between)) <= most and not (wish and len(between[: wish.start()].split()) > 1):
            return True
    after = _BUT.split(sentence[verb.end() :])[0]
    return any(len(after[: no.start()].split()) <= _FEW_WORDS + 2 for no in patterns["not_after"].finditer(after))


def _joined(sentence: str, words: Vocabulary, verb: re.Match[str], data: re.Match[str]) -> str:
    """How the data stand to the verb: `direct`, `other` (another thing is to be deleted, out of them), or `unclear`."""
    patterns = words.patterns
    before = sentence[verb.end() : data.start()] if verb.end() <= data.start() else sentence[: data.start()]
    things = list(patterns["other"].finditer(before))
    if things:
        between = before[things[-1].end() :]
        if patterns["joins"].search(between):
            return "direct"
        return "other" if _ends_with(patterns["out_of"], between) else "unclear"
    inside = patterns["other"].search(data[0])
    return "unclear" if inside and not patterns["joins"].search(data[0]) else "direct"


def _ends_with(pattern: re.Pattern[str], text: str) -> bool:
    last = " ".join(text.split()[-2:])
    return bool(pattern.search(last))


def _nearest(
    matches: Iterator[re.Match[str]], verb: re.Match[str], verbs: Sequence[re.Match[str]]
) -> list[re.Match[str]]:
    """The matches near a verb, the nearest first, without those that are nearer to another verb."""

    def distance(match: re.Match[str], from_verb: re.Match[str]) -> int:
        return max(match.start() - from_verb.end(), from_verb.start() - match.end(), 0)

    def is_its_own(match: re.Match[str]) -> bool:
        away = distance(match, verb)
        return away <= _NEAR and all(away <= distance(match, other) for other in verbs)

    return sorted((match for match in matches if is_its_own(match)), key=lambda match: distance(match, verb))


def _span(sentence: str, verb: re.Match[str], data: re.Match[str]) -> str:
    first, last = sorted((verb, data), key=lambda match: match.start())
    gap = sentence[first.end() : last.start()]
    if len(gap) > 30:
        return f"{_shown(first[0])} ... {_shown(last[0])}"
    return _shown(sentence[first.start() : max(first.end(), last.end())])


def _shown(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:77]}..."
