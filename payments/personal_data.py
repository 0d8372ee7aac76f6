"""What payments store, column by column. What names a person at a provider stands on rows of its own."""

from payments.models import (
    Aftermath,
    Attempt,
    Dispute,
    FraudAssessment,
    FraudRules,
    FraudSighting,
    ProviderCall,
    RedactionItem,
    Reference,
    Refund,
    RefundUnit,
    Statement,
    WebhookEvent,
)
from privacy import inventory
from privacy.inventory import (
    Category,
    Days,
    Erasure,
    NotPersonal,
    Personal,
    PersonalData,
    Source,
    Subject,
    With,
)
from privacy.purposes import DELETION, FRAUD_PREVENTION, MANAGERS, NOBODY, PAYMENT, staff_link


@inventory.register(Attempt)
class AttemptData(PersonalData):
    facts = NotPersonal(
        "facts of a payment that name nobody",
        "id order number provider state amount currency is_live problem created_at captured_at next_look_at looks",
    )


#: What leads to a person goes when the order's person goes.
WITH_PARTY = With("shop.OrderParty", via="attempt__order")


def _provider_id() -> Personal:
    return Personal(
        category=Category.REFERENCE,
        purpose=PAYMENT,
        source=Source.PROVIDER,
        readers=MANAGERS,
        keep=WITH_PARTY,
        erasure=Erasure.RESTRICT,
        export=True,
        scrub=None,
    )


@inventory.register(Reference)
class ReferenceData(PersonalData):
    about = "your payment"
    subject = Subject(email="attempt__order__party__email", user="attempt__order__party__user")
    row = WITH_PARTY
    value = _provider_id()
    keys = NotPersonal("which attempt, and which kind of id", "id attempt kind")


@inventory.register(ProviderCall)
class ProviderCallData(PersonalData):
    about = "your payment"
    subject = Subject(email="attempt__order__party__email", user="attempt__order__party__user")
    row = Days(1, since="made_at", at="expires_at")  # six hours where PayPal remembers no longer: the trigger knows
    parameters = Personal(
        category=Category.FREE_TEXT,
        purpose=PAYMENT,
        source=Source.CHECKOUT,
        readers=NOBODY,
        keep=row,
        erasure=Erasure.DELETE_ROW,
        export=True,
        scrub=inventory.scrub_json,
    )
    keys = NotPersonal("which call", "id key attempt made_at expires_at")


@inventory.register(Refund)
class RefundData(PersonalData):
    about = "your refund"
    subject = Subject(email="attempt__order__party__email", user="attempt__order__party__user")
    provider_refund = _provider_id()
    requested_by = staff_link(WITH_PARTY)
    reason = Personal(
        category=Category.FREE_TEXT,
        purpose=PAYMENT,
        source=Source.STAFF,
        readers=MANAGERS,
        keep=WITH_PARTY,
        erasure=Erasure.CLEAR,
        export=True,
        scrub=inventory.scrub_text,
    )
    facts = NotPersonal(
        "facts of a refund that name nobody",
        "id attempt kind state amount tax requested_at finished_at next_try_at tries problem repeats",
    )


@inventory.register(RefundUnit)
class RefundUnitData(PersonalData):
    facts = NotPersonal("which unit, and its share", "id refund unit amount seats")


@inventory.register(Dispute)
class DisputeData(PersonalData):
    about = "your payment"
    subject = Subject(email="attempt__order__party__email", user="attempt__order__party__user")
    provider_dispute = Personal(
        category=Category.REFERENCE,
        purpose=PAYMENT,
        source=Source.PROVIDER,
        readers=MANAGERS,
        keep=WITH_PARTY,
        erasure=Erasure.RESTRICT,
        export=True,
        scrub=None,
    )
    facts = NotPersonal(
        "facts of a dispute that name nobody",
        "id attempt state amount withdrawn reason respond_by opened_at decided_at",
    )


@inventory.register(FraudRules)
class FraudRulesData(PersonalData):
    facts = NotPersonal(
        "what each sign of fraud is worth",
        "id valid_from hold_from refuse_from connection_and_billing connection_and_card card_and_billing other_browser "
        "disposable_email many_of_address many_of_card many_of_network large_amount provider_elevated provider_highest "
        "provider_unprotected earlier_dispute address_limit card_limit network_limit amount_limit",
    )


