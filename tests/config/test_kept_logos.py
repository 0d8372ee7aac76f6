"""A logo that is taken back is gone from every server process: from pages that are kept, and as a picture (P6f)."""

import pytest

from accounts import branding
from accounts.models import User
from shop.models import Product
from tests.accounts.branding import logos
from tests.config.kept_shop import Shop

PATHS = ("/", "/trusted-by/")


@pytest.mark.promise("P6f")
def test_a_withdrawal_reaches_what_each_of_two_server_processes_keeps(live_shop: Shop) -> None:
    here, there = live_shop, Shop()  # each with a memory of its own; what they share is Redis and the database
    logo = logos.published(company="Nordhafen GmbH")
    product: Product = logo.products.get()
    pictures = [f"/logos/{name}" for name in logos.names(logo).values()]
    paths = [*PATHS, f"/trusted-by/{product.slug}/", product.get_absolute_url()]
    for process in (here, there):
        assert [process.is_kept(path) for path in paths] == [True] * len(paths)
        assert all(b"Nordhafen" in process.get(path).body for path in paths)
        assert [process.get(path).status for path in pictures] == [200, 200]

    branding.withdraw(User.objects.get(logo_manager__logo=logo))

    for process in (here, there):
        answers = [process.get(path) for path in (*PATHS, product.get_absolute_url())]
        assert [answer.status for answer in answers] == [200] * len(answers)
        assert not any(b"Nordhafen" in answer.body for answer in answers)
        assert b"Nordhafen" not in process.get(f"/trusted-by/{product.slug}/").body
        assert [process.get(path).status for path in pictures] == [404, 404]
