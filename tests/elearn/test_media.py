"""Public images, and nothing beside them."""

from pathlib import Path

import pytest

pytestmark = pytest.mark.django_db


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    for folder in ("images", "documents", "original_images"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "file.txt").write_text(folder, encoding="utf-8")
    return Path(tmp_path)


def test_an_image_is_served_and_may_be_kept(client, media):
    response = client.get("/media/images/file.txt")

    assert response.status_code == 200
    assert b"".join(response.streaming_content) == b"images"
    assert response["Cache-Control"] == "public, max-age=86400"


@pytest.mark.parametrize(
    "path",
    [
        "documents/file.txt",
        "original_images/file.txt",
        "images/../documents/file.txt",
        "images/%2e%2e/documents/file.txt",
        "images/x/../../documents/file.txt",
        "images/missing.txt",
        "imagesdocuments/file.txt",
    ],
)
def test_everything_else_is_not_found(client, media, path):
    assert client.get(f"/media/{path}").status_code == 404
