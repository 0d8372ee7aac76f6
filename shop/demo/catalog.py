"""The demo catalog: 12 tools on three shelves, and two shelves that look across them."""

from shop.demo import azure, excel, sql_server
from shop.demo.goods import DemoCategory

CATEGORIES = [
    DemoCategory(
        "excel", "Excel", "EXCEL", "For those who build and check workbooks. Windows and Mac, Excel 2019 and later."
    ),
    DemoCategory(
        "sql-server",
        "SQL Server",
        "QUERY",
        "For those who keep the database quick. SQL Server 2016 and later, Azure SQL.",
    ),
    DemoCategory("azure", "Azure", "AZURE", "For those who get the bill. Read-only rights are enough for all but one."),
    DemoCategory(
        "suites", "Suites", "SUITE", "Four tools under one key, for less than one by one.", gathers_edition="Suite"
    ),
    DemoCategory("trials", "Trials", "TRIAL", "30 days, no key needed.", gathers_all=True),
]

PRODUCTS = [*excel.PRODUCTS, *sql_server.PRODUCTS, *azure.PRODUCTS]
