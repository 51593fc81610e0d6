"""Uploading a PDF to be checked: what is answered, and that nothing of it stays; attacks by files."""

import html
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.utils import timezone, translation
from django.utils.translation import gettext

from courses.accounts.enums import MembershipStatus
from courses.certificates.domain.delivery import stored_bytes
from courses.certificates.domain.erasure import erase
from courses.certificates.enums import Revocation, Standing
from courses.certificates.interfaces.uploads import MAX_BYTES, MAX_OVERHEAD, is_announced_too_big
from courses.certificates.models import Certificate
from courses.lib.ids import display_serial, new_serial
from tests.factories.accounts import AssociationFactory, MembershipFactory, UserFactory
from tests.factories.certificates import certificate_in, make_ready
from tests.factories.courses import make_course

pytestmark = pytest.mark.django_db
NAMES = ("Zohra", "Trabelsi", "زهرة", "الطرابلسي")
LANGUAGES = ("ar", "fr", "en")


@pytest.fixture
def holder(regions):
    user = UserFactory(certificate_name_latin="Zohra Trabelsi", certificate_name_arabic="زهرة الطرابلسي")
    association = AssociationFactory(
        region=regions.kasserine, name_latin="Association Lumière", name_ar="جمعية النور"
    )
    MembershipFactory(user=user, association=association, status=MembershipStatus.CONFIRMED)
    return user


@pytest.fixture
def ready(holder, course):
    return make_ready(holder, course)


def text_of(response):
    return html.unescape(response.content.decode())


class Unreadable:
    def read(self, *arguments):
        raise AssertionError("the body was read")

    readline = read


def other_than(language):
    return next(one for one in LANGUAGES if one != language)


def send(client, content, name="certificate.pdf", language="fr", **extra):
    file = SimpleUploadedFile(name, content, content_type="application/pdf")
    return client.post(f"/{language}/verify/file/", {"file": file}, **extra)


@contextmanager
def files_written() -> Iterator[list[str]]:
    """Every file that is opened for writing meanwhile, wherever it is."""
    written: list[str] = []
    watching = True

    def watch(event: str, arguments: tuple) -> None:
        if watching and event == "open" and arguments[1] and set(arguments[1]) & set("wax+"):
            written.append(str(arguments[0]))

    # A hook can't be taken away again; it stops watching instead.
    sys.addaudithook(watch)
    yield written
    watching = False


