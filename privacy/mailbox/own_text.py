"""What the sender of a mail wrote: without the lines that quote another mail, and without the signature."""

import re

_QUOTED = re.compile(r"^\s{0,3}(?:>|\|\s)")
_SIGNATURE = re.compile(r"^--\s*$|^__\s*$")
#: What phones and free mail providers put under a mail.
_DEVICE = re.compile(
    r"^\s*(?:sent (?:from|with) (?:my|the|outlook|proton|yahoo|samsung)\b.{0,60}|get outlook for .{0,30}"
    r"|(?:von|gesendet (?:von|mit)) (?:meinem|der) .{0,60}|diese nachricht wurde von .{0,60}"
    r"|envoy[ée] (?:de|depuis|avec) (?:mon|ma) .{0,60}|enviado (?:desde|do|de) (?:mi|meu|o|el) .{0,60}"
    r"|inviato da(?:l mio)? .{0,60}|verzonden (?:vanaf|met) .{0,60}|wys[łl]ane z .{0,60})$",
    re.IGNORECASE,
)
#: "On 3 May 2026 at 10:00, Kim wrote:" as mail programs write it; it may be broken over lines.
_ATTRIBUTION = re.compile(
    r"^\s*(?:"
    r"on\b.{4,200}\bwrote|am\b.{4,200}\bschrieb\b.{0,120}|le\b.{4,200}\ba [ée]crit|el\b.{4,200}\bescribi[óo]"
    r"|il\b.{4,200}\bha scritto|op\b.{4,200}\bschreef\b.{0,120}|w dniu\b.{4,200}\bnapisa[łl]\(?a?\)?.{0,20}"
    r"|(?:em|no dia|a)\b.{4,200}\bescreveu|.{0,120}<[^<>\s]{3,120}@[^<>\s]{3,120}>.{0,40}\b(?:wrote|schrieb|a [ée]crit"
    r"|escribi[óo]|ha scritto|schreef|napisa[łl]|escreveu)"
    r")\s*:\s*$",
    re.IGNORECASE | re.DOTALL,
)
#: A line from which on everything is another mail.
_FROM_HERE = re.compile(
    r"^\s*(?:[-_*]{3,}\s*(?:original message|urspr[üu]ngliche nachricht|message d'origine|message original"
    r"|mensaje original|mensagem original|messaggio originale|oorspronkelijk bericht|wiadomo[śs][ćc] oryginalna"
    r"|forwarded message|weitergeleitete nachricht|message transf[ée]r[ée]|mensaje reenviado|messaggio inoltrato"
    r"|doorgestuurd bericht|mensagem encaminhada)\s*[-_*]*|begin forwarded message:|_{20,}"
    r"|-+\s*(?:below this line is|this is|the following is) a copy\b.*"
    r"|-+\s*(?:original message follows|the header of the original message).*)\s*$",
    re.IGNORECASE,
)
_HEADER_LINE = re.compile(
    r"^\s*\*?(?:from|von|de|da|van|od|sent|gesendet|envoy[ée]|enviado|inviato|verzonden|wys[łl]ano|date|datum|fecha"
    r"|data"
    r"|to|an|[àa]|para|aan|do|subject|betreff|objet|asunto|oggetto|onderwerp|temat|assunto)\s*:\*?\s+\S",
    re.IGNORECASE,
)
_FORWARDED = re.compile(r"^\s*(?:fwd?|wg|tr|rv|i|doorst|enc|pd)\s*:", re.IGNORECASE)
_ANSWERED = re.compile(r"^\s*(?:re|aw|r[ée]f|sv|antw|odp|res|rif)\s*(?:\[\d+\])?\s*:", re.IGNORECASE)
_MOST_ATTRIBUTION = 3  # lines


def of(text: str) -> str:
    """The sender's own lines. Between quoted lines may stand some of them; after a whole quoted mail none do."""
    own: list[str] = []
    lines = text.split("\n")
    place = 0
    while place < len(lines):
        line = lines[place]
        if _QUOTED.match(line) or _DEVICE.match(line):
            place += 1
            continue
        if _SIGNATURE.match(line):
            place = _after_signature(lines, place + 1)
            continue
        if _FROM_HERE.match(line) or _is_header_block(lines, place):
            break
        length = _attribution(lines, place)
        if length:
            place += length
            if not _is_quoted_next(lines, place):
                break  # the quoted mail follows without marks
            continue
        own.append(line.rstrip())
        place += 1
    return re.sub(r"\n{3,}", "\n\n", "\n".join(own)).strip()


def is_forward(subject: str) -> bool:
    """Whether the subject says that a mail of somebody else is passed on."""
    return bool(_FORWARDED.match(subject))


def is_answer(subject: str) -> bool:
    """Whether the subject is that of the mail which is answered."""
    return bool(_ANSWERED.match(subject))


def _after_signature(lines: list[str], place: int) -> int:
    """A signature ends at the mail it answers: below it somebody may have written between quoted lines."""
    while place < len(lines) and not (_QUOTED.match(lines[place]) or _attribution(lines, place)):
        place += 1
    return place


def _attribution(lines: list[str], place: int) -> int:
    """How many lines from here say who wrote the mail that is quoted next; 0 where they don't."""
    if not lines[place].strip():
        return 0
    for length in range(1, _MOST_ATTRIBUTION + 1):
        candidate = lines[place : place + length]
        if len(candidate) < length or not candidate[-1].strip():
            return 0
        if _ATTRIBUTION.match(" ".join(line[:300] for line in candidate)):
            return length
    return 0


def _is_header_block(lines: list[str], place: int) -> bool:
    """Whether three headers of a quoted mail stand here, as Outlook writes them."""
    following = [line for line in lines[place : place + 6] if line.strip()][:3]
    return len(following) == 3 and bool(lines[place].strip()) and all(_HEADER_LINE.match(line) for line in following)


def _is_quoted_next(lines: list[str], place: int) -> bool:
    following = next((line for line in lines[place:] if line.strip()), "")
    return bool(_QUOTED.match(following))
