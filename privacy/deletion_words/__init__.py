"""The sentences of mails and pages about deletion, a file a language. Placeholders stand in braces."""

from datetime import date

from babel.dates import format_date

from privacy.deletion_words import dutch, english, french, german, italian, polish, portuguese, spanish

Words = dict[str, dict[str, str]]
_LANGUAGES: dict[str, Words] = {
    "en": english.WORDS,
    "de": german.WORDS,
    "fr": french.WORDS,
    "es": spanish.WORDS,
    "it": italian.WORDS,
    "nl": dutch.WORDS,
    "pl": polish.WORDS,
    "pt": portuguese.WORDS,
}
DEFAULT = "en"


def languages() -> tuple[str, ...]:
    """The languages that there are words in."""
    return tuple(_LANGUAGES)


def known(language: str) -> str:
    """The language itself, where there are words in it, else English."""
    return language if language in _LANGUAGES else DEFAULT


def of(language: str, part: str, **values: object) -> dict[str, str]:
    """The sentences of a part, such as `proof`, with the values in their places."""
    sentences = _LANGUAGES[known(language)][part]
    return {name: sentence.format(**values) for name, sentence in sentences.items()}


def day(moment: date, language: str) -> str:
    """A day in words of the language."""
    return format_date(moment, "long", locale=known(language))