class TestFile:
    def test_the_issued_file(self, client, ready):
        response = send(client, stored_bytes(ready))

        text = text_of(response)
        assert response.status_code == 200
        assert [
            part for part in ("Z. T.", display_serial(ready.serial), "verdict--valid") if part not in text
        ] == []
        assert [part for part in NAMES if part in text] == []
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert "no-store" in response["Cache-Control"]

    @pytest.mark.parametrize("standing", [Standing.VALID, Standing.EXPIRING])
    def test_whoever_has_the_file_has_no_paper_to_compare(self, client, holder, course, standing):
        certificate = certificate_in(standing, holder, course)

        by_file = text_of(send(client, stored_bytes(certificate), language="en"))
        by_code = text_of(client.get(f"/en/verify/{certificate.serial}/"))

        assert (f"verdict--{standing.value}" in by_file, "This certificate was issued by" in by_file) == (
            True,
            True,
        )
        assert ("with the paper" in by_file, "with the paper" in by_code) == (False, True)

    @pytest.mark.parametrize("standing", list(Standing))
    def test_it_says_what_the_certificate_is_worth_today(self, client, holder, course, standing):
        certificate = make_ready(holder, course)
        pdf = stored_bytes(certificate)
        changes = {
            Standing.REVOKED: {"revoked_at": timezone.now(), "revocation": Revocation.FRAUD},
            Standing.SUPERSEDED: {"superseded_at": timezone.now()},
            Standing.EXPIRED: {"expires_at": timezone.now()},
            Standing.EXPIRING: {
                "issued_at": timezone.now() - timezone.timedelta(days=300),
                "expires_at": timezone.now() + timezone.timedelta(days=3),
            },
        }
        if standing == Standing.HOLDER_ERASED:
            erase(holder, timezone.now())
        elif standing in changes:
            Certificate.objects.filter(pk=certificate.pk).update(**changes[standing])

        text = text_of(send(client, pdf, language="ar"))

        assert f"verdict--{standing.value}" in text

    def test_somebody_elses_file_tells_its_own_serial(self, client, ready, site):
        other = make_ready(UserFactory(), make_course(site, code="PLA"))

        text = text_of(send(client, stored_bytes(other)))

        assert display_serial(other.serial) in text
        assert display_serial(ready.serial) not in text

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_a_changed_copy(self, client, ready, language):
        pdf = stored_bytes(ready)
        changed = pdf.replace(b"(Ilmam)", b"(Other)")

        response = send(client, changed, language=language)

        with translation.override(language):
            headline = gettext("This file was changed")
        text = text_of(response)
        assert changed != pdf
        assert (response.status_code, headline in text, "verdict--unknown" in text) == (200, True, True)
        # What was issued is one step away, and none of it stands here.
        assert f"/{language}/verify/{ready.serial}/" in text
        assert "Z. T." not in text

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_another_pdf(self, client, db, language):
        response = send(client, b"%PDF-1.4\n%%EOF", language=language)

        with translation.override(language):
            assert gettext("This isn't a file that we issued") in text_of(response)
        assert response.status_code == 200

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"", "This file is empty."),
            (b"GIF89a", "This file isn't a PDF."),
            (b"%PDF-1.7" + b"x" * MAX_BYTES, "This file is larger than 1 MB, so it isn't one of ours."),
            (b"%PDF-1.7" + b"x" * 6 * MAX_BYTES, "This file is larger than 1 MB, so it isn't one of ours."),
        ],
        ids=["empty", "picture", "large", "larger"],
    )
    def test_what_is_wrong_is_said(self, client, db, content, words):
        response = send(client, content, language="fr")

        assert (response.status_code, gettext(words) in text_of(response)) == (422, True)

    def test_no_file_at_all(self, client, db):
        response = client.post("/fr/verify/file/", {})

        assert (response.status_code, gettext("Choose the PDF of a certificate.") in text_of(response)) == (
            422,
            True,
        )

    def test_what_says_that_it_is_too_large_is_not_read(self, client, db):
        """With a form's worth above the limit it is still read: the file itself may be small enough."""
        response = client.generic(
            "POST",
            "/fr/verify/file/",
            b"",
            content_type="multipart/form-data; boundary=x",
            CONTENT_LENGTH=str(MAX_BYTES + MAX_OVERHEAD + 1),
            **{"wsgi.input": Unreadable()},
        )

        text = text_of(response)
        assert response.status_code == 422
        assert gettext("This file is larger than 1 MB, so it isn't one of ours.") in text

    @pytest.mark.parametrize("length", ["", "x", "-1", str(MAX_BYTES + MAX_OVERHEAD)])
    def test_what_does_not_say_so_is_read(self, length):
        request = RequestFactory().post("/fr/verify/file/")
        request.META["CONTENT_LENGTH"] = length

        assert not is_announced_too_big(request)

    def test_just_at_the_limit(self, client, db):
        content = b"%PDF-1.7" + b"x" * (MAX_BYTES - 8)

        assert send(client, content).status_code == 200

    def test_the_limit_is_for_all_files_of_a_request(self, client, db):
        half = b"%PDF-1.7" + b"x" * (MAX_BYTES // 2)
        files = {f"file{number}": SimpleUploadedFile("a.pdf", half) for number in range(3)}

        response = client.post("/fr/verify/file/", files)

        assert gettext("This file is larger than 1 MB, so it isn't one of ours.") in text_of(response)

    def test_an_archive_bomb_is_not_unpacked(self, client, db):
        bomb = b"%PDF-1.7\n1 0 obj\n<</Filter/FlateDecode>>stream\n" + zlib.compress(bytes(200_000_000), 9)

        response = send(client, bomb)

        assert (len(bomb) < MAX_BYTES, response.status_code) == (True, 200)

    @pytest.mark.parametrize(
        "name",
        [
            "../../../etc/passwd.pdf",
            "/etc/cron.d/x",
            "..\\..\\x.pdf",
            "a\r\nSet-Cookie: a=b.pdf",
            "é" * 300,
            "شهادة.pdf",
        ],
    )
    def test_its_name_is_never_used(self, client, ready, name):
        with files_written() as written:
            response = send(client, stored_bytes(ready), name=name)

        assert (response.status_code, written) == (200, [])
        assert "Set-Cookie: a=b" not in str(response.headers)
        assert "passwd" not in text_of(response)

    @pytest.mark.parametrize("size", [0, 100, MAX_BYTES - 8, 3 * MAX_BYTES])
    def test_nothing_is_written_anywhere(self, client, ready, size):
        content = b"%PDF-1.7" + b"x" * size
        before = Certificate.objects.values().get(pk=ready.pk)

        with files_written() as written:
            send(client, content)
            send(client, stored_bytes(ready))

        assert written == []
        assert Certificate.objects.values().get(pk=ready.pk) == before

    def test_the_watch_would_notice(self, tmp_path):
        with files_written() as written:
            (tmp_path / "file").write_bytes(b"x")

        assert written == [str(tmp_path / "file")]

    def test_another_site_cannot_send_one(self, db):
        client = Client(enforce_csrf_checks=True)

        assert send(client, b"%PDF-1.4").status_code == 403

    def test_the_form_itself_can(self, db):
        client = Client(enforce_csrf_checks=True)
        token = client.get("/fr/verify/").context["csrf_token"]
        file = SimpleUploadedFile("a.pdf", b"%PDF-1.4")

        response = client.post("/fr/verify/file/", {"csrfmiddlewaretoken": str(token), "file": file})

        assert response.status_code == 200

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_the_answers_language_links_lead_to_the_form(self, client, db, language):
        address = f"/{language}/verify/file/"
        assert f'href="{address}"' in text_of(send(client, b"%PDF-1.4", language=other_than(language)))

        for method in (client.get, client.head):
            response = method(address)
            assert (response.status_code, response["Location"]) == (302, f"/{language}/verify/")

    def test_leading_to_the_form_is_no_check(self, client, db):
        for _time in range(21):
            client.get("/fr/verify/file/")

        assert send(client, b"%PDF-1.4").status_code == 200

    def test_too_many_from_one_address(self, client, db):
        codes = [send(client, b"%PDF-1.4").status_code for _time in range(21)]

        assert codes == [200] * 20 + [429]
        # Looking up codes is counted apart.
        assert client.get(f"/fr/verify/{new_serial()}/").status_code == 404
