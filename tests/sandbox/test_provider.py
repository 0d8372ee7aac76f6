from typing import Any

import pytest
import requests

from sandbox.running import StripeSandbox


def test_mistake_of_the_sandbox_is_a_500_without_a_trace(
    stripe_sandbox: StripeSandbox, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(stripe_sandbox.provider, "respond", broken)
    answer = requests.get(f"{stripe_sandbox.base_url}/v1/charges", timeout=5)
    assert (answer.status_code, answer.json()["error"]["type"]) == (500, "api_error")
    assert "ZeroDivisionError" not in answer.text
    assert "ZeroDivisionError" in capsys.readouterr().err
