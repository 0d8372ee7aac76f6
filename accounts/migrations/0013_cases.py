"""Requests of customers: cases, their people, messages, files and story; periods, and the moves of their states."""

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import privacy.clock
from privacy.retention import triggers
from privacy.transitions import trigger_sql


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0012_branding"),
        ("shop", "0019_vat_check_moves"),
    ]

    operations = [
        migrations.CreateModel(
            name="CannedAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=80, unique=True)),
                ("text", models.TextField(max_length=5000)),
            ],
            options={
                "ordering": ["title"],
            },
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("refund", "refund request"),
                            ("complaint", "complaint"),
                            ("withdrawal", "withdrawal"),
                            ("question", "question"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("unproven", "waits for proof"),
                            ("received", "waits for us"),
                            ("waiting", "waits for the customer"),
                            ("refunding", "is being refunded"),
                            ("closed", "closed"),
                        ],
                        default="received",
                        max_length=12,
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("answered", "answered"),
                            ("refunded", "refunded"),
                            ("refused", "refused"),
                            ("repeated", "repeats another"),
                            ("unproven", "never confirmed"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[("order", "the order’s page"), ("account", "the account"), ("form", "the form")],
                        max_length=10,
                    ),
                ),
                ("received_at", models.DateTimeField(default=privacy.clock.now)),
                ("due_at", models.DateTimeField(help_text="Until when we answer.")),
                ("answered_at", models.DateTimeField(blank=True, help_text="When a person first answered.", null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("needs_person", models.BooleanField(default=True)),
                ("link_hash", models.CharField(max_length=64, unique=True)),
                ("mail_hash", models.CharField(max_length=64, unique=True)),
                ("expires_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "assigned_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="cases",
                        to="shop.order",
                    ),
                ),
            ],
            options={
                "ordering": ["due_at", "id"],
                "permissions": [("handle_case", "Can answer, assign and close cases")],
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="CaseEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("received", "Request received"),
                            ("proved", "Confirmed by its person"),
                            ("repeated", "Asked for again"),
                            ("late", "The time to withdraw was over"),
                            ("judged", "Looked at by the shop"),
                            ("message", "Message received"),
                            ("stranger", "A mail from another address is in the support mailbox"),
                            ("bounced", "Our mail came back"),
                            ("too_much", "More mails are in the support mailbox"),
                            ("answered", "Answered"),
                            ("noted", "Note written"),
                            ("assigned", "Assigned"),
                            ("refund_asked", "Refund asked for"),
                            ("refund_made", "Refund made"),
                            ("refund_failed", "Refund failed"),
                            ("closed", "Closed"),
                            ("reopened", "Opened again"),
                        ],
                        max_length=16,
                    ),
                ),
                ("at", models.DateTimeField(default=privacy.clock.now)),
                (
                    "detail",
                    models.CharField(
                        blank=True, help_text="Words and amounts; never a person's values.", max_length=200
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="events", to="accounts.case"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="CaseMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "sort",
                    models.CharField(
                        choices=[("customer", "the customer"), ("shop", "the shop"), ("note", "a note for colleagues")],
                        max_length=10,
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[("page", "on the page"), ("mail", "by mail"), ("desk", "at the desk")], max_length=6
                    ),
                ),
                ("text", models.TextField(max_length=10000)),
                ("at", models.DateTimeField(default=privacy.clock.now)),
                ("message_id", models.CharField(blank=True, help_text="Of the mail that it came in.", max_length=255)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="CaseAttachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("media_type", models.CharField(max_length=20)),
                ("size", models.PositiveIntegerField(help_text="In bytes.")),
                ("content", models.BinaryField()),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachments",
                        to="accounts.casemessage",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="CaseParty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.EmailField(max_length=254)),
                ("name", models.CharField(blank=True, max_length=120)),
                (
                    "stated_order",
                    models.CharField(blank=True, help_text="Number of the order, as it was typed.", max_length=40),
                ),
                ("link_nonce", models.UUIDField(editable=False)),
                ("mail_nonce", models.UUIDField(editable=False)),
                ("ended_at", models.DateTimeField(blank=True, help_text="When the case was closed.", null=True)),
                ("restricted_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("expires_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="party", to="accounts.case"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="case_parties",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "case parties",
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="casemessage",
            name="party",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="messages", to="accounts.caseparty"
            ),
        ),
        migrations.CreateModel(
            name="CaseRefund",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("about", models.CharField(max_length=40, unique=True)),
                ("amount", models.CharField(help_text="In words, with its currency.", max_length=40)),
                ("asked_at", models.DateTimeField(default=privacy.clock.now)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("succeeded", models.BooleanField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="refunds", to="accounts.case"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "default_permissions": (),
            },
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True)), fields=["due_at", "id"], name="case_open"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", False)), fields=["-closed_at", "-id"], name="case_closed"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["expires_at", "id"], name="case_expires"),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("closed_at__isnull", True), ("state__in", ["unproven", "received", "waiting", "refunding"])
                    ),
                    models.Q(("closed_at__isnull", False), ("state", "closed")),
                    _connector="OR",
                ),
                name="case_closed_iff_over",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", True), ("outcome", "")),
                    models.Q(
                        ("closed_at__isnull", False),
                        ("outcome__in", ["answered", "refunded", "refused", "repeated", "unproven"]),
                    ),
                    _connector="OR",
                ),
                name="case_closed_with_outcome",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["refund", "complaint", "withdrawal", "question"])),
                name="case_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_at__gt", models.F("received_at"))), name="case_due_after_receipt"
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("kind", "withdrawal"),
                    models.Q(("state", "unproven"), _negated=True),
                    models.Q(("outcome__in", ["repeated", "unproven"]), _negated=True),
                ),
                fields=("order",),
                name="case_one_withdrawal_per_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="caseattachment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("media_type__in", ["image/png", "image/jpeg", "image/webp", "application/pdf", "text/plain"])
                ),
                name="caseattachment_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="caseattachment",
            constraint=models.CheckConstraint(condition=models.Q(("size__gte", 1)), name="caseattachment_not_empty"),
        ),
        migrations.AddIndex(
            model_name="caseparty",
            index=models.Index(django.db.models.functions.text.Upper("email"), name="caseparty_email"),
        ),
        migrations.AddIndex(
            model_name="caseparty",
            index=models.Index(fields=["expires_at", "id"], name="caseparty_expires"),
        ),
        migrations.AddConstraint(
            model_name="casemessage",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="casemessage_says_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="casemessage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sort", "customer"), _negated=True), ("by__isnull", True), _connector="OR"
                ),
                name="casemessage_customer_is_no_staff",
            ),
        ),
        migrations.AddConstraint(
            model_name="caserefund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("succeeded__isnull", True)),
                    models.Q(("ended_at__isnull", False), ("succeeded__isnull", False)),
                    _connector="OR",
                ),
                name="caserefund_ended_either_way",
            ),
        ),
        migrations.RunSQL(
            *trigger_sql(
                "accounts_case",
                "unproven -> received closed; received -> waiting refunding closed;"
                "waiting -> received refunding closed; refunding -> received closed; closed -> received",
            )
        ),
        triggers.period("accounts_case", model="accounts.Case", at="expires_at", since="NEW.closed_at"),
        triggers.period("accounts_caseparty", model="accounts.CaseParty", at="expires_at", since="NEW.ended_at"),
    ]
