import logging
from smtplib import SMTPRecipientsRefused

from courses.lib.letters import send_each


def sending(error, failing, sent):
    def send(key):
        if key == failing:
            raise error
        sent.append(key)
        return 1

    return send


def test_one_refused_address_stops_nobody_and_stands_in_no_log(caplog):
    refused = SMTPRecipientsRefused({"amel@example.org": (550, b"no such user")})
    sent = []

    with caplog.at_level(logging.ERROR):
        assert send_each([1, 2, 3], sending(refused, 2, sent), what="letter") == 2

    assert sent == [1, 3]
    assert "letter 2" in caplog.text
    assert "SMTPRecipientsRefused" in caplog.text
    assert "amel" not in caplog.text


def test_without_a_mail_server_the_rest_waits_for_the_next_run():
    sent = []

    assert send_each([1, 2, 3], sending(ConnectionRefusedError(), 2, sent), what="letter") == 1
    assert sent == [1]
