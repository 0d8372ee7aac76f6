from typing import Any

import pytest

from sandbox.stripe.errors import StripeError
from sandbox.stripe.parameters import Boolean, Currency, Fields, Integer, ListOf, Metadata, Text, nested
from sandbox.stripe.sessions import CREATE


def test_brackets_become_a_tree() -> None:
    pairs = [("a[b][0][c]", "1"), ("a[b][1][c]", "2"), ("e[]", "x"), ("e[]", "y"), ("f", "")]
    assert nested(pairs) == {"a": {"b": {"0": {"c": "1"}, "1": {"c": "2"}}}, "e": {"0": "x", "1": "y"}, "f": ""}


def test_text_with_fields_below_it_is_refused() -> None:
    with pytest.raises(StripeError):
        nested([("a", "1"), ("a[b]", "2")])


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        (Integer(), "12", 12),
        (Boolean(), "true", True),
        (Currency(), "EUR", "eur"),
        (Metadata(), {"order": "1"}, {"order": "1"}),
        (Metadata(), "", {}),
        (ListOf(item=Integer()), {"0": "1", "1": "2"}, [1, 2]),
        (Fields(known={"a": Text(), "b": Text()}), {"a": "x"}, {"a": "x"}),
    ],
)
def test_values_are_read(kind: Any, raw: Any, value: Any) -> None:
    assert kind.read(raw, "name") == value


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        (Integer(), "1.5"),
        (Integer(), {"0": "1"}),
        (Boolean(), "yes"),
        (Currency(), "euro"),
        (Metadata(), "x"),
        (Metadata(), {"a": {"b": "c"}}),
        (ListOf(), "x"),
        (ListOf(most=1), {"0": "a", "1": "b"}),
        (Fields(), "x"),
    ],
)
def test_values_of_another_form_are_refused(kind: Any, raw: Any) -> None:
    with pytest.raises(StripeError) as refused:
        kind.read(raw, "name")
    assert refused.value.error["param"].startswith("name")


def test_every_parameter_that_is_read_is_one_of_stripes() -> None:
    from stripe.params.checkout import SessionCreateParams

    assert set(CREATE.known) - set(SessionCreateParams.__annotations__) == set()
