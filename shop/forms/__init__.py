"""Forms of the shop."""

from shop.forms.checkout import LONGEST_VAT_NUMBER as LONGEST_VAT_NUMBER
from shop.forms.checkout import CheckoutForm as CheckoutForm
from shop.forms.checkout import CorrectEmailForm as CorrectEmailForm
from shop.forms.checkout import FindOrderForm as FindOrderForm
from shop.forms.checkout import PlaceForm as PlaceForm
from shop.forms.checkout import visible_text as visible_text
from shop.forms.posts import PostForm as PostForm
from shop.forms.posts import ReportForm as ReportForm
from shop.forms.posts import ReviewForm as ReviewForm
