"""Pictures on certificates: PNG or JPEG, small, the same bytes each time."""

import hashlib
import io

import pytest
from PIL import Image

from courses.certificates.interfaces import pictures
from courses.certificates.interfaces.pdf.pictures import picture_streams
from courses.certificates.interfaces.pictures import BACKGROUND, LOGOS, SIGNATURES, PictureError, prepare
from tests.factories.designs import picture

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90"><rect width="90" height="90"/></svg>'


def weight_in_a_pdf(content: bytes) -> int:
    return sum(len(stream.content) for stream in picture_streams(content) if stream is not None)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "format"),
        (b"%PDF-1.7", "format"),
        (SVG, "format"),
        (picture("GIF"), "format"),
        (picture("WEBP"), "format"),
        (picture("PNG", (400, 300), noisy=True)[:-2000], "broken"),
        (picture("JPEG", (400, 300))[:400], "broken"),
        (picture("PNG", (4000, 3001), mode="L"), "large"),
        (picture("PNG", (200, 15)), "small"),
    ],
    ids=["empty", "pdf", "svg", "gif", "webp", "half a png", "half a jpeg", "too large", "too small"],
)
def test_what_cannot_be_printed_is_refused_with_its_reason(content, reason):
    with pytest.raises(PictureError) as refused:
        pictures.check(content)

    assert refused.value.reason == reason


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
@pytest.mark.parametrize("bounds", [BACKGROUND, LOGOS, SIGNATURES], ids=["background", "logo", "signature"])
def test_the_heaviest_picture_is_made_to_fit(kind, bounds):
    made, content = prepare(picture(kind, (1000, 500), noisy=True), bounds)

    with Image.open(io.BytesIO(content)) as image:
        assert image.size == (made.width, made.height)
        assert image.format in ("PNG", "JPEG")
    assert max(made.width, made.height) <= bounds.side
    assert weight_in_a_pdf(content) <= bounds.weight
    assert made.name == f"certificates/pictures/{hashlib.sha256(content).hexdigest()}.{made.name[-3:]}"


def test_a_transparent_signature_stays_transparent_and_a_background_does_not():
    see_through = picture("PNG", (900, 300), mode="RGBA")

    signature, signed = prepare(see_through, SIGNATURES)
    background, flat = prepare(see_through, BACKGROUND)

    assert (signature.name[-4:], signature.width) == (".png", 600)
    assert Image.open(io.BytesIO(signed)).getpixel((5, 5)) == (23, 73, 77, 128)
    assert (background.name[-4:], Image.open(io.BytesIO(flat)).mode) == (".jpg", "RGB")


def test_what_a_camera_wrote_about_a_picture_goes_and_it_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x013B] = "Leïla"  # who took it
    file = io.BytesIO()
    Image.new("RGB", (300, 100), "white").save(file, "JPEG", exif=exif)

    made, content = prepare(file.getvalue(), LOGOS)

    assert (made.width, made.height) == (100, 300)
    assert not Image.open(io.BytesIO(content)).getexif()


def test_the_same_file_gives_the_same_bytes():
    source = picture("PNG", (700, 500), noisy=True)

    assert prepare(source, LOGOS) == prepare(source, LOGOS)


def test_several_share_a_weight():
    assert pictures.shared(LOGOS, 3).weight == LOGOS.weight // 3
    assert pictures.shared(LOGOS, 0) == LOGOS
