"""A mail's text made ready for the rules: in small letters without accents, and cut into sentences."""

import re
import unicodedata

_MOST_SENTENCES = 300
_LETTERS = str.maketrans("łøđı’‘´`“”„«»", 'lodi\'\'\'\'"""""')
_ABBREVIATION = re.compile(r"\b(art|abs|nr|no|lit|par|sec|dr|mr|mrs|ms|z|b|u|a|inc|bzw|ca|e|g|i|s|p|cal|civ)\.")
_END = re.compile(r"(?<=[.!?;])\s+|\n\s*\n|\n(?=\s*(?:[-*•]|\d{1,2}[.)])\s)")
_OURS = re.compile(r"deletion of your data: write so in an answer, that is enough\.?")


def folded(text: str) -> str:
    """The text in small letters, without accents, with one kind of apostrophe: as the vocabularies are written."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).translate(_LETTERS)


def sentences_of(whole: str) -> list[str]:
    """The sentences of a folded text, as their lines stand; not those that our own mails have at their foot."""
    text = _OURS.sub(" ", _ABBREVIATION.sub(r"\1 ", whole))
    return [piece for piece in _END.split(text) if piece.strip()][:_MOST_SENTENCES]


def without_abbreviations(text: str) -> str:
    """The text without the dots of abbreviations, which end no sentence."""
    return _ABBREVIATION.sub(r"\1", text)
