"""Screens: the holder's page, the download, the public verification."""

import hashlib
import html
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.accounts.enums import Role
from courses.certificates.domain.erasure import erase
from courses.certificates.enums import CertificateState, EventKind
from courses.certificates.interfaces import files
from courses.certificates.models import Certificate
from courses.lib.ids import ALPHABET, display_serial, new_serial
from tests.factories.accounts import (
    AssociationFactory,
    MembershipFactory,
    RoleGrantFactory,
    UserFactory,
    make_administrator,
    make_coordinator,
    make_trainer,
)
from tests.factories.certificates import make_pending, make_ready

pytestmark = pytest.mark.django_db
NAMES = ("Zohra", "Trabelsi", "زهرة", "الطرابلسي")


@pytest.fixture
def holder(regions):
    return UserFactory(
        certificate_name_latin="Zohra Trabelsi",
        certificate_name_arabic="زهرة الطرابلسي",
        region=regions.kasserine,
    )


def permitted(region):
    """A coordinator who may export the names of this region."""
    coordinator = UserFactory()
    RoleGrantFactory(user=coordinator, role=Role.COORDINATOR, region=region, may_export_names=True)
    return coordinator


@pytest.fixture
def ready(holder, course):
    return make_ready(holder, course)


def page_of(certificate):
    return f"/fr/certificates/{certificate.uuid}/"


def file_of(certificate):
    return f"/fr/certificates/{certificate.uuid}/download/"


def text_of(response):
    return html.unescape(response.content.decode())


class TestDownload:
    def test_the_stored_bytes_are_served_with_a_name_that_names_nobody(self, client, holder, ready):
        client.force_login(holder)

        response = client.get(file_of(ready))

        assert response.status_code == 200
        assert hashlib.sha256(response.content).hexdigest() == ready.sha256
        assert response["Content-Type"] == "application/pdf"
        assert response["Content-Disposition"] == (
            f'attachment; filename="certificate-{display_serial(ready.serial)}.pdf"'
        )
        assert response["Cache-Control"] == "no-store"

    def test_the_same_bytes_each_time(self, client, holder, ready):
        client.force_login(holder)
        first = client.get(file_of(ready)).content
        holder.certificate_name_latin = "Renamed"
        holder.save()

        assert client.get(file_of(ready)).content == first

    def test_a_damaged_file_is_not_handed_out(self, client, holder, ready):
        client.force_login(holder)
        files.store(ready.file_name, b"%PDF-1.7 forged")

        response = client.get(file_of(ready))

        assert (response.status_code, b"forged" in response.content) == (500, False)

    def test_a_missing_file_is_said(self, client, holder, ready):
        client.force_login(holder)
        files.delete(ready.file_name)

        assert client.get(file_of(ready)).status_code == 500

    def test_nothing_to_download_before_it_is_ready(self, client, holder, course):
        client.force_login(holder)

        assert client.get(file_of(make_pending(holder, course))).status_code == 404

    def test_a_download_by_somebody_else_is_recorded(self, client, regions, ready):
        coordinator = permitted(regions.kasserine)
        client.force_login(coordinator)

        client.head(file_of(ready))
        client.get(file_of(ready))

        event = ready.events.get(kind=EventKind.HANDED_OUT)
        assert (event.actor, event.reason) == (coordinator, "")

    def test_the_holders_own_download_is_not_recorded(self, client, holder, ready):
        client.force_login(holder)

        client.get(file_of(ready))

        assert not ready.events.filter(kind=EventKind.HANDED_OUT).exists()

    def test_it_is_read_only(self, client, holder, ready):
        client.force_login(holder)

        assert client.post(file_of(ready)).status_code == 405


@pytest.mark.parametrize("address", [page_of, file_of])
class TestWhoMayOpen:
    @pytest.mark.parametrize(
        ("who", "status"),
        [
            ("holder", 200),
            ("coordinator of the region", 404),
            ("coordinator who may export names there", 200),
            ("coordinator who may export names elsewhere", 404),
            ("administrator", 200),
            ("coordinator elsewhere", 404),
            ("trainer", 404),
            ("member of the same association", 404),
        ],
    )
    def test_holder_scope_and_administrators(self, client, holder, course, regions, address, who, status):
        association = AssociationFactory(region=regions.kasserine)
        colleague = UserFactory()
        MembershipFactory(user=holder, association=association)
        MembershipFactory(user=colleague, association=association)
        certificate = make_ready(holder, course)
        people = {
            "holder": lambda: holder,
            "coordinator of the region": lambda: make_coordinator(regions.kasserine),
            "coordinator who may export names there": lambda: permitted(regions.kasserine),
            "coordinator who may export names elsewhere": lambda: permitted(regions.gabes),
            "administrator": make_administrator,
            "coordinator elsewhere": lambda: make_coordinator(regions.gabes),
            "trainer": make_trainer,
            "member of the same association": lambda: colleague,
        }
        client.force_login(people[who]())

        assert client.get(address(certificate)).status_code == status

    def test_a_visitor_is_asked_to_sign_in(self, client, ready, address):
        response = client.get(address(ready))

        assert (response.status_code, response["Location"]) == (
            302,
            f"/fr/accounts/login/?next={address(ready)}",
        )

    def test_an_unknown_uuid(self, client, holder, address):
        client.force_login(holder)

        assert client.get(address(Certificate(uuid=uuid.uuid4()))).status_code == 404

    def test_an_erased_holder_leaves_nothing_to_open(self, client, holder, ready, address):
        erase(holder, timezone.now())
        holder.erased_at = timezone.now()
        holder.save()
        client.force_login(make_administrator())

        assert client.get(address(ready)).status_code == 404

    @pytest.mark.parametrize("path", ["1/", "not-a-uuid/", "../../etc/passwd/", "%2e%2e/", "%00/"])
    def test_what_is_no_uuid(self, client, holder, address, path):
        client.force_login(holder)

        assert client.get(f"/fr/certificates/{path}").status_code == 404


