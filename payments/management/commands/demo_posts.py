"""`manage.py demo_posts`: what made-up buyers of the demo shop wrote, with the orders that they had."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from payments import demo


class Command(BaseCommand):
    help = "Makes reviews and questions of the demo shop, with their orders; does nothing where anybody wrote."

    def handle(self, *_args: Any, **_options: Any) -> None:
        manager = User.objects.filter(email="manager@example.com").first()
        if manager is None:
            raise CommandError("Run demo_people first: its manager records the money.")
        made = demo.make_posts(manager)
        self.stdout.write(f"{made} posts written." if made else "Somebody wrote already: nothing was changed.")
