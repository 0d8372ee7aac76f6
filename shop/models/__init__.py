"""The tables of the shop."""

from shop.models.carts import CartLine
from shop.models.catalog import Category, Edition, Price, Product, ProductChange
from shop.models.coupons import Coupon, CouponAmount, CouponUse
from shop.models.documents import AccountingDocument, DocumentLine, DocumentSeries
from shop.models.orders import Order, OrderEvent, OrderHold, OrderLine, OrderParty, OrderUnit, PartyRemoval
from shop.models.pages import Page, PageVersion
from shop.models.posts import InvitationRefusal, Post, PostAuthor, PostReport, ReviewInvitation
from shop.models.tax import TaxScheme, VatCheck

__all__ = [
    "AccountingDocument",
    "CartLine",
    "Category",
    "Coupon",
    "CouponAmount",
    "CouponUse",
    "DocumentLine",
    "DocumentSeries",
    "Edition",
    "InvitationRefusal",
    "Order",
    "OrderEvent",
    "OrderHold",
    "OrderLine",
    "OrderParty",
    "OrderUnit",
    "Page",
    "PageVersion",
    "PartyRemoval",
    "Post",
    "PostAuthor",
    "PostReport",
    "Price",
    "Product",
    "ProductChange",
    "ReviewInvitation",
    "TaxScheme",
    "VatCheck",
]
