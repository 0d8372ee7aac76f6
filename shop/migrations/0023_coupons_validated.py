"""Looks at the rows that were there before the two constraints of 0022, while others read and write."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0022_coupons")]

    operations = [
        ValidateConstraint("order", "order_discount_not_negative"),
        ValidateConstraint("orderline", "orderline_discount_adds_up"),
    ]