class TestHoldersPage:
    def test_what_it_says(self, client, holder, ready):
        client.force_login(holder)

        text = text_of(client.get(page_of(ready)))

        expected = (
            "Zohra Trabelsi",
            "زهرة الطرابلسي",
            "Course JUR fr",
            "Module 2 fr",
            display_serial(ready.serial),
            f"http://localhost:8000/fr/verify/{ready.serial}/",
            file_of(ready),
        )
        assert [part for part in expected if part not in text] == []

    @pytest.mark.parametrize(
        ("state", "words"),
        [
            (CertificateState.PENDING, "Being made"),
            (CertificateState.FAILED, "Not issued yet: making it failed"),
        ],
    )
    def test_why_it_is_not_there_yet(self, client, holder, course, state, words):
        certificate = make_pending(holder, course)
        Certificate.objects.filter(pk=certificate.pk).update(state=state, failure="OSError")
        client.force_login(holder)

        text = text_of(client.get(f"/en/certificates/{certificate.uuid}/"))

        assert words in text
        hidden = ("OSError", display_serial(certificate.serial), certificate.serial, "/download/")
        assert [part for part in hidden if part in text] == []

    def test_the_same_number_of_queries_for_a_coordinator_of_many_regions(
        self, client, ready, regions, django_assert_max_num_queries
    ):
        client.force_login(permitted(regions.country))

        with django_assert_max_num_queries(8):
            assert client.get(page_of(ready)).status_code == 200


class TestVerification:
    @pytest.mark.parametrize(
        ("language", "title", "initials"),
        [
            ("fr", "Course JUR fr", "Z. T."),
            ("ar", "Course JUR ar", "ز. ط."),
            ("en", "Course JUR en", "Z. T."),
        ],
    )
    def test_a_valid_one_shows_initials_course_and_dates_and_no_name(
        self, client, ready, language, title, initials
    ):
        response = client.get(f"/{language}/verify/{ready.serial}/")

        text = text_of(response)
        assert response.status_code == 200
        expected = (initials, title, display_serial(ready.serial), "2026", "verdict--valid")
        assert [part for part in expected if part not in text] == []
        forbidden = (*NAMES, "@", ready.sha256, str(ready.uuid))
        assert [part for part in forbidden if part in text] == []

    def test_it_is_not_indexed_stored_or_dependent_on_scripts_of_its_own(self, client, ready):
        response = client.get(f"/fr/verify/{ready.serial}/")

        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert "no-store" in response["Cache-Control"]
        assert 'content="noindex, nofollow"' in text_of(response)
        assert "Set-Cookie" not in response.headers

    def test_one_query(self, client, ready, django_assert_num_queries):
        client.get("/fr/verify/")  # the cache keeps the footer's links

        with django_assert_num_queries(1):
            client.get(f"/fr/verify/{ready.serial}/")

    def test_the_law_not_rechecked_is_said(self, client, ready):
        content = {**ready.snapshot["content"], "law_checked_to": "2024-01-31"}
        Certificate.objects.filter(pk=ready.pk).update(snapshot={**ready.snapshot, "content": content})

        text = text_of(client.get(f"/en/verify/{ready.serial}/"))

        assert "hasn't been re-checked since January 2024" in text

    def test_an_unknown_one(self, client, db):
        response = client.get(f"/en/verify/{new_serial()}/")

        text = text_of(response)
        assert (response.status_code, "Unknown certificate" in text) == (404, True)
        assert ("ask the holder for the PDF file" in text, 'href="/en/verify/#by-file"' in text) == (
            True,
            True,
        )

    def test_one_that_is_being_made_is_unknown(self, client, holder, course):
        pending = make_pending(holder, course)

        assert client.get(f"/fr/verify/{pending.serial}/").status_code == 404

    def test_an_erased_holder(self, client, holder, ready):
        erase(holder, timezone.now())

        response = client.get(f"/en/verify/{ready.serial}/")

        text = text_of(response)
        assert (response.status_code, "Issued; holder erased" in text) == (200, True)
        assert [part for part in (*NAMES, "Z. T.") if part in text] == []

    @pytest.mark.parametrize(
        "style", [str.lower, display_serial, lambda s: s.replace("0", "O"), "{} ".format]
    )
    def test_other_spellings_lead_to_the_canonical_address(self, client, ready, style):
        spelling = style(ready.serial)

        response = client.get(f"/fr/verify/{spelling}/")

        if spelling == ready.serial:  # a serial without zero
            assert response.status_code == 200
        else:
            assert (response.status_code, response["Location"]) == (301, f"/fr/verify/{ready.serial}/")

    def test_every_single_typing_error_is_recognised(self, client, ready, settings):
        settings.ELEARN_VERIFY_PER_MINUTE = 1000
        for position in (0, 7, 15):
            wrong = ALPHABET[(ALPHABET.index(ready.serial[position]) + 1) % 32]
            typed = ready.serial[:position] + wrong + ready.serial[position + 1 :]

            response = client.get(f"/en/verify/{typed}/")

            assert response.status_code == 404
            assert "at least one character is wrong" in text_of(response)

    @pytest.mark.parametrize(
        "typed",
        [
            "A",
            "A" * 4000,
            "%00",
            "..%2F..%2Fetc%2Fpasswd",
            "' OR 1=1 --",
            "<script>alert(1)</script>",
            "شهادة",
            "%E2%80%AE%E2%80%8F",
            "%F0%9F%8C%B8" * 16,
            "%FF%FE",
        ],
    )
    def test_bad_input_is_answered_calmly(self, client, db, typed):
        response = client.get(f"/fr/verify/{typed}/")

        assert response.status_code == 404
        assert b"<script>alert" not in response.content