@inventory.register(FraudSighting)
class FraudSightingData(PersonalData):
    about = "your order"
    subject = Subject(email="order__party__email", user="order__party__user")
    row = Days(1, since="seen_at", at="expires_at")
    hash = Personal(
        category=Category.FRAUD,
        purpose=FRAUD_PREVENTION,
        source=Source.BROWSER,
        readers=NOBODY,
        keep=row,
        erasure=Erasure.DELETE_ROW,
        export=False,  # a keyed hash tells its owner nothing, and a thief which of his orders we can't connect
        scrub=None,
    )
    keys = NotPersonal("which order, what was hashed, and when", "id order kind seen_at expires_at")


@inventory.register(FraudAssessment)
class FraudAssessmentData(PersonalData):
    about = "your order"
    subject = Subject(email="order__party__email", user="order__party__user")
    row = Days("FRAUD_RETENTION_DAYS", since="settled_at", at="expires_at")
    reasons = Personal(
        category=Category.FRAUD,
        purpose=FRAUD_PREVENTION,
        source=Source.SHOP,
        readers=MANAGERS,
        keep=row,
        erasure=Erasure.DELETE_ROW,
        export=True,
        scrub=inventory.scrub_json,
    )
    score = Personal(
        category=Category.FRAUD,
        purpose=FRAUD_PREVENTION,
        source=Source.SHOP,
        readers=MANAGERS,
        keep=row,
        erasure=Erasure.DELETE_ROW,
        export=True,
        scrub=None,
    )
    verdict = Personal(
        category=Category.FRAUD,
        purpose=FRAUD_PREVENTION,
        source=Source.SHOP,
        readers=MANAGERS,
        keep=row,
        erasure=Erasure.DELETE_ROW,
        export=True,
        scrub=None,
    )
    let_in_by = staff_link(row)
    let_in_reason = Personal(
        category=Category.FREE_TEXT,
        purpose=FRAUD_PREVENTION,
        source=Source.STAFF,
        readers=MANAGERS,
        keep=row,
        erasure=Erasure.DELETE_ROW,
        export=True,
        scrub=inventory.scrub_text,
    )
    keys = NotPersonal(
        "which orders, by which rules, and when",
        "id order rules made_at settled_at let_in_at let_in_until let_in_order expires_at",
    )


#: The mail that says that a provider has erased is sent within this time.
REDACTED = Days(30, since="done_at", at="expires_at")


def _to_redact() -> Personal:
    return Personal(
        category=Category.REFERENCE,
        purpose=DELETION,
        source=Source.PROVIDER,
        readers=MANAGERS,
        keep=REDACTED,
        erasure=Erasure.RESTRICT,
        export=True,
        scrub=None,
    )


@inventory.register(RedactionItem)
class RedactionItemData(PersonalData):
    about = "your request for deletion"
    subject = Subject(email="attempt__order__party__email", user="attempt__order__party__user")
    row = REDACTED
    value = _to_redact()
    job = _to_redact()
    facts = NotPersonal(
        "which payment is to be erased at the provider, and when that was done",
        "id step attempt kind made_at done_at expires_at",
    )


@inventory.register(Aftermath)
class AftermathData(PersonalData):
    stands_for = "shop.OrderParty"
    row = Days(30, since="written_at", at="expires_at")
    facts = NotPersonal("that something was written after the person had left", "id order written_at expires_at")


@inventory.register(Statement)
class StatementData(PersonalData):
    facts = NotPersonal(
        "how far a provider's list was compared with our books",
        "id provider compared_until balanced_until is_blind",
    )


@inventory.register(WebhookEvent)
class WebhookEventData(PersonalData):
    about = "your payment"
    subject = Subject()
    row = Days(90, since="received_at", at="expires_at")
    object_id = Personal(
        category=Category.REFERENCE,
        purpose=PAYMENT,
        source=Source.PROVIDER,
        readers=MANAGERS,
        keep=row,
        erasure=Erasure.RESTRICT,
        export=False,
        scrub=None,
    )
    facts = NotPersonal(
        "that an event arrived; its body isn't stored",
        "id provider event_id kind received_at handled_at next_try_at tries expires_at",
    )


#: What happens at the dates that periods count from, for the policy.
inventory.name_moments(
    {
        "payments.Aftermath.written_at": "the last was written after the person had left the order",
        "payments.FraudAssessment.settled_at": "the order was let through, or a person decided",
        "payments.FraudSighting.seen_at": "you began to pay",
        "payments.RedactionItem.done_at": "the provider has erased",
        "payments.ProviderCall.made_at": "the provider was asked",
        "payments.WebhookEvent.received_at": "the provider’s message came",
    }
)
