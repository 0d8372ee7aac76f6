from collections.abc import Callable
from typing import Any

import pytest
import stripe as stripe_package
from stripe import StripeClient

from sandbox.running import StripeSandbox

JOBS = "/v1/privacy/redaction_jobs"


def job(client: StripeClient, method: str = "post", path: str = JOBS, **fields: Any) -> dict[str, Any]:
    return client.raw_request(method, path, **fields).data


@pytest.fixture
def session(new_session: Callable[..., Any], stripe_sandbox: StripeSandbox) -> str:
    made = str(new_session()["id"])
    stripe_sandbox.pay(made)
    return made


def test_a_job_is_validated_run_and_takes_the_names_out(
    client: StripeClient, session: str, stripe_sandbox: StripeSandbox
) -> None:
    made = job(client, objects={"checkout_sessions": [session]})
    assert made["status"] == "validating"
    address = f"{JOBS}/{made['id']}"
    assert job(client, "get", address)["status"] == "ready"
    assert job(client, path=f"{address}/run")["status"] == "redacting"
    assert job(client, "get", address)["status"] == "succeeded"
    (charge,) = stripe_sandbox.provider.objects.of("charge")
    assert (charge["billing_details"]["email"], charge["amount"]) == ("[redacted]", charge["amount_captured"])


def test_a_disputed_payment_is_refused_and_a_job_that_is_not_ready_is_not_run(
    client: StripeClient, session: str, stripe_sandbox: StripeSandbox
) -> None:
    intent = client.v1.checkout.sessions.retrieve(session)["payment_intent"]
    stripe_sandbox.act("open_dispute", intent)
    made = job(client, objects={"payment_intents": [intent]})
    assert job(client, "get", f"{JOBS}/{made['id']}")["status"] == "failed"
    with pytest.raises(stripe_package.InvalidRequestError, match="failed, not ready"):
        job(client, path=f"{JOBS}/{made['id']}/run")


def test_an_account_without_it_an_unknown_object_and_nothing_are_refused(
    client: StripeClient, session: str, stripe_sandbox: StripeSandbox
) -> None:
    with pytest.raises(stripe_package.InvalidRequestError, match="No such checkout"):
        job(client, objects={"checkout_sessions": ["cs_unknown"]})
    with pytest.raises(stripe_package.InvalidRequestError, match="objects"):
        job(client)
    stripe_sandbox.switch(redaction=False)
    with pytest.raises(stripe_package.StripeError) as refused:
        job(client, objects={"checkout_sessions": [session]})
    assert refused.value.http_status == 403
