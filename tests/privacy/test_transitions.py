import pytest
from django.db import transaction
from django.test import TransactionTestCase

from privacy import transitions
from shop.models import Order


def test_a_table_is_read_from_its_text() -> None:
    assert transitions.table("a -> b c; b -> c") == {"a": frozenset("bc"), "b": frozenset("c")}


def test_the_trigger_names_every_pair_once() -> None:
    forward, backward = transitions.trigger_sql("some_table", "a -> b c; b -> c")
    assert "NOT IN (('a', 'b'), ('a', 'c'), ('b', 'c'))" in forward
    assert backward == "DROP TRIGGER some_table_state_moves ON some_table; DROP FUNCTION some_table_state_moves();"


@pytest.mark.django_db
def test_an_illegal_move_names_row_and_target() -> None:
    order = Order(pk=7, state="cancelled")
    with pytest.raises(transitions.IllegalTransition, match="order 7 can't go from cancelled to expired"):
        order.move_to("expired")
    assert not order.move_to("cancelled")


class OutsideATransaction(TransactionTestCase):
    def test_a_state_never_changes_outside_a_transaction(self) -> None:
        with pytest.raises(transaction.TransactionManagementError):
            Order(state="pending_payment").move_to("expired")