class TestForm:
    def test_the_empty_form(self, client, db, django_assert_num_queries):
        client.get("/fr/verify/")  # the cache keeps the footer's links

        with django_assert_num_queries(0):
            response = client.get("/fr/verify/")

        assert (response.status_code, response["X-Robots-Tag"]) == (200, "noindex, nofollow")

    def test_it_says_what_the_answer_holds(self, client, db):
        assert "the association if the holder shows it" in text_of(client.get("/en/verify/"))

    def test_a_code_leads_to_its_address(self, client, db):
        serial = new_serial()

        response = client.get("/ar/verify/", {"code": f" {display_serial(serial).lower()} "})

        assert (response.status_code, response["Location"]) == (302, f"/ar/verify/{serial}/")

    def test_arabic_digits_are_read(self, client, db):
        serial = new_serial()
        typed = serial.translate({ord(str(n)): chr(0x660 + n) for n in range(10)})

        response = client.get("/ar/verify/", {"code": typed})

        assert response["Location"] == f"/ar/verify/{serial}/"

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ("", "Type the code that is printed on the certificate."),
            ("   ", "Type the code that is printed on the certificate."),
            ("7K3M", "A code has 16 letters and digits."),
            ("7K3M-Q0ZP-4TRX-9HC!", "“!” isn't used in codes."),
            ("0000-0000-0000-0001", "at least one character is wrong"),
            ("\x00", "Null characters are not allowed."),
            ("A" * 500, "100"),
            ("<b>x</b>", "“<” isn't used in codes."),
        ],
    )
    def test_what_is_wrong_is_said_in_words(self, client, db, typed, words):
        response = client.get("/en/verify/", {"code": typed})

        assert response.status_code == 200
        assert words in text_of(response)
        assert b"<b>x</b>" not in response.content

    def test_it_is_read_only(self, client, db):
        assert client.post("/fr/verify/", {"code": "x"}).status_code == 405


class TestRateLimit:
    def test_too_many_look_ups_from_one_address(self, client, db, settings):
        settings.ELEARN_VERIFY_PER_MINUTE = 3
        address = f"/fr/verify/{new_serial()}/"

        codes = [client.get(address).status_code for _time in range(4)]

        assert codes == [404, 404, 404, 429]
        assert client.get(address)["Retry-After"] == "60"
        assert client.get(address, REMOTE_ADDR="203.0.113.9").status_code == 404

    def test_one_household_of_ipv6_counts_as_one(self, client, db, settings):
        settings.ELEARN_VERIFY_PER_MINUTE = 1
        address = f"/fr/verify/{new_serial()}/"

        codes = [
            client.get(address, REMOTE_ADDR=ip).status_code
            for ip in ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1")
        ]

        assert codes == [404, 429, 404]

    def test_the_form_itself_is_free(self, client, db, settings):
        settings.ELEARN_VERIFY_PER_MINUTE = 1

        assert [client.get("/fr/verify/").status_code for _time in range(3)] == [200, 200, 200]


def test_the_menu_leads_everybody_to_the_verification(client, db):
    assert f'href="{reverse("certificates:verify")}"' in text_of(client.get("/fr/verify/"))


def test_my_learning_shows_the_certificate(client, holder, ready):
    client.force_login(holder)

    text = text_of(client.get("/fr/my-learning/"))

    assert [part for part in (page_of(ready), file_of(ready), "Course JUR fr") if part not in text] == []
