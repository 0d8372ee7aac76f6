"""`manage.py check` says what an invoice and a question to VIES lack, outside of development."""

from typing import Any

import pytest
from django.core.checks import run_checks


@pytest.mark.parametrize("debug", [False, True])
def test_a_shop_without_address_or_vat_number_is_warned(settings: Any, debug: bool) -> None:
    settings.DEBUG, settings.STORE_ADDRESS, settings.VAT_NUMBER = debug, "", ""
    found = {found.id for found in run_checks(tags=["shop"])}
    assert found == (set() if debug else {"shop.W002", "shop.W003"})
    settings.STORE_ADDRESS, settings.VAT_NUMBER = "Musterweg 1, 10115 Berlin", "DE136695976"
    assert run_checks(tags=["shop"]) == []
