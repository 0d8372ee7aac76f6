"""People at the desk, and what lies on it, for the tests of every app's admin."""

import time
import uuid
from datetime import date, timedelta
from decimal import Decimal
from itertools import count

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.test import Client

from accounts import cases, license_keys, roles
from accounts.models import CannedAnswer, CaseParty, KeyImport, License, LicenseKey, Logo, LogoManager, User
from payments.models import Attempt, Dispute, FraudAssessment, FraudRules, Refund, Statement, WebhookEvent
from privacy import alerts, clock, deletion_requests, holds, looks, mail_log, mail_wordings, mails
from privacy.exports import requests
from privacy.models import Export, Look, OutgoingMail, PolicyVersion
from shop import orders, pages, receipts
from shop.models import Category, Coupon, CouponUse, Order, OrderEvent, OrderParty, Price, TaxScheme
from shop.posts import writers, writing
from shop.posts.writing import Words
from tests.accounts import purchases

ROLES = (roles.ADMINISTRATOR, roles.SHOP_MANAGER, roles.SUPPORT)
_numbers = count(1)


def person(role: str = "", **fields: object) -> User:
    """A customer, or a staff member with `role`, with a confirmed address."""
    number = next(_numbers)
    user = User.objects.create_user(
        f"person-{number}@nordhafen.example", name=f"Kim {number}", is_staff=bool(role), **fields
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    if role:
        user.groups.add(Group.objects.get(name=role))
    return user


def enter(user: User) -> Client:
    """A browser in which this person signed in with a second factor."""
    Authenticator.objects.get_or_create(user=user, type=Authenticator.Type.TOTP, defaults={"data": {}})
    client = Client()
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": time.time()}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


def at_desk(role: str) -> Client:
    """The browser of a new staff member with this role."""
    return enter(person(role))


def search(client: Client, changelist: str, term: str, reason: str = "Question by phone about a refund") -> str:
    """Searches a list for people, saying why; the address of the list that answers."""
    return client.post(f"{changelist}search/", {"term": term, "reason": reason})["Location"]


def fill(times: int) -> None:
    """Puts `times` rows of everything on the desk: each list and panel has so many more."""
    for _ in range(times):
        number = next(_numbers)
        edition = purchases.edition(pool=2, low_pool_at=5)
        Price.objects.create(edition=edition, currency="EUR", amount=Decimal(119))
        edition.product.changes.create(version="1.0", released_on=clock.today(), text="First.")
        buyer, clerk = person(company="Nordhafen GmbH"), person(roles.ADMINISTRATOR)
        order = purchases.paid((edition, 1), user=buyer, email=buyer.email)
        receipts.issue(order)
        mail_to(order)
        words = Words(text="See www.cheap.example.", shown_as=f"Numbers {number}", title="Cheap", stars=3)
        writing.leave_review(writers.of_account(buyer.pk), edition.product, words)
        source = KeyImport.objects.create(edition=edition, imported_by=clerk, count=2)
        LicenseKey.objects.filter(edition=edition).update(key_import=source)
        orders.record(order, OrderEvent.Kind.MAIL_SENT, by=buyer)
        now = clock.now()
        attempt = Attempt.objects.create(
            order=order, number=1, provider="stripe", state="captured", amount=119, currency="EUR", captured_at=now
        )
        Refund.objects.create(
            attempt=attempt, kind="amount", amount=19, state="succeeded", finished_at=now, requested_by=clerk
        )
        Refund.objects.create(attempt=attempt, kind="amount", amount=1, state="failed", finished_at=now)
        Dispute.objects.create(attempt=attempt, provider_dispute=f"du_{number}", amount=1, reason="fraudulent")
        Statement.objects.create(
            provider=f"bank-{number}", compared_until=now, balanced_until=now.date(), is_blind=True
        )
        held = purchases.order((edition, 1))
        orders.hold(held.pk, by=clerk, reason="Looks odd.")
        signs = [{"signal": "large_amount", "points": 15, "words": "The total is 10,000 EUR or more."}]
        FraudAssessment.objects.create(order=held, score=15, verdict="hold", reasons=signs)
        Attempt.objects.create(
            order=held,
            number=1,
            provider="stripe",
            state="processing",
            amount=119,
            currency="EUR",
            created_at=now - timedelta(days=2),
        )
        purchases.paid((purchases.edition(pool=0), 1))
        WebhookEvent.objects.create(provider="stripe", event_id=str(uuid.uuid4()), kind="charge.failed", tries=9)
        alerts.raise_alert("test", str(number), f"Alert {number}.")
        requests.ask_for(f"guest-{number}@nordhafen.example", by=clerk, reason="Asked by letter.")
        holds.place(holds.kinds()[0], order.number, by=clerk, reason="A court asks.")
        PolicyVersion.objects.create(
            number=1000 + number, published_at=now, digest=f"{number:064}", content={"parts": []}
        )
        deletion_requests.receive(
            channel="mail", address=buyer.email, text="Delete my data.", reasons=["asks for deletion"]
        )
        wish = cases.Request(kind="complaint", email=buyer.email, name=buyer.name, text="It fails.")
        cases.assign(cases.receive(wish, order, channel="order", user=buyer).pk, to=clerk, by=clerk)
        CannedAnswer.objects.create(title=f"Answer {number}", text="Hello {name}.")
        looks.record(by=clerk, kind=Look.Kind.ORDER, model=OrderParty, object_id=order.pk, purpose="A question.")
        mails.queue("test", number)
        OutgoingMail.objects.filter(kind="test").update(state="failed")
        mail_wordings.write("order_cancelled", f"x{number}", subject="Gone", intro="")
        Category.objects.create(slug=f"shelf-{number}", name=f"Shelf {number}", code="SHELF")
        pages.publish(f"page-{number}", f"Page {number}", "Text.")
        begins = date(4000, 1, 1) + timedelta(days=2 * number)
        FraudRules.objects.create(valid_from=begins)
        logo = Logo.objects.create(company=f"Logo {number} GmbH")
        LogoManager.objects.create(logo=logo, user=buyer)
        coupon = Coupon.objects.create(code=f"SPRING-{number}", percent=10)
        coupon.amounts.create(currency="EUR", minimum=20)
        CouponUse.objects.create(coupon=coupon, order=order)
        TaxScheme.objects.create(country="DE", valid_from=begins, valid_until=begins + timedelta(days=1))


def mail_to(order: Order) -> OutgoingMail:
    """The confirmation of an order, which was sent to its buyer and came back."""
    mail = OutgoingMail.objects.get(kind="order_confirmation", object_id=order.pk)
    mail.state, mail.sent_at, mail.bounced_at, mail.bounce = "sent", clock.now(), clock.now(), "5.1.1"
    mail.save()
    mail_log.write(mail, address=order.party.email, message_id=mails.message_id(mail))
    return mail


def license_of(order: Order) -> License:
    """The license of the first unit of an order."""
    return License.objects.filter(unit__line__order=order).order_by("pk")[0]


def secrets() -> list[str]:
    """What no page may show: keys in clear and as they are stored, hashes of passwords, tokens of links."""
    keys = LicenseKey.objects.all()
    stored = [part for key in keys for part in (license_keys.text_of(key), key.digest, bytes(key.ciphertext).hex())]
    links = [part for order in Order.objects.all() for part in (orders.token(order), order.link_hash)]
    exports = [part for export in Export.objects.all() for part in (requests.token(export), export.link_hash)]
    return stored + links + exports + [user.password for user in User.objects.all()]


def addresses() -> list[str]:
    """Every e-mail address that the shop knows."""
    parties = (OrderParty, CaseParty)
    of_parties = [email for model in parties for email in model.objects.values_list("email", flat=True)]
    return [*User.objects.values_list("email", flat=True), *of_parties]


def names_of_customers() -> list[str]:
    """Every name and company of somebody who isn't staff."""
    of_accounts = User.objects.filter(is_staff=False).values_list("name", "company")
    of_orders = OrderParty.objects.values_list("name", "company")
    return [value for row in [*of_accounts, *of_orders] for value in row if value]
