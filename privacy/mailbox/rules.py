"""What one sentence says of a deletion: a verb, what is to be deleted, and what takes that back or leaves it open."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from privacy.mailbox.vocabulary import Vocabulary

CLEAR, MAYBE, CONTRARY = 3, 1, -3
_NEAR = 150  # letters between the word of deleting and the data
_FEW_WORDS = 4
_MOST_VERBS = 10
_THAT = r"(?:dass|das|that|que|che|dat|ze|zeby|aby)\b"
_BUT = re.compile(rf"[,;:()–—](?!\s*{_THAT})|\s(?:but|aber|sondern|mais|pero|sino|ma|maar|ale|mas)\s")
_MINE = re.compile(
    r"\b(?:my|our|mein\w*|unser\w*|mes|mon|ma|nos|notre|mis?|nuestr\w+|mi[eo]i?|mie|nostr\w+|mijn|onze|ons|moj\w*|moich"
    r"|nasz\w*|meus?|minhas?|noss[oa]s?|mich|uns|me|myself|us|moi|mij|mnie|mim)\b"
)


@dataclass(frozen=True)
class Finding:
    """What a rule found in a sentence. `weight` is 3 where it asks clearly, 1 where it may, -3 where it says not to."""

    weight: int
    words: str
    shown: str

    def __str__(self) -> str:
        return f"{self.words}: “{self.shown}”"


def in_language(sentences: Sequence[str], words: Vocabulary) -> Iterator[Finding]:
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
        yield Finding(MAYBE, "no longer wants data to be kept or used", shown(objection[0]))


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
    around = sentence[max(verb.start() - 15, 0) : verb.start()], sentence[verb.end() : verb.end() + 20]
    if names_data and any(patterns["pronoun"].search(text) for text in around):
        return Finding(MAYBE, "asks to delete what is named in another sentence", shown(sentence[verb.start() :]))
    if len(sentence.split()) <= _FEW_WORDS and not sentence.endswith("?"):
        return Finding(MAYBE, "asks to delete, and doesn't say what", shown(sentence))
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
        return f"{shown(first[0])} ... {shown(last[0])}"
    return shown(sentence[first.start() : max(first.end(), last.end())])


def rule_of(reason: str) -> str:
    """The rule of a reason (`str` of a Finding), without what the mail says: for lists, where nobody looks at one."""
    return reason.partition(": “")[0]


def shown(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:77]}..."
