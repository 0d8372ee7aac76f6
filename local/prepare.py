"""Brings the database up to date and fills it with the demo shop, in one process because each start of Django costs
a second. Run by the launcher: `python -m local.prepare`."""

import os

import django
from django.core.management import call_command


def main() -> None:
    """Migrate, load the demo with its people, publish the policy, sell; each does nothing where it was done."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    call_command("migrate", interactive=False, verbosity=1)
    call_command("demo_catalog")
    call_command("demo_people")
    call_command("privacy", "publish")
    call_command("demo_posts")


if __name__ == "__main__":
    main()
