"""English: dates in words and hours by 24, as the pages of the desk write them (`shop.order_desk.moment`)."""

DATE_FORMAT = "j M Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = r"j M Y, H:i \U\T\C"
