from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_state_moves")]

    operations = [
        migrations.AddField(
            model_name="category",
            name="gathers_edition",
            field=models.CharField(
                blank=True, default="", help_text="Tools with an edition of this name stand here too.", max_length=60
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="category",
            name="gathers_all",
            field=models.BooleanField(default=False, help_text="Every tool stands here too."),
        ),
    ]
