"""The desk of the shop: catalog, pages and orders."""

from shop.admin.catalog import CategoryAdmin, EditionAdmin, ProductAdmin
from shop.admin.coupons import CouponAdmin
from shop.admin.documents import AccountingDocumentAdmin
from shop.admin.orders import OrderAdmin
from shop.admin.pages import PageAdmin
from shop.admin.posts import PostAdmin
from shop.admin.tax_schemes import TaxSchemeAdmin

__all__ = [
    "AccountingDocumentAdmin",
    "CategoryAdmin",
    "CouponAdmin",
    "EditionAdmin",
    "OrderAdmin",
    "PageAdmin",
    "PostAdmin",
    "ProductAdmin",
    "TaxSchemeAdmin",
]
