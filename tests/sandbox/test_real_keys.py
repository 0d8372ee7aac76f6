from typing import Any

import pytest

from sandbox.real_keys import refusal
from sandbox.running import StripeSandbox

SECRET = "51Hq4bQJ0uXcA7"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STRIPE_SECRET_KEY", f"sk_live_{SECRET}"),
        ("STRIPE_API_KEY", f" rk_live_{SECRET}"),
        ("PAYPAL_API_BASE", "https://api-m.paypal.com"),
        ("PAYPAL_API_BASE", "https://api.paypal.com/"),
    ],
)
def test_real_keys_are_refused_by_name(name: str, value: Any) -> None:
    sentence = refusal({"HOME": "/", name: value})
    assert sentence is not None
    assert sentence.startswith(name)
    assert SECRET not in sentence


def test_real_key_among_the_options_is_refused() -> None:
    sentence = refusal({}, ["--port", "0", f"sk_live_{SECRET}"])
    assert sentence is not None
    assert SECRET not in sentence


@pytest.mark.parametrize(
    "value", ["sk_test_1", "https://api-m.sandbox.paypal.com", "https://[", "", "http://127.0.0.1:8002"]
)
def test_other_values_are_no_reason(value: Any) -> None:
    assert refusal({"NAME": value}, [value]) is None


def test_nor_does_it_run_inside_a_test(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRIPE_SECRET_KEY", f"sk_live_{SECRET}")
    with pytest.raises(RuntimeError, match="STRIPE_SECRET_KEY"):
        StripeSandbox()
