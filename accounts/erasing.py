"""What a deletion does with accounts: they are erased as unused ones are, and their licenses go on without them."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, cast

from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.cache import caches
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts import unused
from accounts.branding.deciding import DECLINED_MAIL, PUBLISHED_MAIL
from accounts.cases import erasing as erasing_of_cases  # noqa: F401  (registers itself)
from accounts.models import License, LicenseKey, Logo, LogoManager, User
from privacy import clock, page_version
from privacy.cache import DeclaredCache
from privacy.erasure import erasers, losses, outbox, persons, refusals, steps
from privacy.erasure.cases import Case
from privacy.erasure.erasers import Eraser, Judged
from privacy.erasure.verdicts import DELETED, Deed, Verdict
from shop import words
from shop.erasing import orders_of

STAFF = Verdict(Deed.REFUSED, "kept", "it is a staff member's account: an Administrator takes the role away first")


@erasers.of(User)
class Accounts(Eraser):
    """The account itself goes last: until then it leads to everything else."""

    position = 90

    def rows(self, case: Case) -> QuerySet[Any]:
        return User.objects.filter(pk__in=case.person.users)

    def came_since(self, case: Case, moment: datetime) -> bool:
        return self.rows(case).filter(joined_at__gt=moment).exists()

    def judge(self, keys: Sequence[Any], case: Case) -> Judged:
        staff = set(User.objects.filter(pk__in=keys, is_staff=True).values_list("pk", flat=True))
        return {key: STAFF if key in staff else DELETED for key in keys}

    def carry_out(self, judged: Judged, case: Case) -> int:
        gone = [key for key, verdict in judged.items() if verdict == DELETED]
        _clear_log(gone)
        unused.erase(gone)
        return len(gone)


@erasers.of(EmailAddress)
class EmailAddresses(Eraser):
    """The account's addresses, and the person's where another account claims one without having confirmed it."""

    def rows(self, case: Case) -> QuerySet[Any]:
        claimed = Q(email__in=case.person.addresses, verified=False)
        return EmailAddress.objects.filter(Q(user__in=case.person.users) | claimed)


@erasers.of(License)
class Licenses(Eraser):
    """A license is taken out of the account and goes on; what leads to its order goes with the order's person."""

    def rows(self, case: Case) -> QuerySet[Any]:
        return License.objects.filter(user__in=case.person.users)


def _clear_log(users: Sequence[int]) -> None:
    """What the desk's log says about accounts: their rows are named there as people are called."""
    if users:
        about = LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(User), object_id__in=[str(user) for user in users]
        )
        about.update(object_repr="", change_message="")


@persons.register
def under(addresses: frozenset[str]) -> frozenset[int]:
    """The accounts under these addresses, be they confirmed or not; a closed one has none."""
    found = User.objects.filter(email__in=addresses, closed_at__isnull=True)
    return frozenset(found.values_list("pk", flat=True))


@refusals.register
def staff(case: Case) -> Iterator[str]:
    """Nobody of the shop's people is erased while they are: their work is on record."""
    if User.objects.filter(pk__in=case.person.users, is_staff=True).exists():
        yield "This person has an account of the staff. An Administrator takes the role away first."


@losses.tell
def licenses(case: Case) -> Iterator[str]:
    """Licenses that run, and keys that nobody has seen: they go on, but no account shows them any more."""
    usable = LicenseKey.objects.filter(
        license=OuterRef("pk"), state__in=[LicenseKey.State.ASSIGNED, LicenseKey.State.SUSPENDED]
    )
    of_orders = License.objects.filter(unit__line__order__in=case.once(orders_of)).values_list("pk", flat=True)
    linked = License.objects.filter(user__in=case.person.users).values_list("pk", flat=True)
    theirs = {*of_orders, *linked}
    running = License.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=clock.now()), Exists(usable), pk__in=theirs
    )
    sealed = Exists(usable.filter(opened_at__isnull=True))
    for row in running.annotate(is_sealed=sealed).order_by("pk") if theirs else ():
        until = f"until {words.day(row.ends_at.date())}" if row.ends_at else "without an end"
        way = (
            "its key is sealed: only the order’s link, which is in the confirmation’s mail, still opens it"
            if row.is_sealed
            else "its key goes on working, and adds it to another account"
        )
        yield f"{row}, {until}: {way}."


@outbox.about("account_unused", "deletion_letter")
def accounts(case: Case) -> Iterable[int]:
    """The person's accounts."""
    return case.person.users


@outbox.about(PUBLISHED_MAIL, DECLINED_MAIL)
def managers_of_logos(case: Case) -> Iterable[int]:
    """That the person manages a logo: what tells colleagues of it stays."""
    return LogoManager.objects.filter(user__in=case.person.users).values_list("pk", flat=True)


def forget_tries(case: Case, _plan: str = "") -> int:
    """Removes what Redis counts under the person's addresses and accounts: tries to sign in, and used codes."""
    ends = [
        *(f":{hashlib.sha256(address.encode()).hexdigest()}" for address in case.person.addresses),
        *(f":user:{user}" for user in case.person.users),
    ]
    patterns = [f"*:allauth:rl:*{end}" for end in ends]
    patterns += [f"*:allauth.mfa.totp.used?user={user}&*" for user in case.person.users]
    return cast(DeclaredCache, caches["default"]).forget(patterns)


steps.register(steps.LocalStep("cache:sign-in", 181, forget_tries, is_outside=True))


@erasers.of(Logo)
class Logos(Eraser):
    """A company's logo goes with the last person who manages it; a colleague keeps it."""

    position = 40

    def rows(self, case: Case) -> QuerySet[Any]:
        return _without_others(Logo.objects.all(), case)

    def judge(self, keys: Sequence[Any], case: Case) -> Judged:
        """Whoever joined before the lock was taken keeps it: then this deletion has nothing to say about the logo."""
        alone = set(_without_others(Logo.objects.filter(pk__in=keys), case).values_list("pk", flat=True))
        return {key: DELETED for key in keys if key in alone}

    def carry_out(self, judged: Judged, case: Case) -> int:
        page_version.renew()
        return super().carry_out(judged, case)


@erasers.of(LogoManager)
class LogoManagers(Eraser):
    """That a person manages a logo. The logo is locked first, as everybody does who changes who manages it."""

    position = 41

    def rows(self, case: Case) -> QuerySet[Any]:
        return LogoManager.objects.filter(user__in=case.person.users)

    def lock(self, keys: Sequence[Any]) -> list[Any]:
        list(Logo.objects.select_for_update().filter(managers__in=keys).order_by("pk"))
        return super().lock(keys)


def _without_others(logos: QuerySet[Logo], case: Case) -> QuerySet[Logo]:
    """Those of `logos` that this person manages and nobody else."""
    own, others = (LogoManager.objects.filter(logo=OuterRef("pk")) for _ in range(2))
    users = case.person.users
    return logos.filter(Exists(own.filter(user__in=users)), ~Exists(others.exclude(user__in=users)))
