"""Demo products for Excel."""

from datetime import date

from shop.demo.goods import DemoEdition, DemoProduct, Pairs

REQUIREMENTS: Pairs = [
    ("Excel", "2019, 2021, 2024, 365"),
    ("System", "Windows 10, macOS 13"),
    ("Rights to install", "none, or by MSI for all"),
]

GRIDTRACE = DemoProduct(
    slug="gridtrace",
    name="Gridtrace",
    category="excel",
    tagline="Shows where a number in a workbook comes from.",
    mark="...x....x....x.xxxax...x.",
    description=(
        "Open a workbook, select a total, and read the way back to every figure in it. Cells where someone "
        "typed over a formula are named, with the day and the author.\n\n"
        "Gridtrace reads the formulas, not the screen: hidden sheets, named ranges, LAMBDA and LET are walked "
        "like any other cell. The workbook stays where it is. Nothing is sent anywhere."
    ),
    facts=[
        ("Formulas traced on a four-core laptop", "120,000 in 6.2 s"),
        ("Sheets in one view", "up to 250"),
        ("Workbooks that leave your machine", "0"),
        ("Languages of formulas", "16"),
    ],
    requirements=[*REQUIREMENTS, ("Space on disk", "38 MB")],
    changes=[
        ("5.2", date(2026, 11, 12), "Typed-over formulas are found and named. Index for shared drives."),
        ("5.1", date(2026, 9, 3), "LAMBDA and LET are walked step by step."),
        ("5.0", date(2026, 4, 21), "One view for all sheets. Excel for Mac."),
    ],
    editions=[
        DemoEdition("Personal", "59.00", "1 seat, 2 devices", term_months=12, devices=2),
        DemoEdition("Professional", "149.00", "1 seat, 3 devices, updates for one year", devices=3),
        DemoEdition(
            "Team", "119.00", "5 seats or more, moved between people", sold_per="seat", quantity_min=5, devices=3
        ),
        DemoEdition("Suite", "189.00", "All four Excel tools under one key", term_months=12, devices=3),
    ],
    compare=[
        ("Updates", ("During the year", "1 year, then optional", "1 year, then optional", "During the year")),
        ("Trace across workbooks", ("no", "yes", "yes", "yes")),
        ("Find typed-over formulas", ("yes", "yes", "yes", "yes")),
        ("Report for the auditor", ("no", "yes", "yes", "yes")),
        ("Sheetdiff, Pivotsmith, Closebook", ("no", "no", "no", "yes")),
    ],
)

SHEETDIFF = DemoProduct(
    slug="sheetdiff",
    name="Sheetdiff",
    category="excel",
    tagline="Compares two workbooks and lists what changed.",
    mark="xx.xxxx.xxxx.aaxx.xxxx.xx",
    description=(
        "Two versions of one workbook, side by side: values, formulas, names, formats and macros. Rows that "
        "moved are matched by their content, so one inserted line is one change and not a thousand.\n\n"
        "Save the list as a workbook of its own, or let Sheetdiff write a line for each change into your "
        "version control."
    ),
    facts=[
        ("Two sheets of 100,000 rows", "3.8 s"),
        ("Kinds of change told apart", "9"),
        ("Rows matched after moving", "by content"),
        ("Works from the command line", "yes"),
    ],
    requirements=[*REQUIREMENTS, ("Space on disk", "24 MB")],
    changes=[
        ("3.4", date(2026, 10, 8), "Changed conditional formats are listed by rule."),
        ("3.3", date(2026, 6, 17), "Moved rows are matched across sheets."),
    ],
    editions=[
        DemoEdition("Personal", "49.00", "1 seat, 2 devices", term_months=12, devices=2, key_source="pool"),
        DemoEdition("Professional", "129.00", "1 seat, 3 devices, updates for one year", devices=3),
        DemoEdition(
            "Team", "99.00", "5 seats or more, moved between people", sold_per="seat", quantity_min=5, devices=3
        ),
    ],
    compare=[
        ("Updates", ("During the year", "1 year, then optional", "1 year, then optional")),
        ("Values and formulas", ("yes", "yes", "yes")),
        ("Macros and Power Query", ("no", "yes", "yes")),
        ("Command line", ("no", "yes", "yes")),
        ("Three-way merge", ("no", "no", "yes")),
    ],
)

