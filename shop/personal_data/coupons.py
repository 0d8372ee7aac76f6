"""Coupons: nothing of them names anybody. Who used one is told by the party of its order, while there is one."""

from privacy import inventory
from privacy.inventory import NotPersonal, PersonalData
from shop.models import Coupon, CouponAmount, CouponUse


@inventory.register(Coupon)
class CouponData(PersonalData):
    facts = NotPersonal(
        "what a code takes off, for what, when and how often",
        "id code folded kind percent is_active valid_from valid_until is_for_all most_uses most_per_person uses "
        "made_at",
    )


@inventory.register("shop.Coupon_products")
class CouponProductsData(PersonalData):
    facts = NotPersonal("which products a code is for", "id coupon product")


@inventory.register(CouponAmount)
class CouponAmountData(PersonalData):
    facts = NotPersonal("what a code takes off in a currency", "id coupon currency amount minimum")


@inventory.register(CouponUse)
class CouponUseData(PersonalData):
    facts = NotPersonal(
        "that an order has a coupon: it counts without a name once the order's person is gone",
        "id order coupon given_back_at",
    )
