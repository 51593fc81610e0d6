"""The QR code of a certificate, read from the paper and opened on a device: with a connection, without, and forged."""

import json
import re
import subprocess
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import zxingcpp
from cryptography.hazmat.primitives.asymmetric import ec
from PIL import Image
from playwright.sync_api import expect

from courses.certificates.interfaces.qr_payload import QrFacts, fragment
from courses.lib.ids import new_serial
from tests.browser.devices import DESKTOP, PHONE, Device
from tests.browser.people import sign_in

Devices = Callable[..., Device]
ON = [pytest.param("ar", PHONE, id="ar-phone"), pytest.param("fr", DESKTOP, id="fr-desktop")]
SECONDS = 15_000


@pytest.fixture(scope="module")
def paper() -> dict[str, str]:
    """What the QR code on the demo's certificate says; read from the PDF once."""
    return {}


@pytest.fixture
def printed(device: Devices, paper: dict[str, str], tmp_path: Path) -> str:
    if not paper:
        graduate = device("fr", **DESKTOP)
        sign_in(graduate, "member.done@demo.example")
        graduate.go("/fr/my-learning/")
        link = graduate.page.locator("a[href$='/download/']").first.get_attribute("href")
        pdf = graduate.context.request.get(f"{graduate.base_url}{link}").body()
        (tmp_path / "sheet.pdf").write_bytes(pdf)
        command = ["pdftoppm", "-r", "200", "-png", "-singlefile", tmp_path / "sheet.pdf", tmp_path / "sheet"]
        subprocess.run(command, check=True)
        (code,) = zxingcpp.read_barcodes(Image.open(tmp_path / "sheet.png"))
        paper["text"] = code.text
    return paper["text"]


def address_on(device: Device, text: str) -> str:
    """The address of a code on this site and in the device's language."""
    parts = urlsplit(text)
    path = re.sub(r"^/\w\w/", f"/{device.language}/", parts.path)
    return f"{device.base_url}{path}#{parts.fragment}"


def changed(text: str) -> str:
    """The code with one bit of its facts turned."""
    address, prefix, payload = text.partition("#v1.")
    content = bytearray(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    content[16] ^= 1
    return f"{address}{prefix}{urlsafe_b64encode(content).rstrip(b'=').decode()}"


def signed_by_another_key(device: Device, text: str) -> str:
    """The code of a forger who has a key of their own, and says that it is ours."""
    keys = device.context.request.get(f"{device.base_url}/fr/verify/keys.json").json()["keys"]
    serial = urlsplit(text).path.strip("/").rsplit("/", 1)[1]
    facts = QrFacts(serial, "JUR", "X. Y.", "", date(2026, 1, 1), date(2026, 1, 1), None)
    key = ec.generate_private_key(ec.SECP256R1())
    return f"{text.partition('#')[0]}#{fragment(facts, key, keys[0]['kid'])}"


def finding(device: Device, name: str) -> None:
    """Exactly this finding is on the screen."""
    expect(device.page.locator(f"[data-finding={name}]")).to_be_visible(timeout=SECONDS)
    assert device.page.locator("[data-finding]:visible").count() == 1


def scan(device: Device, text: str) -> None:
    """Open what a code says, as a scanner does: in a fresh page."""
    device.page.goto("about:blank")
    device.page.goto(address_on(device, text))


@pytest.mark.parametrize(("language", "options"), ON)
def test_with_and_without_a_connection(
    device: Devices, printed: str, language: str, options: dict[str, int]
) -> None:
    visitor = device(language, **options)
    asked: list[str] = []
    visitor.context.on("request", lambda request: asked.append(request.url))

    scan(visitor, printed)
    expect(visitor.page.locator("h1.verdict__word")).to_be_visible()
    finding(visitor, "right")
    visitor.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    wait_until_kept(visitor)
    # The keys were asked for, and what stands behind the # was sent nowhere.
    assert [url for url in asked if urlsplit(url).path.endswith("/keys.json")]
    payload = urlsplit(printed).fragment
    assert [url for url in asked if payload in url.partition("#")[0]] == []

    visitor.context.set_offline(True)
    scan(visitor, printed)
    finding(visitor, "right")
    shown = visitor.text()
    serial = urlsplit(printed).path.strip("/").rsplit("/", 1)[1]
    assert "-".join(re.findall("....", serial)) in shown
    assert visitor.page.locator("[data-fact=completed]").inner_text()
    assert visitor.page.locator("html").get_attribute("lang") == language

    scan(visitor, changed(printed))
    finding(visitor, "forged")
    scan(visitor, printed.replace(serial, new_serial()))
    finding(visitor, "other")
    scan(visitor, printed.partition("#")[0])
    finding(visitor, "none")

    visitor.context.set_offline(False)
    scan(visitor, printed)
    expect(visitor.page.locator("h1.verdict__word")).to_be_visible()


@pytest.mark.parametrize(("language", "options"), ON)
def test_a_forged_code_with_a_connection(
    device: Devices, printed: str, language: str, options: dict[str, int]
) -> None:
    visitor = device(language, **options)

    for text in (changed(printed), signed_by_another_key(visitor, printed), f"{printed[:-40]}"):
        scan(visitor, text)
        finding(visitor, "forged")
    for nonsense in ("v1.", "v1.%%%", "v1.AAAA", "v1." + "A" * 400):
        scan(visitor, f"{printed.partition('#')[0]}#{nonsense}")
        finding(visitor, "forged")


def test_another_anchor_is_no_code(device: Devices, printed: str) -> None:
    visitor = device("fr", **DESKTOP)

    scan(visitor, f"{printed.partition('#')[0]}#main")

    expect(visitor.page.locator("h1.verdict__word")).to_be_visible()
    visitor.page.wait_for_timeout(500)
    assert visitor.page.locator("[data-finding]:visible").count() == 0


def test_what_is_kept_is_one_page_without_anybody(device: Devices, printed: str) -> None:
    graduate = device("fr", **DESKTOP)
    sign_in(graduate, "member.done@demo.example")
    scan(graduate, printed)

    kept = graduate.page.wait_for_function(
        """async () => {
          const found = {};
          for (const name of await caches.keys()) {
            const cache = await caches.open(name);
            for (const request of await cache.keys())
              found[new URL(request.url).pathname] = await (await cache.match(request)).text();
          }
          return Object.keys(found).length >= 6 && found;
        }""",
        timeout=SECONDS,
    ).json_value()

    serial = urlsplit(printed).path.strip("/").rsplit("/", 1)[1]
    assert [path for path in kept if "/verify/" in path] == ["/fr/verify/offline/"]
    page = kept["/fr/verify/offline/"]
    assert (serial in json.dumps(kept), "data-person" in page, "csrfmiddlewaretoken" in page) == (
        False,
        False,
        False,
    )


def wait_until_kept(device: Device) -> None:
    device.page.wait_for_function(
        """async () => {
          for (const name of await caches.keys())
            if ((await (await caches.open(name)).keys()).length >= 6) return true;
          return false;
        }""",
        timeout=SECONDS,
    )
