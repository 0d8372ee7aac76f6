"""What the check and the command tell an author to write can be written as it is."""

import ast
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import models
from django.test.utils import isolate_apps

from accounts.models import User
from privacy import declaration_template as template
from privacy import inventory
from privacy.checks import columns


@pytest.fixture
def survey() -> Iterator[type[models.Model]]:
    with isolate_apps("shop"):

        class Survey(models.Model):
            class Kind(models.TextChoices):
                SHORT = "short"

            person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
            helper = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
            email = models.EmailField(null=True)  # noqa: DJ001
            company_name = models.CharField(max_length=20)
            ip = models.GenericIPAddressField()
            words = models.TextField()
            answers = models.JSONField()
            kind = models.CharField(max_length=10, choices=Kind)
            score = models.IntegerField()
            made_at = models.DateTimeField()

            class Meta:
                app_label = "shop"

            def __str__(self) -> str:
                return "survey"

        yield Survey


def line(name: str, category: str, *, erasure: str = "CLEAR", scrub: str = "None") -> str:
    return (
        f"{name} = Personal(category=Category.{category}, purpose=ACCOUNT, source=Source.ACCOUNT, "
        'readers=CUSTOMER_AND_STAFF, keep=Days(30, since="made_at", at="expires_at"), '
        f"erasure=Erasure.{erasure}, export=True, scrub={scrub})"
    )


def test_each_line_fits_its_column(survey: type[models.Model]) -> None:
    assert template.class_for(survey).splitlines() == [
        "@inventory.register(Survey)",
        "class SurveyData(PersonalData):",
        '    about = "survey"',
        '    subject = Subject(email="email", user="person")',
        f"    {line('person', 'PURCHASE', erasure='DELETE_ROW')}",
        f"    {line('helper', 'PURCHASE', erasure='UNLINK')}",
        f"    {line('email', 'EMAIL')}",
        f"    {line('company_name', 'COMPANY')}",
        f"    {line('ip', 'DEVICE')}",
        f"    {line('words', 'FREE_TEXT', scrub='inventory.scrub_text')}",
        f"    {line('answers', 'FREE_TEXT', scrub='inventory.scrub_json')}",
        '    facts = NotPersonal("why these name nobody", "id kind score made_at")',
    ]


def test_the_printed_class_declares_every_column(survey: type[models.Model]) -> None:
    """It needs no word changed to be read; only the date's words and the place of the date are the author's."""
    names: dict[str, Any] = {"Survey": survey, "inventory": inventory}
    exec("from privacy.inventory import *; from privacy.purposes import *", names)
    try:
        exec(template.class_for(survey), names)
        assert {message.id for message in columns.messages_of(survey)} == {"privacy.E005"}
    finally:
        inventory._registry.pop("shop.survey", None)


@pytest.mark.parametrize("app", ["shop", "accounts", "payments", "privacy"])
def test_the_command_prints_a_whole_file(app: str) -> None:
    out = StringIO()
    call_command("privacy", "inventory", "--template", app, stdout=out)
    tree = ast.parse(out.getvalue())
    classes = [node.name for node in tree.body if isinstance(node, ast.ClassDef)]
    stored = [model for model in inventory.stored_models() if model._meta.app_label == app]
    assert classes == [f"{model.__name__}Data" for model in stored]


def test_an_app_that_is_not_there_is_said() -> None:
    with pytest.raises(CommandError, match=r"There is no app 'newsletters'\."):
        call_command("privacy", "inventory", "--template", "newsletters")


def test_the_hint_names_the_command_for_an_app_without_the_file(
    survey: type[models.Model], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(template, "has_file", lambda _app: False)
    hint = str(next(columns.messages_of(survey)).hint)
    assert hint.startswith(
        "Make shop/personal_data.py: `manage.py privacy inventory --template shop` prints a whole one. "
        "In it, for shop.Survey: `id = NotPersonal("
    )


def test_the_hint_for_a_packages_model_names_no_file_of_the_package() -> None:
    from django.contrib.sessions.models import Session

    assert template.file_of(Session) == "the personal_data.py of an own app"
