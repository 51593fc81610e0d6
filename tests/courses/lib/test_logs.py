"""What logs leave out: addresses that are keys."""

import logging

import pytest

from courses.lib.logs import WithoutTokens


def record(text, *arguments):
    return logging.LogRecord("django.request", logging.WARNING, "", 0, text, arguments or None, None)


@pytest.mark.parametrize(
    ("text", "arguments", "said"),
    [
        (
            "%s: %s",
            ("Not Found", "/fr/verify/7K3MQ0ZP4TRX9HCD/name/abc-_D/"),
            "Not Found: /fr/verify/7K3MQ0ZP4TRX9HCD/name/…/",
        ),
        ("Not Found: /ar/verify/x/name/100%", (), "Not Found: /ar/verify/x/name/…"),
        ("%s: %s", ("Not Found", "/fr/verify/7K3MQ0ZP4TRX9HCD/"), "Not Found: /fr/verify/7K3MQ0ZP4TRX9HCD/"),
        ("%d of %d", (1, 2), "1 of 2"),
    ],
)
def test_the_token_of_a_name_link(text, arguments, said):
    written = record(text, *arguments)

    assert WithoutTokens().filter(written) is True
    assert written.getMessage() == said


@pytest.mark.django_db
def test_a_wrong_link_is_logged_without_it(client, caplog):
    client.get("/fr/verify/7K3MQ0ZP4TRX9HCD/name/somebodys-token/")

    assert "/name/…/" in caplog.text
    assert "somebodys-token" not in caplog.text
