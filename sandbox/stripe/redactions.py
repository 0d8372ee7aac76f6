"""Redaction jobs, in preview at Stripe: https://docs.stripe.com/api/privacy/redaction-job.

A job is validated, waits to be run, and then takes what names a person out of the objects. Here each of the two goes on
with the next request. An account may not have them: the switch `redaction` says so.
"""

from typing import Any

from sandbox.objects import Document
from sandbox.provider import Provider
from sandbox.stripe.answers import EXPAND, retrieve
from sandbox.stripe.errors import StripeError
from sandbox.stripe.identifiers import new
from sandbox.stripe.parameters import Choice, Fields, ListOf

KIND = "privacy.redaction_job"
#: Lists of a job's objects, and the kind of object in each.
LISTS = {"checkout_sessions": "checkout.session", "payment_intents": "payment_intent", "charges": "charge"}
OBJECTS = Fields(required=True, known={name: ListOf() for name in LISTS})
CREATE = Fields(
    known={"objects": OBJECTS, "validation_behavior": Choice(values=("error", "fix")), **EXPAND},
)
REDACTED = "[redacted]"
#: An open dispute needs what a redaction would take away.
OPEN_DISPUTES = {"needs_response", "under_review", "warning_needs_response", "warning_under_review"}


def create(sandbox: Provider, wishes: dict[str, Any]) -> Document:
    """A new job, which is being validated. Raises StripeError where the account has none, or an object is unknown."""
    if not sandbox.switches["redaction"]:
        raise StripeError("This account has no access to redaction jobs.", status=403, code="feature_not_available")
    objects = {name: ids for name, ids in wishes["objects"].items() if ids}
    if not objects:
        raise StripeError("Name at least one object.", code="parameter_missing", param="objects")
    for name, ids in objects.items():
        for identifier in ids:
            retrieve(sandbox, LISTS[name], identifier, param=f"objects[{name}]")
    return sandbox.objects.add(
        KIND,
        {
            "id": new("prj"),
            "object": KIND,
            "created": sandbox.clock.now(),
            "livemode": False,
            "objects": objects,
            "status": "validating",
            "validation_behavior": wishes.get("validation_behavior", "error"),
        },
    )


def run(sandbox: Provider, identifier: str) -> Document:
    """Begins to redact. Raises StripeError for a job that isn't ready."""
    job = retrieve(sandbox, KIND, identifier, param="job")
    if job["status"] != "ready":
        raise StripeError(f"The job is {job['status']}, not ready.", code="resource_invalid_state", param="job")
    job["status"] = "redacting"
    sandbox.objects.save(job)
    return job


def settle(sandbox: Provider) -> None:
    """Ends what is being validated, and what is being redacted."""
    for job in sandbox.objects.of(KIND):
        if job["status"] == "validating":
            job["status"] = (
                "failed" if any(_is_disputed(sandbox, charge) for charge in _charges(sandbox, job)) else "ready"
            )
            sandbox.objects.save(job)
        elif job["status"] == "redacting":
            _redact(sandbox, job)
            job["status"] = "succeeded"
            sandbox.objects.save(job)


def _charges(sandbox: Provider, job: Document) -> list[Document]:
    """The charges of a job: those named, and those of the payments and sessions that are."""
    named = job["objects"]
    intents = set(named.get("payment_intents", []))
    for identifier in named.get("checkout_sessions", []):
        intents.add(retrieve(sandbox, "checkout.session", identifier)["payment_intent"])
    charges = sandbox.objects.of("charge")
    return [each for each in charges if each["payment_intent"] in intents or each["id"] in named.get("charges", [])]


def _is_disputed(sandbox: Provider, charge: Document) -> bool:
    disputes = sandbox.objects.of("dispute")
    return any(each["charge"] == charge["id"] and each["status"] in OPEN_DISPUTES for each in disputes)


def _redact(sandbox: Provider, job: Document) -> None:
    for charge in _charges(sandbox, job):
        charge["billing_details"] = {**charge["billing_details"], "email": REDACTED, "name": REDACTED}
        sandbox.objects.save(charge)
    for identifier in job["objects"].get("checkout_sessions", []):
        session = retrieve(sandbox, "checkout.session", identifier)
        session["customer_email"] = REDACTED
        if session["customer_details"]:
            session["customer_details"] = {**session["customer_details"], "email": REDACTED, "name": REDACTED}
        sandbox.objects.save(session)
