"""Demo products for SQL Server."""

from datetime import date

from shop.demo.goods import DemoEdition, DemoProduct, Pairs

REQUIREMENTS: Pairs = [
    ("SQL Server", "2016 and later, Azure SQL"),
    ("System", "Windows 10, Windows Server 2019"),
    ("Installed on the server", "nothing"),
]

PLANWRIGHT = DemoProduct(
    slug="planwright",
    name="Planwright",
    category="sql-server",
    tagline="Reads an execution plan and names the line that costs the time.",
    mark="..a....x..xxxxxx...xo...o",
    description=(
        "Paste a query or open a saved plan. Planwright shows your own text with the share of the time beside "
        "each line, and says in a sentence why it waits: a guess that was wrong, a missing index, a "
        "conversion nobody wrote.\n\n"
        "Two plans of the same query stand side by side, so that you see what the last release changed."
    ),
    facts=[
        ("Causes it can name", "42"),
        ("Plans compared at once", "2"),
        ("Statements sent to production", "none of its own"),
        ("Largest plan read so far", "96 MB"),
    ],
    requirements=[*REQUIREMENTS, ("Right needed", "SHOWPLAN")],
    changes=[
        ("7.3", date(2026, 10, 22), "Waits are shown beside the line that caused them."),
        ("7.2", date(2026, 8, 6), "Parameter-sensitive plans are told apart."),
    ],
    editions=[
        DemoEdition("Developer", "189.00", "1 seat, 2 devices", term_months=12, devices=2),
        DemoEdition("Professional", "429.00", "1 seat, 3 devices, updates for one year", devices=3),
        DemoEdition("Team", "359.00", "5 seats or more, shared notes", sold_per="seat", quantity_min=5, devices=3),
        DemoEdition("Suite", "449.00", "All four SQL Server tools under one key", term_months=12, devices=3),
    ],
    compare=[
        ("Updates", ("During the year", "1 year, then optional", "1 year, then optional", "During the year")),
        ("Plans from Query Store", ("no", "yes", "yes", "yes")),
        ("Two plans side by side", ("yes", "yes", "yes", "yes")),
        ("Notes on a plan, shared", ("no", "no", "yes", "yes")),
        ("Schemastep, Indexwell, Jobwatch", ("no", "no", "no", "yes")),
    ],
)

SCHEMASTEP = DemoProduct(
    slug="schemastep",
    name="Schemastep",
    category="sql-server",
    tagline="Compares two databases and writes the script between them.",
    mark="....a...xx..xx..xx..xx...",
    description=(
        "Choose the database you have and the one you want. Schemastep lists what differs and writes the "
        "steps between them, in an order that works, each with the way back.\n\n"
        "A step that would lose data is marked before the script is written, with the number of rows it would "
        "touch."
    ),
    facts=[
        ("Kinds of objects compared", "38"),
        ("Steps with a way back", "all but 3 kinds"),
        ("Losses of data named beforehand", "all"),
        ("Runs in your build", "yes"),
    ],
    requirements=[*REQUIREMENTS, ("Right needed", "VIEW DEFINITION")],
    changes=[
        ("6.0", date(2026, 9, 30), "Ledger tables and row-level security."),
        ("5.9", date(2026, 5, 12), "Steps are grouped by deployment."),
    ],
    editions=[
        DemoEdition("Developer", "229.00", "1 seat, 2 devices", term_months=12, devices=2),
        DemoEdition("Professional", "519.00", "1 seat, 3 devices, updates for one year", devices=3),
        DemoEdition("Build server", "690.00", "1 server, any number of builds", term_months=12),
    ],
    compare=[
        ("Updates", ("During the year", "1 year, then optional", "During the year")),
        ("Compare and write the script", ("yes", "yes", "yes")),
        ("The way back", ("yes", "yes", "yes")),
        ("Compare with a folder of scripts", ("no", "yes", "yes")),
        ("Runs without a person", ("no", "no", "yes")),
    ],
)

INDEXWELL = DemoProduct(
    slug="indexwell",
    name="Indexwell",
    category="sql-server",
    tagline="Finds the indexes nobody reads, and the one that is missing.",
    mark="o....oo...xxx..xxxx.aaaaa",
    description=(
        "Every index is written with each row, whether somebody reads it or not. Indexwell watches both for "
        "as long as you let it, and lists what an index costs against what it saves.\n\n"
        "It proposes, you decide: each proposal comes with its script, its way back, and the queries that "
        "would feel it."
    ),
    facts=[
        ("Load while watching", "under 0.4%"),
        ("Shortest useful watch", "7 days"),
        ("Changes made by itself", "0"),
        ("Databases in one view", "up to 500"),
    ],
    requirements=[*REQUIREMENTS, ("Right needed", "VIEW SERVER STATE")],
    changes=[
        ("4.5", date(2026, 10, 1), "Columnstore indexes are weighed too."),
        ("4.4", date(2026, 6, 24), "Proposals name the queries that would feel them."),
    ],
    editions=[
        DemoEdition("Instance", "149.00", "1 instance of SQL Server", term_months=12),
        DemoEdition("Five instances", "590.00", "5 instances of SQL Server", term_months=12, devices=5),
        DemoEdition("Estate", "1490.00", "25 instances of SQL Server", term_months=12, devices=25),
    ],
    compare=[
        ("Unread and missing indexes", ("yes", "yes", "yes")),
        ("History", ("90 days", "1 year", "2 years")),
        ("Weekly mail", ("yes", "yes", "yes")),
        ("One view of all instances", ("no", "yes", "yes")),
        ("Rights by group", ("no", "no", "yes")),
    ],
)

JOBWATCH = DemoProduct(
    slug="jobwatch",
    name="Jobwatch",
    category="sql-server",
    tagline="Lists every Agent job, its last run, and who hears of a failure.",
    mark=".xxx.x.a.xx.aaxx...x.xxx.",
    description=(
        "One list for all servers: which job ran, how long it took against its usual time, and who was told "
        "when it failed. A job that should have run and did not is a failure too.\n\n"
        "Silence is the expensive fault. Jobwatch shows the jobs of which nobody would hear."
    ),
    facts=[
        ("Jobs in one list", "up to 20,000"),
        ("From failure to mail", "under 60 s"),
        ("Jobs that failed to start", "shown"),
        ("Ways to tell people", "mail, Teams, webhook"),
    ],
    requirements=[*REQUIREMENTS, ("Right needed", "SQLAgentReaderRole")],
    changes=[
        ("2.9", date(2026, 11, 5), "Jobs without anybody to tell are listed first."),
        ("2.8", date(2026, 8, 20), "Usual times are learned per weekday."),
    ],
    editions=[
        DemoEdition("Small", "119.00", "Up to 3 servers", term_months=12, devices=3),
        DemoEdition("Medium", "290.00", "Up to 10 servers", term_months=12, devices=10),
        DemoEdition("Large", "590.00", "Up to 25 servers", term_months=12, devices=25),
    ],
    compare=[
        ("Mail, Teams and webhook", ("yes", "yes", "yes")),
        ("History", ("30 days", "1 year", "1 year")),
        ("Jobs that failed to start", ("yes", "yes", "yes")),
        ("On-call calendar", ("no", "yes", "yes")),
        ("Rights by group", ("no", "no", "yes")),
    ],
)

PRODUCTS = [PLANWRIGHT, SCHEMASTEP, INDEXWELL, JOBWATCH]
