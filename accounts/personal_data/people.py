"""What accounts store, column by column; the tables of Django's and allauth's own apps about people included."""

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.sessions.models import Session

from accounts.models import Address, Device, KeyImport, License, LicenseKey, Suspension, User
from privacy import inventory
from privacy.inventory import (
    Category,
    Days,
    Erasure,
    Keep,
    NotPersonal,
    Personal,
    PersonalData,
    Purpose,
    Reader,
    Source,
    Subject,
    UntilErased,
    With,
    Years,
)
from privacy.purposes import (
    ACCOUNT,
    CUSTOMER_AND_STAFF,
    CUSTOMER_ONLY,
    FULFILMENT,
    MANAGERS,
    NOBODY,
    SECURITY,
    STAFF_WORK,
    staff_link,
)

WHILE_ACCOUNT_LIVES = UntilErased(
    f"the account is erased: on request, or after {settings.ACCOUNT_RETENTION_YEARS} years without use"
)
WHILE_STAFF = UntilErased("the role is taken away, or the account is erased")
#: What goes with the session of a browser that is signed in.
SESSION = Days(0, since="expire_date", at="expire_date")
WITH_SESSION = With("sessions.Session", via="session")
CONFIRMATION = Days(3, since="created", at="created")
STAFF_LOG = Years("ORDER_RETENTION_YEARS", since="action_time", at="action_time")
#: What leads from a license to its order goes when the order's person goes.
WITH_PARTY = With("shop.OrderParty", via="unit__line__order")


def _own(
    category: Category,
    *,
    purpose: Purpose = ACCOUNT,
    readers: frozenset[Reader] = CUSTOMER_AND_STAFF,
    source: Source = Source.ACCOUNT,
    keep: Keep = WHILE_ACCOUNT_LIVES,
    erasure: Erasure = Erasure.DELETE_ROW,
    export: bool = True,
) -> Personal:
    """A column that lives and goes with the account, unless it says otherwise."""
    return Personal(
        category=category,
        purpose=purpose,
        source=source,
        readers=readers,
        keep=keep,
        erasure=erasure,
        export=export,
        scrub=None,
    )


def _credential() -> Personal:
    return _own(Category.CREDENTIAL, purpose=SECURITY, readers=NOBODY, export=False)


@inventory.register(User)
class UserData(PersonalData):
    about = "your account"
    subject = Subject(email="email", user="pk")
    email = _own(Category.EMAIL)
    name = _own(Category.NAME)
    company = _own(Category.COMPANY)
    password = _credential()
    last_login = _own(Category.ACTIVITY, purpose=SECURITY, source=Source.SHOP)
    joined_at = _own(Category.ACTIVITY, source=Source.SHOP)
    closed_at = _own(Category.ACTIVITY, source=Source.SHOP)
    policy_version = _own(Category.PREFERENCE, source=Source.SHOP)
    last_used_on = _own(Category.ACTIVITY, source=Source.SHOP)
    facts = NotPersonal("what the account may do", "id is_staff is_active is_superuser")
    dates = NotPersonal("when an unused account is warned and erased", "warned_at in_use_until warn_at expires_at")


@inventory.register(Address)
class AddressData(PersonalData):
    about = "your account"
    subject = Subject(user="user")
    user = _own(Category.ADDRESS)
    name = _own(Category.NAME)
    company = _own(Category.COMPANY)
    vat_number = _own(Category.TAX_NUMBER)
    street = _own(Category.ADDRESS)
    postal_code = _own(Category.ADDRESS)
    city = _own(Category.ADDRESS)
    region = _own(Category.ADDRESS)
    country = _own(Category.ADDRESS)
    keys = NotPersonal("keys", "id is_default")


def _of_device(category: Category) -> Personal:
    return _own(category, purpose=SECURITY, source=Source.BROWSER, readers=CUSTOMER_ONLY, keep=WITH_SESSION)


@inventory.register(Device)
class DeviceData(PersonalData):
    about = "a browser where you are signed in"
    subject = Subject(user="user")
    row = WITH_SESSION
    user = _of_device(Category.DEVICE)
    browser_family = _of_device(Category.DEVICE)
    country = _of_device(Category.DEVICE)
    signed_in_at = _of_device(Category.ACTIVITY)
    last_seen_on = _of_device(Category.ACTIVITY)
    keys = NotPersonal("keys", "id session")


@inventory.register(License)
class LicenseData(PersonalData):
    about = "your license"
    subject = Subject(email="unit__line__order__party__email", user="user")
    user = _own(
        Category.PURCHASE,
        purpose=FULFILMENT,
        source=Source.SHOP,
        keep=UntilErased("the account is erased; the license itself goes on"),
        erasure=Erasure.UNLINK,
    )
    unit = _own(
        Category.PURCHASE,
        purpose=FULFILMENT,
        source=Source.SHOP,
        keep=WITH_PARTY,
        erasure=Erasure.RESTRICT,
    )
    facts = NotPersonal(
        "which software, for how many, how long",
        "id edition product_name edition_name mark seats devices starts_at ends_at",
    )
    link_hash = NotPersonal("hash of a link; it names nobody and keeps a guest's sealed key reachable")


