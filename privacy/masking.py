"""What a list shows of a person: enough to tell two rows apart, too little to write to them."""


def mask_email(address: str) -> str:
    """`kim@nordhafen.example` as `k…@nordhafen.example`; empty stays empty."""
    if "@" not in address:
        return "…" if address else ""
    mailbox, _, host = address.rpartition("@")
    return f"{mailbox[:1]}…@{host}"
