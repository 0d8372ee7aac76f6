"""What is taken as a picture, what is refused with which sentence, and that nothing of the file itself is kept."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from accounts import images
from accounts.images import Kind, NotTaken
from tests.accounts import pictures


def opened(picture: images.Picture) -> Image.Image:
    image = Image.open(io.BytesIO(picture.content))
    image.load()
    return image


@pytest.mark.parametrize("kind", list(Kind))
def test_a_picture_is_drawn_anew_in_its_own_kind(kind: Kind) -> None:
    picture = images.clean(pictures.file_of(pictures.drawing(), kind.value))

    image = opened(picture)
    assert (image.format, picture.kind, picture.width, picture.height) == (kind.value, kind, 320, 120)
    red, green, blue = image.convert("RGB").getpixel((10, 60))
    assert blue > 150 > red
    assert green < 80


@pytest.mark.parametrize("kind", list(Kind))
def test_metadata_with_a_place_stays_behind(kind: Kind) -> None:
    upload = pictures.photograph(kind.value)
    assert Image.open(io.BytesIO(upload)).getexif()[0x010F] == "Lovelace Cameras"

    content = images.clean(upload).content

    image = Image.open(io.BytesIO(content))
    assert dict(image.getexif()) == {}
    assert not image.info.keys() & {"exif", "icc_profile", "comment", "Comment", "xmp", "XML:com.adobe.xmp"}
    assert pictures.PLACE.encode() not in content
    assert b"Lovelace" not in content


def test_a_photograph_taken_sideways_stands_upright() -> None:
    upload = pictures.photograph(orientation=6)  # the camera was turned: right is up

    picture = images.clean(upload)

    assert (picture.width, picture.height) == (120, 320)
    assert opened(picture).getpixel((60, 10))[2] > 150  # what was left is on top


def test_a_picture_is_made_smaller_and_never_larger() -> None:
    upload = pictures.png((1000, 400))

    assert (images.clean(upload, longest_side=250).width, images.clean(upload, longest_side=250).height) == (250, 100)
    assert images.clean(upload, longest_side=5000).width == 1000


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_mode_of_png_is_taken(mode: str) -> None:
    image = Image.new("I;16", (320, 120), 0x8000) if mode == "I;16" else pictures.drawing(mode=mode)

    shown = opened(images.clean(pictures.file_of(image)))

    assert shown.mode in {"L", "RGB", "RGBA"}
    if mode == "I;16":
        assert shown.getpixel((0, 0)) == 0x80


def test_print_colors_become_colors_of_the_screen() -> None:
    shown = opened(images.clean(pictures.file_of(pictures.drawing(mode="CMYK"), "JPEG")))

    assert shown.mode == "RGB"
    assert shown.getpixel((300, 60))[0] > 150


def test_what_is_transparent_stays_so_and_is_white_where_the_kind_knows_no_transparency() -> None:
    clear = Image.new("RGBA", (40, 40), (255, 0, 0, 0))

    assert opened(images.clean(pictures.file_of(clear))).getpixel((5, 5))[3] == 0
    assert opened(images.draw(clear, Kind.JPEG, longest_side=40)).getpixel((5, 5)) == (255, 255, 255)
    palette = pictures.drawing(mode="P")
    assert opened(images.clean(pictures.file_of(palette, transparency=palette.getpixel((300, 60))))).mode == "RGBA"


def test_the_content_decides_and_not_the_name() -> None:
    """Whatever a file is called: its bytes say what it is, and the new file says the same."""
    assert images.clean(pictures.file_of(pictures.drawing(), "JPEG")).kind is Kind.JPEG
    with pytest.raises(NotTaken, match="This file is a GIF, whatever its name ends in"):
        images.clean(pictures.file_of(pictures.drawing(), "GIF"))


@pytest.mark.parametrize(
    ("upload", "sentence"),
    [
        (b"", "The file is empty"),
        (b"hello", "no picture that we know"),
        (pictures.SVG, "We don’t take SVG, because such a file can carry a program"),
        (b"\n  <!-- logo -->" + pictures.SVG, "We don’t take SVG"),
        (b"\x1f\x8b\x08\x00svgz", "We don’t take SVG"),
        (b"%PDF-1.7 ...", "This file is a PDF"),
        (pictures.file_of(pictures.drawing(), "BMP"), "This file is a bitmap"),
        (pictures.file_of(pictures.drawing(), "TIFF"), "This file is a TIFF"),
        (b"\x00\x00\x00\x20ftypheic....", "This file is a HEIC picture"),
        (pictures.png() + bytes(images.MOST_BYTES), r"The file has 2\.0 MB\. We take up to 2 MB"),
        (pictures.moving("PNG"), "This picture moves"),
        (pictures.moving("WEBP"), "This picture moves"),
        (pictures.png()[:200], "damaged or incomplete"),
        (pictures.photograph()[:1500], "damaged or incomplete"),
        (pictures.file_of(pictures.drawing(), "WEBP")[:60], "damaged or incomplete"),
        (b"\x89PNG\r\n\x1a\n", "damaged or incomplete"),
        (b"\xff\xd8\xff", "damaged or incomplete"),
        (b"RIFF\x00\x00\x00\x00WEBP", "damaged or incomplete"),
        (pictures.png_with_a_bomb_of_text(), "damaged or incomplete"),
    ],
)
def test_what_is_refused_is_refused_with_a_sentence(upload: bytes, sentence: str) -> None:
    with pytest.raises(NotTaken, match=sentence):
        images.clean(upload)


@pytest.mark.parametrize(
    "upload",
    [
        pictures.with_an_archive(pictures.png()),
        pictures.with_an_archive(pictures.file_of(pictures.drawing(), "JPEG")),
        pictures.png() + b"<SCRIPT>alert(1)</SCRIPT>",
        pictures.file_of(pictures.drawing(), "JPEG", comment="<?php system($_GET['c']); ?>"),
        pictures.file_of(pictures.drawing(), "JPEG", comment="%PDF-1.7 1 0 obj"),
        pictures.png()[:33] + pictures.chunk(b"tEXt", b"Title\x00" + pictures.SVG) + pictures.png()[33:],
    ],
)
def test_a_picture_that_is_something_else_too_is_refused(upload: bytes) -> None:
    with pytest.raises(NotTaken, match="something else is hidden in it"):
        images.clean(upload)


def test_what_stands_behind_a_picture_is_not_kept() -> None:
    """Phones write more behind a photograph. It is no reason to refuse it, and none to keep it."""
    content = images.clean(pictures.file_of(pictures.drawing(), "JPEG") + b"the film of the last second").content

    assert b"the film" not in content


@pytest.mark.parametrize("says", [pictures.png_that_says, pictures.webp_that_says, pictures.jpeg_that_says])
@pytest.mark.parametrize("size", [(10_001, 1), (1, 10_001), (4001, 4000), (16_000, 16_000)])
def test_the_size_is_judged_before_a_pixel_is_decoded(
    says: object, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    for reader in (images.PngImageFile, images.JpegImageFile, images.WebPImageFile):
        monkeypatch.setattr(reader, "load", lambda image: pytest.fail("It was decoded."))
    upload = says(*size)
    assert len(upload) < 20_000

    with pytest.raises(NotTaken, match=rf"{size[0]:,} by {size[1]:,} pixels\. We take up to 16 million pixels"):
        images.clean(upload)


def test_no_room_is_made_for_a_webp_that_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its reader would, as soon as it opens the file."""
    monkeypatch.setattr(images, "WebPImageFile", lambda file: pytest.fail("It was opened."))

    with pytest.raises(NotTaken, match="We take up to 16 million pixels"):
        images.clean(pictures.webp_that_says(16_000, 16_000))


@pytest.mark.parametrize(("lossless", "alpha"), [(True, False), (False, False), (False, True)])
def test_the_three_heads_of_webp_are_read(lossless: bool, alpha: bool) -> None:
    upload = pictures.file_of(pictures.drawing((321, 123), "RGBA" if alpha else "RGB"), "WEBP", lossless=lossless)

    assert images._webp_size(upload) == (321, 123)


_HONEST = [pictures.photograph(kind) for kind in ("PNG", "JPEG", "WEBP")]


@pytest.mark.filterwarnings("ignore:.*:UserWarning:PIL")
@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(_HONEST), st.lists(st.tuples(st.integers(0, 3000), st.binary(min_size=1, max_size=8)), max_size=6)
)
def test_a_broken_file_is_drawn_anew_or_refused_and_nothing_else_happens(
    upload: bytes, damage: list[tuple[int, bytes]]
) -> None:
    broken = bytearray(upload)
    for at, content in damage:
        broken[at % len(broken) : at % len(broken) + len(content)] = content
    try:
        picture = images.clean(bytes(broken))
    except NotTaken:
        return
    assert opened(picture).size == (picture.width, picture.height)
