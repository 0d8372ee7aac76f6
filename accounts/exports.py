"""How accounts, licenses and keys are shown to their person, and whose address is whose."""

from functools import reduce
from operator import or_
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db.models import Field, Prefetch, Q, QuerySet

from accounts import license_keys
from accounts.cases import exports as exports_of_cases  # noqa: F401  (registers itself)
from accounts.licenses.opening import SHOWN_STATES
from accounts.models import Address, Device, License, LicenseKey, Logo, LogoManager, LogoPicture, User
from privacy import look_alikes, looks, mail_addresses, people
from privacy.exports import presenters
from privacy.exports.presenters import Presenter
from privacy.models import Look
from shop.exports import country_words

SEALED = "sealed: nobody has seen it, and it isn't shown here either"


class ConfirmedAddresses:
    """See `privacy.people.Accounts`. An address that isn't confirmed may be anybody's: it counts for nobody."""

    def addresses_of(self, user_id: int) -> frozenset[str]:
        """The confirmed addresses of an account."""
        found = EmailAddress.objects.filter(user_id=user_id, verified=True).values_list("email", flat=True)
        return frozenset(address.lower() for address in found)

    def with_address(self, address: str) -> frozenset[int]:
        """The account that has confirmed this address, in whatever spelling: one at most."""
        spelled = reduce(or_, (Q(email__iexact=each) for each in mail_addresses.spellings([address])))
        return frozenset(EmailAddress.objects.filter(spelled, verified=True).values_list("user_id", flat=True))

    def closed(self) -> QuerySet[User]:
        """Accounts that their people have closed."""
        return User.objects.filter(closed_at__isnull=False)


people.register(ConfirmedAddresses())


def _address_of_account(number: str) -> list[str]:
    """The address of an account, by its number."""
    is_number = number.isascii() and number.isdigit() and len(number) < 19
    return list(User.objects.filter(pk=number).values_list("email", flat=True)) if is_number else []


look_alikes.register_finder("account number", _address_of_account)
looks.register(User, Look.Kind.CUSTOMER)
looks.register(License, Look.Kind.LICENSE)
looks.register(LicenseKey, Look.Kind.LICENSE)
looks.register(Logo, Look.Kind.CUSTOMER)


@presenters.of(User)
class Account(Presenter):
    title, one, many, position = "Your account", "account", "accounts", 10
    labels = {"last_login": "Last signed in", "joined_at": "Made on", "closed_at": "Closed on"}
    correct_at, has_values = "account_profile", True


@presenters.of(EmailAddress)
class EmailAddresses(Presenter):
    title, one, many, position = "E-mail addresses of your account", "address", "addresses", 11
    labels = {"email": "E-mail address"}
    correct_at, has_values = "account_email", True

    def facts(self, row: EmailAddress, *, for_staff: bool) -> dict[str, Any]:
        return {"confirmed": row.verified, "signs_you_in": row.primary}


@presenters.of(Address)
class Addresses(Presenter):
    title, one, many, position = "Saved addresses", "saved address", "saved addresses", 12
    labels = {"vat_number": "VAT number", "region": "State or region", "street": "Street and number", "city": "Town"}
    correct_at = "account_addresses"

    def heading(self, row: Address) -> str:
        return row.name

    def words(self, field: "Field[Any, Any]", value: Any) -> str:
        return country_words(field, value)


@presenters.of(Device)
class Devices(Presenter):
    title, one, many, position = "Where you are signed in", "device", "devices", 50
    labels = {"browser_family": "Browser", "signed_in_at": "Signed in on", "last_seen_on": "Last used on"}
    correct_at = "account_devices"

    def words(self, field: "Field[Any, Any]", value: Any) -> str:
        return country_words(field, value)


@presenters.of(Authenticator)
class WaysToSignIn(Presenter):
    """That there is one, not its secret."""

    title, one, many, position = "Passkeys, apps and recovery codes", "way to sign in", "ways to sign in", 51
    correct_at = "mfa_index"

    def facts(self, row: Authenticator, *, for_staff: bool) -> dict[str, Any]:
        kind = Authenticator.Type(row.type).label
        return {"kind": str(kind), "added_at": row.created_at, "last_used_at": row.last_used_at}


@presenters.of(License)
class Licenses(Presenter):
    title, one, many, position = "Licenses", "license", "licenses", 30
    labels = {"unit": "Link to the order"}
    correct_at = "account_licenses"

    def joined(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("unit__line__order")

    def heading(self, row: License) -> str:
        return f"{row.product_name} {row.edition_name}"

    def facts(self, row: License, *, for_staff: bool) -> dict[str, Any]:
        return {
            "product": row.product_name,
            "edition": row.edition_name,
            "seats": row.seats,
            "devices_a_seat": row.devices,
            "began_at": row.starts_at,
            "ends_at": row.ends_at,
            "order": row.unit.line.order.number if row.unit else None,
        }


@presenters.of(LicenseKey)
class LicenseKeys(Presenter):
    """Keys that were opened stand in clear, for their person alone: staff see the end, as at the desk."""

    title, one, many, position = "License keys", "license key", "license keys", 31
    labels = {"unit": "Link to the order"}
    correct_at = "account_licenses"

    def joined(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.filter(state__in=SHOWN_STATES).select_related("license", "unit__line__order")

    def heading(self, row: LicenseKey) -> str:
        return str(row.license or "")

    def facts(self, row: LicenseKey, *, for_staff: bool) -> dict[str, Any]:
        return {
            "key": _text(row, for_staff=for_staff),
            "state": row.get_state_display(),
            "assigned_at": row.assigned_at,
            "opened_at": row.opened_at,
            "order": row.unit.line.order.number if row.unit else None,
        }


@presenters.of(Logo)
class Logos(Presenter):
    """The drawing itself is a file, which the account's page shows."""

    title, one, many, position = "Logo of your company", "logo", "logos", 40
    labels = {"submitted_at": "Handed in on", "reason": "Why it isn’t shown"}
    correct_at, has_values = "account_logo", True

    def joined(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.prefetch_related("products", Prefetch("pictures", LogoPicture.objects.defer("content")))

    def heading(self, row: Logo) -> str:
        return row.company

    def facts(self, row: Logo, *, for_staff: bool) -> dict[str, Any]:
        return {
            "state": row.get_state_display(),
            "decided_at": row.decided_at,
            "products": ", ".join(product.name for product in row.products.all()),
            "drawings": ", ".join(f"{each.kind}, {each.width} × {each.height}" for each in row.pictures.all()),
        }


@presenters.of(LogoManager)
class ManagedLogos(Presenter):
    title, one, many, position = "Whose logo you manage", "logo", "logos", 41
    labels = {"since": "Since"}
    correct_at = "account_logo"

    def joined(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("logo")

    def heading(self, row: LogoManager) -> str:
        return row.logo.company


def _text(key: LicenseKey, *, for_staff: bool) -> str:
    if key.opened_at is None:
        return SEALED
    text = license_keys.text_of(key)
    return f"… {text[-license_keys.GROUP :]}" if for_staff else text
