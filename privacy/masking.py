"""What a list shows of a person: enough to tell two rows apart, too little to write to them."""

_SHOWN = 4


def mask_email(address: str) -> str:
    """`kim@nordhafen.example` as `k…@nord….example`; empty stays empty.

    The host is masked too: it often names a company, or a family.
    """
    if "@" not in address:
        return "…" if address else ""
    mailbox, _, host = address.rpartition("@")
    name, dot, top = host.rpartition(".")
    shown = name[: min(_SHOWN, len(name) // 2)] if dot else ""
    return f"{mailbox[:1]}…@{shown}…{dot}{top if dot else ''}"


def mask_words(text: str) -> str:
    """A name or a company by its first letters: `Kim Sørensen` as `K… S…`; empty stays empty."""
    return " ".join(f"{word[:1]}…" for word in text.split())
