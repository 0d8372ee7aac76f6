"""The payment providers, by the name that an attempt bears. A new one is a file here and a line below."""

from payments.providers.base import Provider
from payments.providers.free import Free
from payments.providers.manual import Manual
from payments.providers.paypal import PayPal
from payments.providers.stripe import Stripe

#: In the order in which buyers see them.
_PROVIDERS: dict[str, Provider] = {
    provider.name: provider
    for provider in (
        Stripe(),
        PayPal(),
        Manual(),
        Free(),
    )
}


def get(name: str) -> Provider:
    """The provider of this name. Raises KeyError."""
    return _PROVIDERS[name]


def find(name: str) -> Provider | None:
    """The same for pages that show old rows: None for a provider that was taken out since."""
    return _PROVIDERS.get(name)


def is_by_hand(name: str) -> bool:
    """Whether people record what became of this provider's money."""
    provider = find(name)
    return provider is not None and provider.is_by_hand


def everyone() -> list[Provider]:
    """All providers, those without keys included."""
    return list(_PROVIDERS.values())
