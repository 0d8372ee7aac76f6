"""What the shop stores, column by column."""

from shop.personal_data import coupons as coupons
from shop.personal_data import orders as orders
from shop.personal_data import posts as posts
