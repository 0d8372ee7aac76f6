"""Demo products for Azure."""

from datetime import date

from shop.demo.goods import DemoEdition, DemoProduct, Pairs

REQUIREMENTS: Pairs = [
    ("Sign-in", "Microsoft Entra"),
    ("System", "Windows 10, macOS 13, or a browser"),
    ("Where your data is kept", "in your subscription"),
]

COSTLINE = DemoProduct(
    slug="costline",
    name="Costline",
    category="azure",
    tagline="Puts each day’s Azure bill into Excel, by team and by tag.",
    mark="....a...a..aa..a....xxxxx",
    description=(
        "Yesterday’s cost is in your workbook this morning, split by team, by tag and by resource, in the "
        "currency of your invoice. The days add up to the invoice, to the cent.\n\n"
        "A day that is out of line is marked with the resource that caused it. No data leaves your "
        "subscription."
    ),
    facts=[
        ("Difference to the invoice", "0.00"),
        ("Bill of yesterday, ready by", "06:30"),
        ("Subscriptions in one workbook", "up to 400"),
        ("Rights needed", "Cost Management Reader"),
    ],
    requirements=[*REQUIREMENTS, ("Excel", "2019, 2021, 2024, 365")],
    changes=[
        ("3.1", date(2026, 10, 15), "Savings plans are spread over the days they pay for."),
        ("3.0", date(2026, 7, 1), "Teams can be read from tags."),
    ],
    editions=[
        DemoEdition("Team", "39.00", "A seat for each reader", term_months=12, sold_per="seat", devices=2),
        DemoEdition("Company", "690.00", "25 seats, every subscription", term_months=12, seats=25, devices=2),
    ],
    compare=[
        ("Subscriptions", ("20", "400")),
        ("By team and by tag", ("yes", "yes")),
        ("Days out of line marked", ("yes", "yes")),
        ("Own currency and rates", ("no", "yes")),
        ("Chargeback sheet for each team", ("no", "yes")),
    ],
)

TAGKEEPER = DemoProduct(
    slug="tagkeeper",
    name="Tagkeeper",
    category="azure",
    tagline="Finds resources without an owner and asks for one.",
    mark="xxxx.xaxxxxxxxxxxxx......",
    description=(
        "Tagkeeper reads who created what and asks that person, by mail or Teams, whose it is and until when "
        "it is needed. The answer becomes a tag.\n\n"
        "What nobody answers for stands in a list with its cost, so that the talk about it can be short."
    ),
    facts=[
        ("Resources answered for after 30 days", "91% in the median tenant"),
        ("Questions for each resource", "at most 3"),
        ("Resources it deletes", "0"),
        ("Time to the first list", "12 minutes"),
    ],
    requirements=[*REQUIREMENTS, ("Role needed", "Reader, Tag Contributor")],
    changes=[
        ("1.8", date(2026, 9, 18), "Questions can go to Teams."),
        ("1.7", date(2026, 6, 2), "An end date can be part of the answer."),
    ],
    editions=[
        DemoEdition("One subscription", "79.00", "Up to 2,000 resources", term_months=12),
        DemoEdition("Ten subscriptions", "390.00", "Up to 20,000 resources", term_months=12, devices=10),
        DemoEdition("Tenant", "990.00", "Every subscription of a tenant", term_months=12, devices=400),
    ],
    compare=[
        ("Questions by mail", ("yes", "yes", "yes")),
        ("Questions by Teams", ("no", "yes", "yes")),
        ("End dates", ("yes", "yes", "yes")),
        ("Cost of what nobody owns", ("no", "yes", "yes")),
        ("Rules by management group", ("no", "no", "yes")),
    ],
)

RUNBOOK_DESK = DemoProduct(
    slug="runbook-desk",
    name="Runbook Desk",
    category="azure",
    tagline="Starts, stops and schedules runbooks from one list.",
    mark="x....xxx..xxxaaxxx..x....",
    description=(
        "All Automation accounts in one list: what runs, what ran, what comes next. Start a runbook with the "
        "parameters of the last good run, and see its output as it is written.\n\n"
        "People get a button and not a role: who may start what is a list of names that you keep."
    ),
    facts=[
        ("Automation accounts in one list", "up to 200"),
        ("From click to start", "under 3 s"),
        ("Output kept", "as long as you say"),
        ("Roles to give away", "none"),
    ],
    requirements=[*REQUIREMENTS, ("Role needed", "Automation Operator")],
    changes=[
        ("2.2", date(2026, 10, 27), "A schedule shows the next ten runs."),
        ("2.1", date(2026, 7, 22), "Output is searched while it is written."),
    ],
    editions=[
        DemoEdition("Desk", "99.00", "1 seat, 2 devices", term_months=12, devices=2),
        DemoEdition("Team", "449.00", "5 seats, 2 devices each", term_months=12, seats=5, devices=2),
    ],
    compare=[
        ("Start, stop, schedule", ("yes", "yes")),
        ("Parameters of the last good run", ("yes", "yes")),
        ("Buttons for others", ("3", "no limit")),
        ("Record of who started what", ("yes", "yes")),
        ("A second person confirms", ("no", "yes")),
    ],
)

VAULT_REGISTER = DemoProduct(
    slug="vault-register",
    name="Vault Register",
    category="azure",
    tagline="Names every secret and certificate that ends within 60 days.",
    mark=".xxx..x.x.xxxxxxxaxxxxxxx",
    description=(
        "One register of all vaults: what it is, when it ends, who renews it and what stops when nobody does. "
        "Vault Register reads names and dates, never a value.\n\n"
        "Sixty days before the end the owner gets a mail, thirty days before it the owner’s deputy too."
    ),
    facts=[
        ("Secret values read", "0"),
        ("Vaults in one register", "up to 1,000"),
        ("First mail before the end", "60 days"),
        ("Certificates, keys and secrets", "all three"),
    ],
    requirements=[*REQUIREMENTS, ("Role needed", "Key Vault Reader")],
    changes=[
        ("1.5", date(2026, 11, 9), "Deputies are told thirty days before the end."),
        ("1.4", date(2026, 8, 11), "App registrations are part of the register."),
    ],
    editions=[
        DemoEdition("Register", "59.00", "Up to 10 vaults", term_months=12, key_source="pool"),
        DemoEdition("Company", "290.00", "Up to 200 vaults", term_months=12, devices=5),
        DemoEdition("Perpetual", "690.00", "Up to 200 vaults, updates for one year", devices=5),
    ],
    compare=[
        ("Secrets and certificates", ("yes", "yes", "yes")),
        ("App registrations", ("no", "yes", "yes")),
        ("Mail to the owner", ("yes", "yes", "yes")),
        ("Mail to a deputy", ("no", "yes", "yes")),
        ("Calendar feed", ("no", "yes", "yes")),
    ],
)

PRODUCTS = [COSTLINE, TAGKEEPER, RUNBOOK_DESK, VAULT_REGISTER]
