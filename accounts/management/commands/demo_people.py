"""The people of the demo shop, keys in its pools, and companies with a logo."""

import os
import secrets
from typing import Any

from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts import demo, license_keys, staff
from accounts.models import LicenseKey, User
from accounts.roles import ADMINISTRATOR, SHOP_MANAGER, SUPPORT
from shop.models import Edition

#: Name and role by the first part of the address at example.com.
PEOPLE = {
    "customer": ("Katrin Vogel", ""),
    "manager": ("Milan Brandt", SHOP_MANAGER),
    "admin": ("Aisha Okafor", ADMINISTRATOR),
    "support": ("Sam Lindqvist", SUPPORT),
}
KEYS_IN_A_POOL = 200


class Command(BaseCommand):
    """`manage.py demo_people`: may be run again, changes nothing that is there but the passwords."""

    help = "Makes the demo logins, with the password of DEMO_PASSWORD, fills empty key pools, draws logos."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--keys", type=int, default=KEYS_IN_A_POOL, help="keys for a pool that is empty")

    def handle(self, *args: Any, **options: Any) -> None:
        password = os.environ.get("DEMO_PASSWORD", "")
        if len(password) < 10:
            raise CommandError("Set DEMO_PASSWORD to a password of 10 characters or more.")
        with transaction.atomic():
            for name in PEOPLE:
                self._person(name, password)
            filled = sum(_fill(edition, options["keys"]) for edition in Edition.objects.filter(key_source="pool"))
            companies = demo.make_companies(User.objects.get(email="manager@example.com"))
        self.stdout.write(
            f"{len(PEOPLE)} demo logins are ready; {filled} key pools were filled, {companies} logos drawn."
        )

    def _person(self, name: str, password: str) -> None:
        email, (full_name, role) = f"{name}@example.com", PEOPLE[name]
        user = User.objects.filter(email=email).first() or User.objects.create_user(email, name=full_name)
        user.is_staff = bool(role)
        user.save()
        user.groups.set(Group.objects.filter(name=role))
        staff.vouch_for_address(user)
        if not user.check_password(password):
            user.set_password(password)
            user.save(update_fields=["password"])


def _fill(edition: Edition, count: int) -> bool:
    """Puts keys into a pool that never had any; as another vendor's they have a form of their own."""
    if LicenseKey.objects.filter(edition=edition).exists():
        return False
    texts = {f"{edition.sku.upper()}-{secrets.token_hex(8).upper()}" for _ in range(count)}
    LicenseKey.objects.bulk_create(LicenseKey(edition=edition, **license_keys.sealed(text)) for text in sorted(texts))
    return True
