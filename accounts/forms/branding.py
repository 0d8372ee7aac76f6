"""The form by which a company's logo is handed in."""

from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile

from accounts import branding, images
from accounts.models import Logo, User
from shop.forms import visible_text
from shop.models import Product


class LogoForm(forms.Form):
    """Company, products, picture and the consent; a logo that has a picture keeps it where no other is chosen."""

    company = forms.CharField(
        label="Company name",
        max_length=120,
        help_text="As it is shown beside the logo.",
        error_messages={"required": "Write the company’s name."},
        validators=[visible_text],
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    products = forms.ModelMultipleChoiceField(
        Product.objects.none(),
        label="Products that your company uses",
        help_text="The logo is shown for these alone.",
        error_messages={"required": "Choose at least one product that your company uses."},
        widget=forms.CheckboxSelectMultiple,
    )
    picture = forms.FileField(
        label="Logo",
        error_messages={
            "required": "Choose the file with the logo.",
            "empty": "The file is empty. Choose another one.",
        },
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )
    agree = forms.BooleanField(
        label=branding.TEXT.words,
        error_messages={"required": "Tick this, if you may agree for the company. Without it we show nothing."},
    )

    def __init__(self, *args: Any, user: User, logo: Logo | None, **options: Any) -> None:
        if logo is not None:
            options["initial"] = {"company": logo.company, "products": logo.products.all()}
        elif user.company:
            options["initial"] = {"company": user.company}
        super().__init__(*args, **options)
        cast(forms.ModelMultipleChoiceField, self.fields["products"]).queryset = branding.products_of(user)
        picture = self.fields["picture"]
        picture.required = logo is None
        keeps = "" if logo is None else " Without a file the logo stays as it is."
        picture.help_text = f"PNG, JPEG or WebP, up to 2 MB. We draw it anew, without its metadata.{keeps}"

    def clean_picture(self) -> bytes | None:
        """The bytes, read no further than to know that they are too many. What they are is judged by `branding`."""
        upload = cast(UploadedFile | None, self.cleaned_data["picture"])
        return upload.read(images.MOST_BYTES + 1) if upload else None
