"""How often a mail could not be read: it is asked for again before a person is left alone with it."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("privacy", "0013_answer_beside_the_person")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="receivedmail",
            name="tries",
            field=models.PositiveSmallIntegerField(
                db_default=0, default=0, help_text="In how many runs it could not be read."
            ),
        ),
        migrations.AlterField(
            model_name="receivedmail",
            name="verdict",
            field=models.CharField(
                choices=[
                    ("request", "asks for deletion"),
                    ("doubtful", "may ask for deletion"),
                    ("proof", "proves an address"),
                    ("answer", "an answer that a person reads"),
                    ("withdrawal", "withdraws a request"),
                    ("bounce", "a mail of ours came back"),
                    ("handled", "taken by another part of the shop"),
                    ("other", "left alone"),
                    ("broken", "could not be read"),
                    ("unread", "not read yet, is tried again"),
                ],
                max_length=12,
            ),
        ),
    ]
