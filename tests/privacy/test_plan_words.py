"""A stored plan as people read it."""

import pytest

from privacy import plan_words
from privacy.plan_words import Line

pytestmark = pytest.mark.promise("P12a")
NOV = "2029-11-22T10:00:00+00:00"
FEB = "2029-02-09T10:00:00+00:00"


def row(words: str, count: int, deed: str, **more: object) -> dict[str, object]:
    known = {"model": "x.Y", "how": "deleted", "ground": "", "first": None, "until": None, "is_whole": False}
    return known | {"words": words, "count": count, "deed": deed} | more


CONTENT = {
    "rows": [
        row("1 account", 1, "erased"),
        row("2 orders", 2, "restricted", how="name, e-mail", ground="Tax records", first=FEB, until=NOV),
        row("12 products", 12, "erased"),
        row("1 dispute", 1, "refused", how="kept", ground="A claim is open"),
        row("1 order", 1, "restricted", how="name", ground="Tax records", first=NOV, until=NOV),
    ],
    "losses": ["A sealed license of Gridtrace."],
    "providers": [
        {"name": "stripe", "title": "Stripe", "count": 2, "is_by_hand": False, "not_before": NOV},
        {"name": "paypal", "title": "PayPal", "count": 1, "is_by_hand": True, "not_before": None},
    ],
}


def test_rows_are_grouped_by_deed_and_sum_to_what_was_found() -> None:
    plan = plan_words.read(CONTENT)
    assert [(group.word, group.count) for group in plan.groups] == [("Erase", 13), ("Restrict", 3), ("Refuse", 1)]
    assert (plan.found, plan.deeds) == (17, "erase 13, restrict 3, refuse 1")
    assert plan.losses == ("A sealed license of Gridtrace.",)


def test_each_line_has_its_ground_and_its_end() -> None:
    erase, restrict, refuse = plan_words.read(CONTENT).groups
    assert erase.lines[0] == Line("1 account: deleted", "No longer needed", 1)
    assert [line.ground for line in restrict.lines] == [
        "Tax records, the first until 9 February 2029, the last until 22 November 2029",
        "Tax records, until 22 November 2029",
    ]
    assert refuse.lines[0].ground == "A claim is open, until that has ended"


def test_providers_say_how_they_are_asked_and_not_before_when() -> None:
    assert [(each.title, each.words) for each in plan_words.read(CONTENT).providers] == [
        ("Stripe", "2 entries, by its interface, not before 22 November 2029"),
        ("PayPal", "1 entry, by hand"),
    ]


def test_a_plan_about_nobody_says_so() -> None:
    plan = plan_words.read({"rows": []})
    assert (plan.groups, plan.found, plan.deeds) == ((), 0, "nothing was found")
