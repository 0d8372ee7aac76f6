"""Reads what an IMAP server says of a mail's parts (BODYSTRUCTURE, RFC 3501, section 7.4.2) without fetching one.

No recursion: a mail may nest as deep as it likes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from privacy.mailbox.messages import MOST_PARTS, is_wanted

Item = bytes | tuple[bytes, bytes]
Value = str | None | list["Value"]
_MOST_DEPTH = 100
_PLACES = {"type": 0, "subtype": 1, "parameters": 2, "encoding": 5, "size": 6}


class Unreadable(Exception):
    """The answer isn't a structure as the RFC has it."""


@dataclass(frozen=True)
class Described:
    """A part by its number in the mail (`1.2`), with what is needed to fetch and read it."""

    number: str
    kind: str
    charset: str
    encoding: str
    is_attachment: bool
    size: int | None = None  # as it was sent; None where the server doesn't say

    @property
    def is_empty(self) -> bool:
        return self.size == 0


def wanted_parts(answer: Sequence[Item]) -> list[Described]:
    """The parts worth reading, at most `MOST_PARTS`, of the answer to a FETCH. Raises Unreadable."""
    wanted = (part for part in parts(answer) if is_wanted(part.kind, is_attachment=part.is_attachment))
    return list(islice(wanted, MOST_PARTS))


def parts(answer: Sequence[Item]) -> Iterator[Described]:
    """Every part that holds no others, in the order of the mail. Raises Unreadable."""
    stack: list[tuple[str, list[Value]]] = [("", _structure(answer))]
    while stack:
        number, node = stack.pop()
        if node and isinstance(node[0], list):  # a multipart: its parts, then its subtype
            if number.count(".") < _MOST_DEPTH:
                inner = [(f"{number}.{place}".lstrip("."), part) for place, part in enumerate(_before_subtype(node), 1)]
                stack.extend(reversed(inner))
            continue
        yield _described(number or "1", node)


def _before_subtype(node: list[Value]) -> list[list[Value]]:
    parts = []
    for child in node:
        if not isinstance(child, list):
            break
        parts.append(child)
    return parts


def _described(number: str, node: list[Value]) -> Described:
    def text(place: str) -> str:
        value = node[_PLACES[place]] if len(node) > _PLACES[place] else None
        return value.lower() if isinstance(value, str) else ""

    parameters = node[2] if len(node) > 2 and isinstance(node[2], list) else []
    # A disposition is the only list that starts with a word and has a list or NIL beside it, after the fixed fields.
    dispositions = [
        field[0].lower()
        for field in node[7:]
        if isinstance(field, list) and len(field) == 2 and isinstance(field[0], str) and not isinstance(field[1], str)
    ]
    return Described(
        number=number,
        kind=f"{text('type')}/{text('subtype')}",
        charset=_parameter(parameters, "charset"),
        encoding=text("encoding"),
        is_attachment="attachment" in dispositions,
        size=int(text("size")) if text("size").isdecimal() else None,
    )


def _parameter(pairs: list[Value], name: str) -> str:
    for key, value in zip(pairs[::2], pairs[1::2], strict=False):
        if isinstance(key, str) and key.lower() == name and isinstance(value, str):
            return value
    return ""


def _structure(answer: Sequence[Item]) -> list[Value]:
    signs = _signs(answer)
    for sign in signs:
        if sign == "BODYSTRUCTURE":
            return _tree(signs)
    raise Unreadable


def _tree(signs: Iterator[str]) -> list[Value]:
    """The list that begins with the next sign. Strings come marked by a first letter, so that they are no signs."""
    stack: list[list[Value]] = []
    for sign in signs:
        if sign == "(":
            stack.append([])
        elif sign == ")" and stack:
            done = stack.pop()
            if not stack:
                return done
            stack[-1].append(done)
        elif stack:
            stack[-1].append(None if sign == "NIL" else sign.removeprefix("="))
        else:
            break
    raise Unreadable


def _signs(answer: Sequence[Item]) -> Iterator[str]:
    """Signs, words, and strings with a `=` before them. imaplib gives a literal as the second half of a pair."""
    for item in answer:
        if isinstance(item, tuple):
            head, literal = item
            yield from _of_line(head.rpartition(b"{")[0].decode("utf-8", "replace"))
            yield "=" + literal.decode("utf-8", "replace")
        elif item is not None:
            yield from _of_line(item.decode("utf-8", "replace"))


def _of_line(line: str) -> Iterator[str]:
    place, end = 0, len(line)
    while place < end:
        letter = line[place]
        if letter in "()":
            yield letter
            place += 1
        elif letter == '"':
            text, place = _quoted(line, place + 1)
            yield "=" + text
        elif letter.isspace():
            place += 1
        else:
            start = place
            while place < end and line[place] not in '()" ':
                place += 1
            yield line[start:place]


def _quoted(line: str, place: int) -> tuple[str, int]:
    letters = []
    while place < len(line) and line[place] != '"':
        if line[place] == "\\" and place + 1 < len(line):
            place += 1
        letters.append(line[place])
        place += 1
    return "".join(letters), place + 1
