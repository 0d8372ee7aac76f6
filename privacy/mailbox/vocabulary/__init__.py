"""The words by which mails are understood, a language each: regular expressions on text without accents and capitals.

They are data for `recognition` and `agreement`, which say how they work together. A pattern says what somebody wrote,
in any form of the word; what it means for a request is decided there, not here.
"""

import re
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """How one language says it. Each value is an alternation for a regular expression, on text as `folded` makes it."""

    code: str
    name: str
    #: Verbs and nouns of erasing.
    deletion: str
    #: Everything of a person, or their account.
    data: str
    #: What says that the data are those of whoever reads it, as in texts of companies.
    yours: str
    #: A part of what is kept of a person.
    partly: str
    #: Whole expressions that ask by themselves.
    rights: str
    #: Not erasing, but no longer keeping or using.
    objection: str
    #: Other things that can be deleted.
    other: str
    #: Lists of mails, which people want to leave.
    lists: str
    #: What turns it around, before the verb or (`not_after`) behind it; `spared` are expressions that only look so.
    not_before: str
    not_after: str
    spared: str
    #: From where something is taken: what follows isn't what is to be deleted.
    out_of: str
    #: What joins two things; the first is "and".
    joins: str
    #: How people ask for a thing, and how they ask about it.
    wish: str
    about: str
    #: That it happened already.
    reported: str
    #: The thing that was spoken of before.
    pronoun: str
    #: Answers to the question whether to go on; `filling` are the small words of a sentence that asks for deletion.
    agrees: str
    filling: str
    refuses: str
    withdraws: str
    #: Words that most texts of the language have and others don't.
    common: str

    @cached_property
    def patterns(self) -> dict[str, re.Pattern[str]]:
        """Each word list as a compiled expression that stands between borders of words."""
        lists = {name: value for name, value in vars(self).items() if name not in {"code", "name", "patterns"}}
        lists["and"] = self.joins.partition("|")[0]
        return {name: re.compile(rf"(?<!\w)(?:{value})(?!\w)") for name, value in lists.items()}


def everything() -> tuple[Vocabulary, ...]:
    """All languages, English first."""
    from privacy.mailbox.vocabulary import dutch, english, french, german, italian, polish, portuguese, spanish

    languages = (english, german, french, spanish, italian, dutch, polish, portuguese)
    return tuple(language.WORDS for language in languages)
