"""What made-up buyers of the demo shop wrote: reviews, and questions with their answers."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DemoReview:
    """Somebody bought a product so many days ago, and wrote about it `after` days later.

    `replies` are comments by other buyers of the product: under which name, and what. `answer` is the shop's.
    """

    days: int
    shown_as: str
    stars: int
    title: str
    text: str
    after: int = 16
    replies: tuple[tuple[str, str], ...] = ()
    answer: str = ""
    country: str = "DE"


@dataclass(frozen=True)
class DemoQuestion:
    """What a buyer, who reviewed the product under this name, asked so many days ago."""

    days: int
    shown_as: str
    text: str
    replies: tuple[tuple[str, str], ...] = ()
    answer: str = ""


#: By product, the oldest first. Some products have none: so it is in any shop.
REVIEWS: dict[str, tuple[DemoReview, ...]] = {
    "gridtrace": (
        DemoReview(
            171,
            "Katja",
            5,
            "Found the typed-over cell",
            "Our forecast was off by a rounding error that four people had looked for. Gridtrace walked from the total "
            "back to a cell on the third sheet, where somebody had typed over a formula in March.\n\nIt took less time "
            "than opening all the sheets.",
        ),
        DemoReview(148, "P. Lindgren", 4, "Does what it says", "Good. I wish it had a shortcut for the next step."),
        DemoReview(
            131,
            "Controller from Ghent",
            2,
            "Too slow on our network drive",
            "With files on the laptop it is quick. With files on our network drive the first trace took four minutes, "
            "and the second one as well. We copy the workbook first now, which is a nuisance.",
            answer="Thank you for saying so. The index was made anew each time when the drive was shared. Version 5.2 "
            "keeps it beside the workbook, so that the second trace should be quick. If it isn’t, please write to us.",
            country="BE",
        ),
        DemoReview(117, "Sven", 5, "Audit was a morning", "The report for the auditor alone was worth it."),
        DemoReview(
            96,
            "MRR",
            3,
            "Fine for formulas, not for macros",
            "It reads formulas well, LAMBDA too. Values that a macro writes are shown as typed, which is true, but "
            "half of our model is macros. Know that before you buy.",
            replies=(("Katja", "The same here. We moved two of the macros into LET, and it traces those."),),
        ),
        DemoReview(71, "Ines", 4, "Clear and small", "Clear to read, no account, no cloud. The Mac version came late."),
        DemoReview(
            52,
            "Team of six",
            5,
            "Six seats, no training",
            "We gave it to six people without a word. After a week they asked each other for cell paths instead of "
            "screenshots.",
            after=30,
        ),
        DemoReview(33, "T.", 4, "Good value", "Paid for itself in the first month-end. Few updates.", after=9),
    ),
    "sheetdiff": (
        DemoReview(139, "Bea", 5, "Two budgets, one list", "I compare the budget before and after each round. Works."),
        DemoReview(
            104,
            "Old hand",
            3,
            "Rows yes, charts no",
            "Rows, formulas and formats are compared cell by cell, and moved rows are seen as moved. Charts aren’t "
            "looked at. For us that is half of the report.",
        ),
        DemoReview(63, "Jonas M.", 4, "Reads well", "The list of changes goes to my boss as it is."),
        DemoReview(24, "Lea", 5, "Moved rows", "It saw that rows had moved. The other tool called them new.", after=11),
    ),
    "planwright": (
        DemoReview(
            122,
            "DBA, Tampere",
            5,
            "It names the line",
            "It said: the conversion in line 14 keeps the index from being used. That was it. I would have come there, "
            "but not at ten in the evening.",
            country="FI",
        ),
        DemoReview(88, "Marek", 4, "Good, a bit wordy", "The advice is right. Three sentences would do for ten."),
        DemoReview(41, "Anonymous", 1, "Not for us", "Needs the right to show plans, which our provider doesn’t give."),
    ),
    "costline": (
        DemoReview(92, "Finance and cloud", 5, "The bill, by team", "Ends the monthly guessing about who spent what."),
        DemoReview(47, "Oda", 4, "Tags first", "Only as good as your tags. With ours tidied up it is a pleasure."),
    ),
    "closebook": (
        DemoReview(58, "R. Haas", 4, "Keeps the proof", "Two lists, one result, and a file that says how. Enough."),
    ),
    "jobwatch": (
        DemoReview(  # which a person looks at first, because there is an address in it
            20,
            "Ralf",
            4,
            "Who hears of it",
            "Lists who hears of a failed job, and nobody did. Ask me for our settings: ralf@jobs.example.",
            after=19,
        ),
    ),
    "vault-register": (
        DemoReview(29, "Platform team", 5, "No surprise at night", "It named a certificate nobody knew.", after=12),
    ),
}

QUESTIONS: dict[str, tuple[DemoQuestion, ...]] = {
    "gridtrace": (
        DemoQuestion(
            60,
            "Ines",
            "Does it follow a name that points to another workbook, when that one is closed?",
            answer="Yes, if the other workbook lies where the formula says. A password on it is asked for once.",
        ),
        DemoQuestion(
            12,
            "T.",
            "Can two people share one license, if they never work at the same time?",
            replies=(("Team of six", "We moved a seat between two people, on the page of the license."),),
        ),
    ),
    "planwright": (
        DemoQuestion(
            37,
            "Marek",
            "Which rights does the login need? Ours may not change anything.",
            answer="SHOWPLAN on the database, and VIEW SERVER STATE if it shall read plans from the cache. It writes "
            "nothing, so read-only rights are enough.",
        ),
    ),
}
