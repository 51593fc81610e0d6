"""The controls: a device that never complained would prove nothing about quiet pages."""

from collections.abc import Callable

import pytest

from tests.browser.devices import Device

Devices = Callable[..., Device]


@pytest.fixture
def reader(device: Devices) -> Device:
    reader = device("fr")
    reader.go("/fr/")
    assert reader.complaints == []
    return reader


def heard(reader: Device, script: str) -> list[str]:
    """What the device complains of after a script has run on its page; forgotten at once."""
    reader.page.evaluate(script)
    reader.page.wait_for_timeout(500)
    complaints = list(reader.complaints)
    reader.complaints.clear()
    return complaints


def test_inline_scripts_are_refused_and_noticed(reader: Device):
    complaints = heard(
        reader,
        "() => { const one = document.createElement('script'); one.text = 'window.ran = true'; document.body.append(one); }",
    )

    assert len(complaints) == 1
    assert "Content Security Policy" in complaints[0]
    assert reader.page.evaluate("window.ran") is None


def test_inline_styles_are_refused_and_noticed(reader: Device):
    complaints = heard(reader, "() => { document.body.innerHTML += '<p style=\"color: red\">a</p>'; }")

    assert len(complaints) == 1
    assert "Content Security Policy" in complaints[0]


def test_another_host_is_noticed(reader: Device):
    complaints = heard(reader, "() => { new Image().src = 'http://127.0.0.1:9/pixel.png'; }")

    assert complaints


def test_missing_files_are_noticed(reader: Device):
    complaints = heard(reader, "() => fetch('/static/site/missing.css').then(() => null)")

    assert [complaint.split(" ")[0] for complaint in complaints] == ["404:"]


def test_errors_of_scripts_are_noticed(reader: Device):
    complaints = heard(reader, "() => { setTimeout(() => { throw new Error('broken'); }); }")

    assert len(complaints) == 1
    assert complaints[0].startswith("script: ")
