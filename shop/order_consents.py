"""The consent to immediate performance, given with an order: keys at once end the right to withdraw.

The order itself is its proof: version of the words and moment stand there and stay for the order's period.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from privacy import consents
from privacy.consents import ConsentText, Given
from shop.models import Order

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

#: Directive 2011/83/EU, Art. 16(m).
TEXT = consents.register(
    ConsentText(
        "immediate_performance", "2026-11", "I agree that delivery starts now and that I lose the right to withdraw."
    )
)


@consents.source
def given_with_orders(user: "AbstractBaseUser") -> Iterator[Given]:
    """What a person agreed to with the orders of the account. Performance has begun, so it can't be taken back."""
    agreed = Order.objects.filter(party__user_id=user.pk, consent_at__isnull=False)
    for number, version, given_at in agreed.values_list("number", "consent_version", "consent_at"):
        if given_at is not None:
            yield Given(TEXT.key, version, consents.words_of(TEXT.key, version), given_at, about=f"order {number}")
