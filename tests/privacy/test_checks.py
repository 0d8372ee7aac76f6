import pytest
from django.core.checks import run_checks


@pytest.mark.promise("P1")
def test_every_column_of_every_model_is_declared() -> None:
    assert [str(message) for message in run_checks(tags=["privacy"])] == []
