"""A certificate in each standing as anybody sees it, as its holder sees it, and what a file is told to be."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.axe import run_axe
from tests.browser.devices import DESKTOP, PHONE, Device
from tests.browser.running import RunningSite
from tests.browser.standings import Shown, plant_standings
from tests.browser.survey import MEASURE

Devices = Callable[..., Device]
STANDINGS = ("valid", "expiring", "expired", "revoked", "superseded", "holder_erased")
ON = [pytest.param("ar", PHONE, id="ar-phone"), pytest.param("fr", DESKTOP, id="fr-desktop")]


@pytest.fixture(scope="module")
def shown(served: RunningSite) -> dict[str, Shown]:
    return plant_standings(served)


def look(device: Device) -> None:
    """No barrier, nothing sticks out."""
    found, measured = run_axe(device.page), device.page.evaluate(MEASURE)
    assert (found.violations, measured["wide"]) == ([], []), device.page.url
    assert found.passes > 10


@pytest.mark.parametrize(("language", "options"), ON)
@pytest.mark.parametrize("standing", STANDINGS)
def test_whoever_checks_it(
    device: Devices, shown: dict[str, Shown], standing: str, language: str, options: dict[str, int]
) -> None:
    visitor = device(language, **options, script=False)

    assert visitor.go(f"/{language}/verify/{shown[standing].serial}/") == 200

    assert visitor.page.locator("h1.verdict__word .icon").count() == 1
    assert visitor.page.locator(f".verdict--{standing}").is_visible()
    assert "Trabelsi" not in visitor.text()


@pytest.mark.parametrize(("language", "options"), ON)
@pytest.mark.parametrize("standing", STANDINGS)
def test_no_barrier(
    device: Devices, shown: dict[str, Shown], standing: str, language: str, options: dict[str, int]
) -> None:
    visitor = device(language, **options)
    visitor.go(f"/{language}/verify/{shown[standing].serial}/")
    look(visitor)
    if shown[standing].link:
        assert visitor.go(f"/{language}{shown[standing].link}") == 200
        assert "Trabelsi" in visitor.text()
        look(visitor)
    if standing != "holder_erased":
        holder = device(language, **options, storage=shown[standing].storage)
        assert holder.go(f"/{language}/certificates/{shown[standing].uuid}/") == 200
        look(holder)


@pytest.mark.parametrize(("language", "options"), ON)
def test_a_file_is_checked_without_script(
    device: Devices, shown: dict[str, Shown], tmp_path: Path, language: str, options: dict[str, int]
) -> None:
    holder = device(language, **DESKTOP, storage=shown["valid"].storage)
    address = f"{holder.base_url}/{language}/certificates/{shown['valid'].uuid}/download/"
    issued = holder.context.request.get(address).body()
    files = {"issued.pdf": issued, "changed.pdf": issued + b"\n", "other.pdf": b"%PDF-1.4\n%%EOF"}
    visitor = device(language, **options, script=False)
    judged = device(language, **options)

    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
        for one in (visitor, judged):
            one.go(f"/{language}/verify/")
            one.page.set_input_files("input[type=file]", tmp_path / name)
            one.press_and_arrive("form[enctype] button")
        assert visitor.page.locator(".verdict--valid").count() == (name == "issued.pdf")
        assert visitor.page.locator(".verdict--unknown").count() == (name != "issued.pdf")
        look(judged)


@pytest.mark.parametrize(("language", "options"), ON)
def test_a_file_that_cannot_be_one_is_refused_in_words(
    device: Devices, tmp_path: Path, language: str, options: dict[str, int]
) -> None:
    visitor = device(language, **options)
    for name, content in {
        "empty.pdf": b"",
        "large.pdf": b"%PDF-1.4" + bytes(3_000_000),
        "note.txt": b"x",
    }.items():
        (tmp_path / name).write_bytes(content)
        visitor.go(f"/{language}/verify/")
        visitor.page.set_input_files("input[type=file]", tmp_path / name)
        with visitor.expecting(422):
            visitor.press_and_arrive("form[enctype] button")
        assert visitor.page.locator(".error-summary, [data-focus]").first.is_visible()
        look(visitor)


@pytest.mark.parametrize(("language", "options"), ON)
def test_the_holder_makes_a_link_and_ends_it(
    device: Devices, shown: dict[str, Shown], language: str, options: dict[str, int]
) -> None:
    holder = device(language, **options, storage=shown["expiring"].storage)
    page = f"/{language}/certificates/{shown['expiring'].uuid}/"
    holder.go(page)
    before = holder.page.locator("form[action$='/end/']").count()

    holder.press_and_arrive("form[action$='/name-links/'] button")
    look(holder)
    address = str(holder.page.locator("#name-address").input_value())
    path = "/" + address.split("/", 3)[3]

    visitor = device(language, **options)
    assert visitor.go(path) == 200
    holder.go(page)
    assert holder.page.locator("form[action$='/end/']").count() == before + 1
    for _each in range(before + 1):
        holder.press_and_arrive("form[action$='/end/'] button")
    with visitor.expecting(404):
        assert visitor.go(path) == 404
