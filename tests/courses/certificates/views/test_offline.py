"""The page for no connection, its service worker, and the public keys."""

import json
import re
from html import unescape

import pytest
from django.contrib.staticfiles import finders
from django.utils import timezone

from courses.certificates.domain import keys
from courses.certificates.domain.qr import qr_text
from courses.certificates.enums import KeyPurpose
from courses.certificates.views.offline import FILES
from tests.factories.accounts import UserFactory
from tests.factories.certificates import make_ready

pytestmark = pytest.mark.django_db


@pytest.fixture
def key(db):
    return keys.active(KeyPurpose.QR, timezone.now())


def test_the_keys_are_public_and_complete(client, key):
    newer = keys.generate(KeyPurpose.QR, timezone.now())

    response = client.get("/fr/verify/keys.json")

    found = response.json()["keys"]
    assert [one["kid"] for one in found] == [newer.fingerprint, key.fingerprint]
    assert [sorted(one) for one in found] == [["alg", "crv", "kid", "kty", "use", "x", "y"]] * 2
    assert {(one["kty"], one["crv"], one["alg"]) for one in found} == {("EC", "P-256", "ES256")}
    assert "Set-Cookie" not in response.headers


def test_without_a_key_there_are_none(client, db):
    assert client.get("/fr/verify/keys.json").json() == {"keys": []}


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_page_holds_the_keys_and_no_certificate(client, course, language):
    certificate = make_ready(UserFactory(), course)

    response = client.get(f"/{language}/verify/offline/")

    text = response.content.decode()
    (held,) = re.findall(r'data-keys="([^"]*)"', text)
    assert json.loads(unescape(held)) == client.get("/fr/verify/keys.json").json()["keys"]
    assert [part for part in (certificate.serial, "S. B. A.", "csrfmiddlewaretoken") if part in text] == []
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert {"right", "forged", "other", "none", "unable"} == set(re.findall(r'data-finding="(\w+)"', text))


def test_the_worker_is_a_script_for_its_own_folder(client, key):
    response = client.get("/ar/verify/worker.js")

    text = response.content.decode()
    assert response["Content-Type"] == "text/javascript"
    assert "no-cache" in response["Cache-Control"]
    assert "Service-Worker-Allowed" not in response.headers
    assert '"/ar/verify/offline/"' in text.replace("\\u002D", "-")
    assert [name for name in FILES if name not in text.replace("\\u002D", "-")] == []


def test_the_files_it_keeps_exist():
    assert [name for name in FILES if finders.find(name) is None] == []


def test_the_worker_changes_with_keys_and_languages_alone(client, key):
    first, again, arabic = (client.get(f"/{code}/verify/worker.js").content for code in ("fr", "fr", "ar"))
    keys.generate(KeyPurpose.QR, timezone.now())
    rotated = client.get("/fr/verify/worker.js").content

    assert first == again
    assert len({first, arabic, rotated}) == 3


@pytest.mark.parametrize("address", ["", "{serial}/"])
def test_pages_name_the_worker_of_their_language(client, course, address):
    certificate = make_ready(UserFactory(), course)

    text = client.get(f"/ar/verify/{address.format(serial=certificate.serial)}").content.decode()

    assert 'data-worker="/ar/verify/worker.js"' in text


def test_the_address_in_the_qr_code_is_the_printed_one_and_a_fragment(course):
    certificate = make_ready(UserFactory(), course)

    address, fragment = qr_text(certificate, timezone.now()).split("#")

    assert address == certificate.snapshot["content"]["verify_url"]
    assert fragment.startswith("v1.")
