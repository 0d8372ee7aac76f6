"""People with an account, their addresses, and the places where they are signed in."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from privacy import clock


class UserManager(BaseUserManager["User"]):
    """Makes users by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A customer. The address is kept in lower case, so that one mailbox is one account."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person who may do everything. Whoever makes one at the console vouches for the address."""
        from allauth.account.models import EmailAddress  # needs this module's user

        user = self.create_user(email, password, is_staff=True, is_superuser=True, **fields)
        EmailAddress.objects.using(self._db).create(user=user, email=user.email, verified=True, primary=True)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A customer or a staff member, who signs in by e-mail address.

    A trigger writes when an unused account is warned (`warn_at`) and when one that was warned or closed is erased
    (`expires_at`); the deeds are in `accounts/unused.py`.
    """

    email = models.EmailField("e-mail address", max_length=254, unique=True)
    name = models.CharField(max_length=120, blank=True)
    company = models.CharField(max_length=120, blank=True)
    is_staff = models.BooleanField("staff member", default=False)
    is_active = models.BooleanField("may sign in", default=True)
    joined_at = models.DateTimeField(default=clock.now)
    policy_version = models.CharField(
        max_length=20, blank=True, help_text="Of the privacy policy that registration showed; empty: none did."
    )
    last_used_on = models.DateField(default=clock.today)
    closed_at = models.DateTimeField(null=True, blank=True)
    warned_at = models.DateTimeField(
        null=True, blank=True, help_text="When we wrote that the account, being unused, ends."
    )
    in_use_until = models.DateTimeField(
        null=True, blank=True, help_text="Until when something was found to keep the account, such as a license."
    )
    warn_at = models.DateTimeField(null=True, blank=True, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True, editable=False)

    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = []
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("email"), name="user_email_any_casing_once"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(is_active=False), name="user_closed_cannot_sign_in"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["warn_at", "id"], name="user_warn"),
            models.Index(fields=["expires_at", "id"], name="user_expires"),
        ]

    def __str__(self) -> str:
        return self.name or f"Account {self.pk}"

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0] if self.name else ""