PIVOTSMITH = DemoProduct(
    slug="pivotsmith",
    name="Pivotsmith",
    category="excel",
    tagline="Builds pivot tables from SQL, with no password in the file.",
    mark="axxxxx....x.o.ox....x.o.o",
    description=(
        "Write a query once and pivot its result in Excel. The connection stands in the Windows or Mac "
        "keychain, so that a workbook can be mailed without mailing the way into the database.\n\n"
        "Every refresh writes down who asked for what and when. Parameters become cells, so colleagues change "
        "a month and not the SQL."
    ),
    facts=[
        ("Passwords stored in a workbook", "0"),
        ("Databases", "7"),
        ("Rows pivoted in 10 seconds", "2.4 million"),
        ("Log of each refresh", "yes"),
    ],
    requirements=[*REQUIREMENTS, ("Databases", "SQL Server, PostgreSQL, ODBC")],
    changes=[
        ("2.6", date(2026, 10, 29), "Sign-in with Microsoft Entra, without a stored secret."),
        ("2.5", date(2026, 7, 14), "Parameters are read from cells."),
    ],
    editions=[
        DemoEdition("Personal", "69.00", "1 seat, 2 devices", term_months=12, devices=2),
        DemoEdition("Professional", "169.00", "1 seat, 3 devices, updates for one year", devices=3),
        DemoEdition("Team", "139.00", "5 seats or more, shared queries", sold_per="seat", quantity_min=5, devices=3),
    ],
    compare=[
        ("Updates", ("During the year", "1 year, then optional", "1 year, then optional")),
        ("SQL Server and PostgreSQL", ("yes", "yes", "yes")),
        ("Any ODBC source", ("no", "yes", "yes")),
        ("Parameters from cells", ("yes", "yes", "yes")),
        ("Shared library of queries", ("no", "no", "yes")),
    ],
)

CLOSEBOOK = DemoProduct(
    slug="closebook",
    name="Closebook",
    category="excel",
    tagline="Reconciles two lists and keeps the proof for the auditor.",
    mark="x...xxx.xx..a..xx.xxx...x",
    description=(
        "Bank against ledger, stock against count, invoices against payments: Closebook pairs the lines that "
        "belong together and shows what is left. Each pair says by which rule it was made.\n\n"
        "The result is a sheet that an auditor can follow without the tool: every line, its partner, the rule "
        "and the person who confirmed it."
    ),
    facts=[
        ("Lines paired in a minute", "310,000"),
        ("Rules of your own", "as many as you need"),
        ("One line against many", "yes"),
        ("Proof readable without Closebook", "yes"),
    ],
    requirements=[*REQUIREMENTS, ("Space on disk", "31 MB")],
    changes=[
        ("4.1", date(2026, 11, 3), "One payment can close several invoices."),
        ("4.0", date(2026, 5, 19), "Rules are written in plain words."),
    ],
    editions=[
        DemoEdition("Personal", "89.00", "1 seat, 2 devices", term_months=12, devices=2),
        DemoEdition("Professional", "219.00", "1 seat, 3 devices, updates for one year", devices=3),
        DemoEdition("Team", "179.00", "5 seats or more, four eyes", sold_per="seat", quantity_min=5, devices=3),
    ],
    compare=[
        ("Updates", ("During the year", "1 year, then optional", "1 year, then optional")),
        ("Rules of your own", ("5", "no limit", "no limit")),
        ("One line against many", ("no", "yes", "yes")),
        ("Proof for the auditor", ("yes", "yes", "yes")),
        ("A second person confirms", ("no", "no", "yes")),
    ],
)

PRODUCTS = [GRIDTRACE, SHEETDIFF, PIVOTSMITH, CLOSEBOOK]
