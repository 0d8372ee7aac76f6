"""The name that an author chose: it must be seen, and may not be taken for the shop's own."""

import re
import unicodedata

from django.conf import settings

#: Signs that look like a Latin letter: Cyrillic and Greek ones, digits, and what stands for letters in advertising.
_LOOKS_LIKE = str.maketrans("аеорсухіјѕкмтвнαβεικνοτυχ0134578@$|", "aeopcyxijskmtbhabeikvotuxoleastbasl")
#: Letters that can't be told from another in many fonts.
_SAME = str.maketrans("iv", "lu")
#: A shorter name of a shop stands in many a person's: only the whole is compared.
_LONG = 5
_OFFICE = re.compile(
    r"\b(?:(?:customer|technical|shop|store) ?(?:service|support|care)|support(?: team)?|admin(?:istrator)?|moderator|"
    r"official|webmaster|staff)\b",
    re.I,
)


def is_visible(text: str) -> bool:
    """Whether anything of it can be seen: not only spaces, and signs without a shape (Unicode categories Z and C)."""
    return any(unicodedata.category(sign)[0] not in "ZC" for sign in text.replace("\u3164", "").replace("\u2800", ""))


def is_like_ours(name: str) -> bool:
    """Whether the shop's name stands in it, however it is spelled: `Azure-0ps support` for AzureOps."""
    ours, theirs = _skeleton(settings.STORE_NAME), _skeleton(name)
    return ours in theirs if len(ours) >= _LONG else ours == theirs


def claims_office(name: str) -> bool:
    """Whether it says that somebody speaks for a shop: support, moderator, official."""
    return _OFFICE.search(unicodedata.normalize("NFKC", name)) is not None


def _skeleton(text: str) -> str:
    """What is left to the eye: letters alone, without case, accents and spaces, each by the one it looks like."""
    plain = unicodedata.normalize("NFKD", text).casefold().translate(_LOOKS_LIKE).translate(_SAME)
    return "".join(sign for sign in plain if sign.isalnum())
