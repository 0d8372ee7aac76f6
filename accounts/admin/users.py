"""People on the desk. Customers are looked at; staff are made, and get their role, by Administrators.

Nobody sets a password for somebody else: a new staff member signs in by a mailed code, or asks for a new password. An
account that may do everything is changed by another such account only, and no form here makes one.
"""

from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminEmailInputWidget

from accounts import staff
from accounts.models import User
from privacy.admin import Desk
from privacy.masking import mask_email, mask_words


class StaffForm(forms.ModelForm):
    """What an Administrator says of a person: whether they are staff, and in which role."""

    groups = forms.ModelMultipleChoiceField(
        Group.objects.order_by("pk"), label="Roles", required=False, widget=UnfoldAdminCheckboxSelectMultipleWidget
    )
    editor: User

    class Meta:
        model = User
        fields = ("name", "is_staff", "is_active", "groups")

    def clean(self) -> dict[str, Any]:
        """Roles are for staff, staff need a role, a closed account stays closed, and nobody locks themselves out."""
        values = super().clean() or {}
        if values.get("groups") and not values.get("is_staff"):
            self.add_error("groups", "Only a staff member has a role. Tick “staff member” as well, or choose no role.")
        if values.get("is_active") and self.instance.closed_at:
            self.add_error("is_active", "This account was closed by its owner and can't be opened again.")
        if self.instance.pk == self.editor.pk and not (values.get("is_staff") and values.get("is_active")):
            self.add_error(None, "You can't take your own access away. Ask another Administrator.")
        return values


class NewStaffForm(forms.ModelForm):
    """A new staff member. Customers register themselves."""

    email = forms.EmailField(label="E-mail address", max_length=254, widget=UnfoldAdminEmailInputWidget)
    groups = forms.ModelMultipleChoiceField(
        Group.objects.order_by("pk"),
        label="Roles",
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        error_messages={"required": "Choose at least one role."},
    )
    editor: User

    class Meta:
        model = User
        fields = ("email", "name", "groups")

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].strip().lower()
        if User.objects.filter(email=email).exists():
            raise forms.ValidationError("There is an account with this address. Open it, and make it staff there.")
        return email

    def save(self, commit: bool = True) -> User:
        """A staff member without a password."""
        self.instance.is_staff = True
        self.instance.set_unusable_password()
        return super().save(commit)


@admin.register(User)
class UserAdmin(Desk):
    """Shop Managers see customers; Administrators see and change everybody but those who may do everything."""

    form = StaffForm
    list_display = ("masked_email", "masked_name", "masked_company", "is_staff", "is_active", "joined_at")
    list_filter = ("is_staff", "is_active", "groups")
    search_fields = ("email__iexact", "name", "company")
    search_help_text = "Whole e-mail address, name or company"
    ordering = ("-joined_at", "-id")
    readonly_fields = ("email", "company", "joined_at", "last_login", "closed_at")
    actions_detail = ("export",)
    fields = ("email", "name", "company", "is_staff", "is_active", "groups", "joined_at", "last_login", "closed_at")

    @display(description="E-mail address")
    def masked_email(self, user: User) -> str:
        return mask_email(user.email)

    @display(description="Name", ordering="name")
    def masked_name(self, user: User) -> str:
        """Colleagues see each other's name."""
        return user.name if user.is_staff else mask_words(user.name)

    @display(description="Company", ordering="company")
    def masked_company(self, user: User) -> str:
        return mask_words(user.company)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        people = super().get_queryset(request)
        return people if _manages_staff(request) else people.filter(is_staff=False, is_superuser=False)

    def get_list_filter(self, request: HttpRequest) -> tuple[str, ...]:
        return self.list_filter if _manages_staff(request) else ("is_active",)

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        if obj is None:
            return ("email", "name", "groups")
        return self.fields if _manages_staff(request) else tuple(name for name in self.fields if name != "groups")

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        return () if obj is None else self.readonly_fields

    def get_form(self, request: HttpRequest, obj: User | None = None, **options: Any) -> type[forms.ModelForm]:
        options["form"] = NewStaffForm if obj is None else StaffForm
        form = super().get_form(request, obj, **options)
        form.editor = request.user
        return form

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        if isinstance(obj, User) and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_export_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        # Named here, because the desk's own check would look "privacy.add_export" up in a database without tables yet.
        return request.user.has_perm("privacy.add_export")

    @action(description="Export this person's data", permissions=["export"])
    def export(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Leads to the page that asks why, which learns the account's number: no address stands in an address."""
        return HttpResponseRedirect(f"{reverse('admin:privacy_export_add')}?{urlencode({'account': object_id})}")

    def save_related(self, request: HttpRequest, form: forms.ModelForm, formsets: list[Any], change: bool) -> None:
        """A staff member can sign in at the desk: their address counts as confirmed."""
        super().save_related(request, form, formsets, change)
        if form.instance.is_staff:
            staff.vouch_for_address(form.instance)

    def log_addition(self, request: HttpRequest, obj: User, message: Any) -> LogEntry:
        return self._log(request, obj, 1, message)

    def log_change(self, request: HttpRequest, obj: User, message: Any) -> LogEntry:
        return self._log(request, obj, 2, message)

    def _log(self, request: HttpRequest, obj: User, flag: int, message: Any) -> LogEntry:
        """The admin's log names the account by number: a name there would outlive the account's own."""
        return LogEntry.objects.create(
            user=cast(User, request.user),
            content_type=ContentType.objects.get_for_model(User),
            object_id=str(obj.pk),
            object_repr=f"Account {obj.pk}",
            action_flag=flag,
            change_message=message,
        )

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().add_view(request, form_url, (extra_context or {}) | {"title": "Add a staff member"})


def _manages_staff(request: HttpRequest) -> bool:
    return request.user.has_perm("accounts.change_user")
