"""Whether the answer to the mail that asks for proof agrees. Only what the sender wrote counts, never what is quoted.

A yes is the whole answer: one expression of yes in one language, behind it at most what is to be deleted, and around it
a greeting and a name. An absence note, a ticket or a promise has a yes in it here and there, and is none. Anything else
goes to a person.
"""

import re
import unicodedata
from enum import StrEnum

from privacy import deletion_words
from privacy.mailbox import vocabulary
from privacy.mailbox.recognition import Verdict, recognize
from privacy.mailbox.vocabulary import Vocabulary
from privacy.mailbox.wording import folded

MOST_WORDS = 25
#: Words of no in any of the languages that mean nothing else in another of them.
_NO_ANYWHERE = re.compile(
    r"\b(?:not|dont|nein|nicht|kein\w*|non|jamais|pas|nunca|nao|niet|nooit|nee|nie|stop)\b|\w+n't\b"
)
#: As requests are numbered: who repeats the number quotes our mail, as the program of another helpdesk does.
_NUMBER = re.compile(r"\bd-\d{3,}")
_GREETING = re.compile(
    r"\s*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|hallo|guten (?:tag|morgen|abend)|sehr geehrte\w*"
    r"|liebe\w*|moin|bonjour|bonsoir|madame|monsieur|salut|hola|buenos dias|buenas (?:tardes|noches)|estimad\w+|ciao"
    r"|buon ?giorno|buonasera|salve|gentil\w+|beste|geachte|goede\w*|dzien dobry|szanown\w+|witam|ola|bom dia"
    r"|boa (?:tarde|noite)|prezad\w+)\b(?: [^\W\d]+){0,4}\s*(?:[,.!:;]|\n|\Z)",
    re.IGNORECASE,
)
_FAREWELL = re.compile(
    r"(?:^|(?<=[\n.,!;]))\s*(?:(?:with |many |my )?(?:best|kind|warm)(?: (?:regards|wishes))?|regards|cheers|sincerely"
    r"|yours(?: \w+)?|(?:many )?thanks|thank you(?: (?:very|so) much)?"
    r"|mit (?:freundlich\w*|besten?|lieben) gru(?:ss|ß)\w*|gru(?:ss|ß)e?|mfg|lg|(?:vielen )?danke?"
    r"|(?:viele|beste|liebe|freundliche|herzliche|schone) gru(?:ss|ß)\w*"
    r"|(?:bien )?cordialement|merci(?: (?:beaucoup|d'avance))?|bien a vous|salutations(?: distinguees)?"
    r"|(?:un )?(?:cordial )?saludos?(?: cordial\w*)?|(?:muchas )?gracias|(?:cordiali )?saluti|(?:mille )?grazie"
    r"|(?:met )?vriendelijke groet\w*|groet\w*|(?:hartelijk )?dank(?: u)?(?: wel)?|(?:z )?powazaniem"
    r"|pozdrawiam|dziekuje|(?:com os )?(?:melhores )?cumprimentos|(?:muito )?obrigad[oa]|atenciosamente"
    r")(?!\w)[\s,.!]*(?P<name>.*)\Z",
    re.IGNORECASE | re.DOTALL,
)
_NAME = re.compile(r"(?:[^\W\d_][\w.'’-]*|&)(?:\s+(?:[^\W\d_][\w.'’-]*|&)){0,3}")
_PARTICLES = {"von", "van", "de", "da", "di", "del", "der", "den", "la", "le", "dos", "zu", "y", "&"}


class Answer(StrEnum):
    AGREES = "agrees"
    WITHDRAWS = "withdraws"
    UNCLEAR = "unclear"


def of(own_text: str) -> Answer:
    """What an answer says. `own_text` is what its sender wrote, without quotes and signature."""
    text = " ".join(folded(own_text).split())
    agrees = _agrees(own_text, text)
    withdraws = any(words.patterns["withdraws"].search(text) for words in vocabulary.everything())
    if withdraws:
        return Answer.UNCLEAR if agrees else Answer.WITHDRAWS
    return Answer.AGREES if agrees else Answer.UNCLEAR


def _agrees(own_text: str, text: str) -> bool:
    if not text or "?" in text or len(text.split()) > MOST_WORDS or _NO_ANYWHERE.search(text):
        return False
    if _repeats_us(text):
        return False
    said, around = _bare(own_text)
    everything = vocabulary.everything()
    if any(words.patterns["refuses"].search(around) for words in everything):
        return False
    return any(_is_yes(said, words) for words in everything)


def _is_yes(said: str, words: Vocabulary) -> bool:
    """Whether this is a yes of that language from its first to its last word."""
    patterns = words.patterns
    if any(patterns[name].search(said) for name in ("refuses", "yours", "other", "lists")):
        return False
    begins = patterns["agrees"].match(said)
    if not begins and recognize("", said).verdict != Verdict.CLEAR:  # who asks once more for deletion agrees, too
        return False
    for name in ("agrees", "rights", "data", "deletion", "wish", "pronoun", "filling"):
        said = patterns[name].sub(" ", said)
    return not re.search(r"\w", said)


def _bare(own_text: str) -> tuple[str, str]:
    """The answer without greeting, farewell and name, and these alone, both folded."""
    # Names are told by their capitals, so accents go first and capitals last.
    apart = unicodedata.normalize("NFKD", own_text.strip())
    text = "".join(letter for letter in apart if not unicodedata.combining(letter))
    around = []
    greeting = _GREETING.match(text)
    if greeting:
        around.append(greeting[0])
        text = text[greeting.end() :]
    farewell = _FAREWELL.search(text)
    if farewell and (not farewell["name"].strip() or _is_name(farewell["name"])):
        around.append(farewell[0])
        text = text[: farewell.start()]
    before, _, last = text.rstrip().rpartition("\n")
    if before.strip() and _is_name(last):
        around.append(last)
        text = before
    said = " ".join(folded(text).split()).strip(" .,!;:-\"'")
    return said, " ".join(folded("\n".join(around)).split())


def _is_name(text: str) -> bool:
    words = text.strip(" .,!\n").split()
    return bool(_NAME.fullmatch(" ".join(words))) and all(
        word[0].isupper() or word.lower() in _PARTICLES for word in words
    )


def _repeats_us(text: str) -> bool:
    """Whether the answer has the subject of the mail that asks in it, or is what stands on its link."""
    for code in deletion_words.languages():
        words = deletion_words.of(code, "proof", number="", store="", until="")
        subject = " ".join(folded(words["subject"]).split()).partition(" (")[0]
        if subject in text or text == folded(words["deed"]):
            return True
    return bool(_NUMBER.search(text))
