"""What is in Redis after people did things: nothing under a key that the inventory doesn't declare."""

import json

from privacy import page_version, rate_limits
from tests.journeys import buying
from tests.journeys.buying import Buyer
from tests.journeys.running_shop import RunningShop
from tests.journeys.visitor import Visitor

KEYS = """
import json, redis
from django.conf import settings
from privacy import places
found = {key.decode().removeprefix("shop:1:") for key in redis.Redis.from_url(settings.REDIS_URL).scan_iter()}
declared = {key: places.prefix_of(key) for key in found}
print(json.dumps({key: prefix and prefix.name for key, prefix in declared.items()}))
"""


def test_every_key_is_declared(shop: RunningShop, visitor: Visitor) -> None:
    page = visitor.open("/account/login/")
    main = page.get_by_role("main")
    main.get_by_label("E-mail address").fill(buying.new_address())
    main.get_by_label("Password", exact=True).fill("not-the-one-of-anybody")
    main.get_by_role("button", name="Sign in", exact=True).click()
    main.get_by_role("alert").wait_for()
    buying.buy(page, Buyer())
    found = json.loads(shop.shell(KEYS))
    assert [key for key, prefix in found.items() if prefix is None] == []
    assert {"allauth:", f"{rate_limits.PREFIX}:", page_version.KEY} - set(found.values()) == set()
