"""What waits for a person, on the start page: cases, reviews, and requests for deletion."""

from collections.abc import Callable

from django.urls import reverse

from accounts import start_page
from accounts.cases import figures
from accounts.start_page import Need
from privacy import deletion_figures
from shop.posts import moderation

SEES = "privacy.view_deletionrequest"


def _queue(query: str = "") -> Callable[[], str]:
    return lambda: reverse("admin:privacy_deletionrequest_changelist") + query


def _cases(query: str = "") -> Callable[[], str]:
    return lambda: reverse("admin:accounts_case_changelist") + query


start_page.register(
    Need(
        "accounts.view_case",
        "case is late",
        "cases are late",
        lambda: figures.overdue().count(),
        _cases("?part=late"),
    ),
    Need(
        "accounts.view_case",
        "case waits for us",
        "cases wait for us",
        lambda: figures.needing_us().count(),
        _cases(),
    ),
    Need(
        "shop.view_post",
        "review, question or comment waits",
        "reviews, questions or comments wait",
        lambda: moderation.queue().count(),
        lambda: reverse("admin:shop_post_changelist"),
    ),
    Need(
        SEES,
        "deletion request is due this week",
        "deletion requests are due this week",
        lambda: deletion_figures.due_soon().count(),
        _queue(),
    ),
    Need(
        SEES,
        "mail may ask for deletion",
        "mails may ask for deletion",
        lambda: deletion_figures.doubtful().count(),
        _queue("?is_doubtful__exact=1"),
    ),
    Need(
        SEES,
        "deletion doesn’t go on by itself",
        "deletions don’t go on by themselves",
        lambda: deletion_figures.stuck().count(),
        _queue("?part=needs"),
    ),
    Need(
        SEES,
        "service provider must be asked by hand to erase",
        "service providers must be asked by hand to erase",
        lambda: deletion_figures.by_hand().count(),
        _queue("?part=needs"),
    ),
)