@inventory.register(LicenseKey)
class LicenseKeyData(PersonalData):
    about = "your license"
    subject = Subject(email="unit__line__order__party__email", user="license__user")
    unit = _own(
        Category.PURCHASE,
        purpose=FULFILMENT,
        source=Source.SHOP,
        keep=WITH_PARTY,
        erasure=Erasure.RESTRICT,
    )
    facts = NotPersonal(
        "a key, encrypted, and its state; it names nobody by itself",
        "id edition state ciphertext digest is_generated key_import license reserved_until assigned_at opened_at",
    )


@inventory.register(KeyImport)
class KeyImportData(PersonalData):
    about = "the shop’s stock of keys"
    subject = Subject(user="imported_by")
    imported_by = staff_link(Years("ORDER_RETENTION_YEARS", since="imported_at", at="expires_at"))
    facts = NotPersonal("which edition, how many keys, when", "id edition imported_at count expires_at")


@inventory.register(Suspension)
class SuspensionData(PersonalData):
    row = With("shop.OrderParty", via="license_key__unit__line__order")
    facts = NotPersonal("why a key can't be used", "id license_key reason about started_at ended_at")


@inventory.register("accounts.User_groups")
class UserGroupsData(PersonalData):
    about = "a staff member’s account"
    subject = Subject(user="user")
    user = staff_link(WHILE_STAFF, erasure=Erasure.DELETE_ROW)
    keys = NotPersonal("keys", "id group")


@inventory.register("accounts.User_user_permissions")
class UserPermissionsData(PersonalData):
    about = "a staff member’s account"
    subject = Subject(user="user")
    user = staff_link(WHILE_STAFF, erasure=Erasure.DELETE_ROW)
    keys = NotPersonal("keys", "id permission")


@inventory.register(EmailAddress)
class EmailAddressData(PersonalData):
    about = "your account"
    subject = Subject(email="email", user="user")
    user = _own(Category.EMAIL)
    email = _own(Category.EMAIL)
    keys = NotPersonal("state of the address", "id verified primary")


@inventory.register(EmailConfirmation)
class EmailConfirmationData(PersonalData):
    about = "a mail that confirms your address"
    subject = Subject(email="email_address__email", user="email_address__user")
    row = CONFIRMATION
    key = _own(Category.CREDENTIAL, purpose=SECURITY, readers=NOBODY, keep=CONFIRMATION, export=False)
    keys = NotPersonal("keys and times", "id email_address created sent")


@inventory.register(Authenticator)
class AuthenticatorData(PersonalData):
    about = "your second factor"
    subject = Subject(user="user")
    user = _own(Category.CREDENTIAL, purpose=SECURITY)
    data = Personal(
        category=Category.CREDENTIAL,
        purpose=SECURITY,
        source=Source.ACCOUNT,
        readers=NOBODY,
        keep=WHILE_ACCOUNT_LIVES,
        erasure=Erasure.DELETE_ROW,
        export=False,
        scrub=inventory.scrub_json,
    )
    keys = NotPersonal("kind and times", "id type created_at last_used_at")


@inventory.register(Session)
class SessionData(PersonalData):
    about = "a browser where you are signed in"
    subject = Subject(user="device__user")
    row = SESSION
    session_key = _own(Category.CREDENTIAL, purpose=SECURITY, readers=NOBODY, keep=SESSION, export=False)
    session_data = Personal(
        category=Category.CREDENTIAL,
        purpose=SECURITY,
        source=Source.SHOP,
        readers=NOBODY,
        keep=SESSION,
        erasure=Erasure.DELETE_ROW,
        export=False,
        scrub=inventory.scrub_text,
    )
    expire_date = NotPersonal("when it ends")


@inventory.register(LogEntry)
class LogEntryData(PersonalData):
    about = "the desk’s log"
    subject = Subject(user="user")
    row = STAFF_LOG
    user = staff_link(STAFF_LOG, erasure=Erasure.DELETE_ROW)
    object_repr = Personal(
        category=Category.FREE_TEXT,
        purpose=STAFF_WORK,
        source=Source.SHOP,
        readers=MANAGERS,
        keep=STAFF_LOG,
        erasure=Erasure.CLEAR,
        export=False,
        scrub=inventory.scrub_text,
    )
    change_message = Personal(
        category=Category.FREE_TEXT,
        purpose=STAFF_WORK,
        source=Source.SHOP,
        readers=MANAGERS,
        keep=STAFF_LOG,
        erasure=Erasure.CLEAR,
        export=False,
        scrub=inventory.scrub_text,
    )
    facts = NotPersonal("which row, which deed, when", "id action_time content_type object_id action_flag")


@inventory.register(Group)
class GroupData(PersonalData):
    facts = NotPersonal("a role", "id name")


@inventory.register(Permission)
class PermissionData(PersonalData):
    facts = NotPersonal("what a role may do", "id name content_type codename")


@inventory.register("auth.Group_permissions")
class GroupPermissionsData(PersonalData):
    facts = NotPersonal("what a role may do", "id group permission")


#: What happens at the dates that periods count from, for the policy.
inventory.name_moments(
    {
        "accounts.User.joined_at": "the account was made",
        "accounts.KeyImport.imported_at": "the keys were imported",
        "account.EmailConfirmation.created": "the mail was sent",
        "sessions.Session.expire_date": "the sign-in ends",
        "admin.LogEntry.action_time": "the deed",
    }
)
