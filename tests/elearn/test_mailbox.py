"""The page of sent e-mails: only in the embedded profile."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMessage, get_connection
from django.test import Client

from elearn.mailbox import read_mails

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.ELEARN_MAILBOX = True
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    settings.EMAIL_FILE_PATH.mkdir()
    return settings.EMAIL_FILE_PATH


def send(folder: Path, *subjects: str, body: str = "Bonjour") -> None:
    connection = get_connection("django.core.mail.backends.filebased.EmailBackend", file_path=folder)
    connection.send_messages(
        [EmailMessage(subject, body, "site@example.org", ["salma@example.org"]) for subject in subjects]
    )
    newest = max(folder.glob("*.log"), key=lambda path: path.name)
    count = len(list(folder.glob("*.log")))
    os.utime(newest, (count, count))


def test_elsewhere_there_is_no_such_page(client: Client, settings: Any) -> None:
    settings.ELEARN_MAILBOX = False

    assert client.get("/fr/mailbox/").status_code == 404


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_an_empty_box(client: Client, folder: Path, language: str) -> None:
    response = client.get(f"/{language}/mailbox/")

    assert response.status_code == 200
    assert response.context["mails"] == []


def test_a_folder_that_isnt_there_yet(client: Client, folder: Path) -> None:
    folder.rmdir()

    assert client.get("/fr/mailbox/").status_code == 200


def test_the_newest_first_with_links_to_click(client: Client, folder: Path) -> None:
    send(folder, "Première", body="Ouvrez http://localhost:8000/fr/accounts/confirm-email/abc/ <b>")
    send(folder, "تأكيد العنوان", body="مرحبا")

    response = client.get("/fr/mailbox/")

    page = response.content.decode()
    assert [mail.subject for mail in response.context["mails"]] == ["تأكيد العنوان", "Première"]
    assert 'href="http://localhost:8000/fr/accounts/confirm-email/abc/"' in page
    assert "&lt;b&gt;" in page
    assert "salma@example.org" in page
    assert "no-store" in response["Cache-Control"]


def test_the_time_is_written_as_the_language_does(client: Client, folder: Path) -> None:
    send(folder, "Une")

    page = client.get("/ar/mailbox/").content.decode()

    assert re.search(r"<dd>\d+ \w+ \d{4} على الساعة \d\d:\d\d</dd>", page)


def test_several_messages_in_one_file(folder: Path) -> None:
    send(folder, "Une", "Deux")

    assert [mail.subject for mail in read_mails(folder)] == ["Deux", "Une"]


def test_at_most_fifty(folder: Path) -> None:
    send(folder, *[f"Message {number}" for number in range(60)])

    mails = read_mails(folder)

    assert (len(mails), mails[0].subject) == (50, "Message 59")


def test_a_broken_file_is_no_error(folder: Path) -> None:
    (folder / "broken.log").write_bytes(b"\xff\xfe not a message\nDate: never\n\n\x00")

    assert len(read_mails(folder)) == 1


def test_it_is_only_read(client: Client, folder: Path) -> None:
    assert client.post("/fr/mailbox/").status_code == 405
