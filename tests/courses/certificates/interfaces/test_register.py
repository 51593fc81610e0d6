"""'All certificates' in the admin: found by code, shown with their history, changed after a confirmation."""

import html
from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from courses.accounts.domain.roles import grant_role
from courses.accounts.enums import Role
from courses.certificates.domain.changing import revoke
from courses.certificates.domain.delivery import ONE_LOOK, record_look
from courses.certificates.domain.erasure import erase, export
from courses.certificates.enums import (
    CertificateState,
    ChangeRefusal,
    EventKind,
    Revocation,
    Standing,
    Supersession,
)
from courses.certificates.interfaces.standing_words import HEADLINES
from courses.certificates.models import Certificate, CertificateEvent
from courses.lib.ids import display_serial
from courses.plugin_api.registries import certificate_variables
from tests.factories.accounts import UserFactory, make_administrator, make_coordinator
from tests.factories.certificates import certificate_in, make_pending, make_ready, rename, superseded_by
from tests.factories.courses import make_course
from tests.factories.designs import make_design, make_image, put

pytestmark = pytest.mark.django_db
INDEX = "/admin/certificates/"
NOTE = "asked for by letter"


@pytest.fixture
def administrator():
    return make_administrator()


@pytest.fixture
def admin(client, administrator):
    client.force_login(administrator)
    return client


@pytest.fixture
def holder():
    return UserFactory(certificate_name_latin="Zohra Trabelsi", certificate_name_arabic="زهرة الطرابلسي")


def page_of(certificate, action=""):
    return f"{INDEX}{certificate.uuid}/{action and action + '/'}"


def file_of(certificate):
    return reverse("certificates:download", args=[certificate.uuid])


def text_of(response):
    return html.unescape(response.content.decode())


class TestWhoMay:
    def test_a_trainer_and_a_coordinator_may_not(self, client, regions, holder, course):
        certificate, trainer = make_ready(holder, course), UserFactory()
        grant_role(trainer, Role.TRAINER, by=None, at=timezone.now())
        # The trainer is sent back to the start of the admin; the others have none.
        for person, status in ((trainer, 302), (make_coordinator(regions.country), 403), (holder, 403)):
            client.force_login(person)
            for path in (INDEX, page_of(certificate), page_of(certificate, "revoke")):
                assert client.get(path).status_code == status
            assert client.post(page_of(certificate, "revoke"), {}).status_code == status
        certificate.refresh_from_db()
        assert certificate.revoked_at is None

    @pytest.mark.parametrize(("rights", "status"), [(("view",), 302), (("view", "change"), 200)])
    def test_a_permission_of_ones_own(self, client, holder, course, rights, status):
        certificate, clerk = make_ready(holder, course), UserFactory()
        names = ["access_admin", *(f"{right}_certificate" for right in rights)]
        clerk.user_permissions.set(Permission.objects.filter(codename__in=names))
        client.force_login(clerk)

        shown = client.get(page_of(certificate))

        assert shown.status_code == 200
        assert ("/revoke/" in text_of(shown)) is (status == 200)
        assert client.get(page_of(certificate, "revoke")).status_code == status


class TestList:
    def test_code_course_standing_and_no_name(self, admin, holder, course):
        certificate = make_ready(holder, course)

        text = text_of(admin.get(INDEX))

        shown = (display_serial(certificate.serial), "Course JUR", str(HEADLINES[Standing.VALID]))
        assert [part for part in shown if part not in text] == []
        assert "Zohra" not in text

    @pytest.mark.parametrize(
        "typed",
        [
            lambda serial: serial,
            lambda serial: display_serial(serial).lower(),
            lambda serial: f" {serial[4:10]} ",
        ],
    )
    def test_found_by_code(self, admin, holder, course, typed):
        wanted, other = make_ready(holder, course), make_ready(UserFactory(), course)

        text = text_of(admin.get(INDEX, {"code": typed(wanted.serial)}))

        assert display_serial(wanted.serial) in text
        assert display_serial(other.serial) not in text

    @pytest.mark.parametrize("standing", list(Standing))
    def test_filtered_by_standing(self, admin, course, standing):
        rows = {one: certificate_in(one, UserFactory(), course) for one in Standing}

        text = text_of(admin.get(INDEX, {"standing": standing.value}))

        assert display_serial(rows[standing].serial) in text
        others = [one for one in Standing if one != standing and display_serial(rows[one].serial) in text]
        assert others == []

    @pytest.mark.parametrize("state", [CertificateState.PENDING, CertificateState.FAILED])
    def test_filtered_by_what_is_not_issued(self, admin, course, state):
        pending = make_pending(UserFactory(), course)
        Certificate.objects.filter(pk=pending.pk).update(state=state)
        ready = make_ready(UserFactory(), course)

        text = text_of(admin.get(INDEX, {"standing": state.value}))

        assert (display_serial(pending.serial) in text, display_serial(ready.serial) in text) == (True, False)

    def test_what_cannot_be_made_is_counted_by_its_error(self, admin, course):
        text = text_of(admin.get(INDEX))
        assert "help-warning" not in text
        for failure in ("OSError", "OSError", "NoKeyError", ""):
            pending = make_pending(UserFactory(), course)
            Certificate.objects.filter(pk=pending.pk).update(failure=failure)
        failed = make_pending(UserFactory(), course)
        Certificate.objects.filter(pk=failed.pk).update(state=CertificateState.FAILED, failure="OSError")

        text = text_of(admin.get(INDEX))

        assert '<code dir="ltr">OSError</code>: 2<' in text
        assert '<code dir="ltr">NoKeyError</code>: 1<' in text

    def test_filtered_by_course(self, admin, site, course):
        second = make_course(site, code="FIN")
        first, other = make_ready(UserFactory(), course), make_ready(UserFactory(), second)

        text = text_of(admin.get(INDEX, {"course": str(second.key)}))

        assert (display_serial(first.serial) in text, display_serial(other.serial) in text) == (False, True)

    @pytest.mark.parametrize(
        "query",
        [
            {"code": "' OR 1=1 --"},
            {"code": "x" * 5000},
            {"code": "\x00"},
            {"course": "not-a-course"},
            {"course": "\x00"},
            {"standing": "sold"},
            {"p": "x"},
            {"p": "-1"},
            {"p": "9999999999"},
        ],
    )
    def test_bad_input_is_answered_calmly(self, admin, holder, course, query):
        make_ready(holder, course)

        assert admin.get(INDEX, query).status_code == 200

    def test_the_same_number_of_queries_for_many(self, admin, course, django_assert_num_queries):
        make_ready(UserFactory(), course)
        admin.get(INDEX)
        with django_assert_num_queries(12):
            admin.get(INDEX)
        for _number in range(3):
            make_ready(UserFactory(), course)
        with django_assert_num_queries(12):
            admin.get(INDEX)


class TestDetail:
    def test_what_is_printed_and_what_happened(self, admin, administrator, holder, course):
        certificate = make_ready(holder, course)
        revoke(certificate.pk, Revocation.FRAUD, timezone.now(), administrator.pk, NOTE)

        text = text_of(admin.get(page_of(certificate)))

        shown = (
            *("Zohra Trabelsi", "زهرة الطرابلسي", "Course JUR", certificate.sha256, NOTE),
            *(str(administrator), str(Revocation.FRAUD.label), str(EventKind.REVOKED.label)),
        )
        assert [part for part in shown if part not in text] == []

    def test_the_file_is_a_click_away_for_those_who_may_take_it(self, admin, holder, course):
        certificate, pending = make_ready(holder, course), make_pending(UserFactory(), course)

        assert file_of(certificate) in text_of(admin.get(page_of(certificate)))
        assert admin.get(file_of(certificate))["Content-Type"] == "application/pdf"
        assert file_of(pending) not in text_of(admin.get(page_of(pending)))

    def test_the_file_is_not_offered_to_who_may_only_look(self, client, holder, course):
        certificate, clerk = make_ready(holder, course), UserFactory()
        names = ["access_admin", "view_certificate"]
        clerk.user_permissions.set(Permission.objects.filter(codename__in=names))
        client.force_login(clerk)

        assert file_of(certificate) not in text_of(client.get(page_of(certificate)))

    def test_the_history_says_date_and_time(self, admin, holder, course):
        assert gettext("Date and time") in text_of(admin.get(page_of(make_ready(holder, course))))

    @pytest.mark.parametrize("standing", list(Standing))
    def test_every_standing_opens_and_offers_what_may_be_done(self, admin, holder, course, standing):
        certificate = certificate_in(standing, holder, course)
        offered = {
            Standing.REVOKED: {"amend"},
            Standing.SUPERSEDED: {"revoke"},
            Standing.HOLDER_ERASED: {"revoke"},
        }.get(standing, {"revoke", "correct", "amend"})

        text = text_of(admin.get(page_of(certificate)))

        found = {
            name
            for name in ("revoke", "correct", "amend", "retry")
            if f'href="{page_of(certificate, name)}"' in text
        }
        assert found == offered

    def test_before_and_after(self, admin, holder, course):
        old = certificate_in(Standing.SUPERSEDED, holder, course)
        new = Certificate.objects.get(supersedes=old)

        assert page_of(new) in text_of(admin.get(page_of(old)))
        assert page_of(old) in text_of(admin.get(page_of(new)))

    @pytest.mark.parametrize("because", list(Supersession))
    def test_what_replaced_it_stands_on_the_page_and_in_the_list(
        self, admin, administrator, holder, course, because
    ):
        certificate = superseded_by(because, holder, course, actor=administrator)

        for path in (page_of(certificate), INDEX):
            text = text_of(admin.get(path))
            assert [one for one in Supersession if str(one.public) in text] == [because]
        # In the history, with who asked for it; a renewal nobody asks for.
        row = str(EventKind.SUPERSEDED.label) + "</td><td><bdi>"
        row += "—" if because == Supersession.RENEWED else str(administrator)
        assert f'{row}</bdi></td><td dir="auto">{because.label}</td>' in text_of(
            admin.get(page_of(certificate))
        )

    def test_an_erased_holder(self, admin, holder, course):
        certificate = make_ready(holder, course)
        erase(holder, timezone.now())

        assert "Zohra" not in text_of(admin.get(page_of(certificate)))

    def test_who_opens_it_is_on_record_once_an_hour(self, admin, administrator, holder, course):
        certificate = make_ready(holder, course)
        looks = certificate.events.filter(kind=EventKind.LOOKED_AT)

        admin.get(INDEX)
        assert not looks.exists()
        text = text_of(admin.get(page_of(certificate)))
        admin.get(page_of(certificate))

        look = looks.get()
        assert (look.actor, look.reason) == (administrator, "")
        assert str(EventKind.LOOKED_AT.label) in text
        looks.update(at=look.at - ONE_LOOK)
        admin.get(page_of(certificate))
        assert looks.count() == 2

    def test_each_person_who_looks_is_on_record(self, holder, course):
        certificate, at = make_ready(holder, course), timezone.now()
        first, second = make_administrator(), make_administrator()

        for person in (first, second, first):
            record_look(certificate, person, at)
        record_look(certificate, first, at + ONE_LOOK - timedelta(seconds=1))

        looks = certificate.events.filter(kind=EventKind.LOOKED_AT)
        assert list(looks.values_list("actor_id", flat=True)) == [first.pk, second.pk]

    def test_nobody_is_on_record_for_their_own_nor_for_a_name_that_is_gone(
        self, client, admin, administrator, holder, course
    ):
        own, erased = make_ready(administrator, course), make_ready(holder, course)
        erase(holder, timezone.now())

        for certificate in (own, erased):
            assert admin.get(page_of(certificate)).status_code == 200

        assert not CertificateEvent.objects.filter(kind=EventKind.LOOKED_AT).exists()

    @pytest.mark.parametrize(("renamed", "looks"), [(True, 1), (False, 0)])
    def test_the_names_that_a_correction_compares_are_on_record_too(
        self, admin, holder, course, renamed, looks
    ):
        certificate = make_ready(holder, course)
        if renamed:
            rename(holder)

        admin.get(page_of(certificate, "correct"))
        admin.get(page_of(certificate, "revoke"))

        assert certificate.events.filter(kind=EventKind.LOOKED_AT).count() == looks

    def test_its_holder_reads_that_somebody_looked(self, admin, holder, course):
        certificate = make_ready(holder, course)
        admin.get(page_of(certificate))

        (exported,) = export(holder)

        assert EventKind.LOOKED_AT in [event["event"] for event in exported["history"]]

    @pytest.mark.parametrize("path", ["00000000-0000-4000-8000-000000000000/", "1/", "x/revoke/"])
    def test_unknown(self, admin, path):
        assert admin.get(f"{INDEX}{path}", follow=True).status_code == 404


class TestActions:
    def test_revoking_asks_first_and_then_does_it(self, admin, administrator, holder, course):
        certificate = make_ready(holder, course)
        shown = admin.get(page_of(certificate, "revoke"))
        certificate.refresh_from_db()
        assert (shown.status_code, certificate.revoked_at) == (200, None)

        answer = admin.post(page_of(certificate, "revoke"), {"why": "fraud", "note": NOTE})

        assert (answer.status_code, answer["Location"]) == (302, page_of(certificate))
        certificate.refresh_from_db()
        assert certificate.revocation == Revocation.FRAUD
        event = certificate.events.last()
        assert (event.actor, event.reason) == (administrator, NOTE)

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"why": "fraud"},
            {"why": "fraud", "note": "  x "},
            {"why": "fraud", "note": "x" * 301},
            {"why": "dislike", "note": NOTE},
            {"why": "", "note": NOTE},
            {"why": "fraud", "note": "with a zero \x00"},
        ],
    )
    def test_what_cannot_be_accepted_is_asked_again(self, admin, holder, course, body):
        certificate = make_ready(holder, course)

        answer = admin.post(page_of(certificate, "revoke"), body)

        certificate.refresh_from_db()
        assert (answer.status_code, certificate.revoked_at) == (200, None)

    def test_correcting_shows_what_changes_and_leads_to_the_new_one(self, admin, holder, course):
        certificate = make_ready(holder, course)
        rename(holder, "Zahra Trabelsi", "زهرة الطرابلسي")
        text = text_of(admin.get(page_of(certificate, "correct")))
        assert [name for name in ("Zohra Trabelsi", "Zahra Trabelsi") if name not in text] == []

        answer = admin.post(page_of(certificate, "correct"), {"note": NOTE})

        new = Certificate.objects.get(supersedes=certificate)
        assert (answer["Location"], new.supersedes_because) == (page_of(new), Supersession.CORRECTED)

    def test_amending(self, admin, holder, course):
        certificate = make_ready(holder, course)

        admin.post(page_of(certificate, "amend"), {"note": NOTE})

        assert Certificate.objects.get(supersedes=certificate).supersedes_because == Supersession.AMENDED

    @pytest.mark.parametrize(
        ("action", "standing", "words"),
        [
            ("correct", Standing.SUPERSEDED, ChangeRefusal.SUPERSEDED),
            ("amend", Standing.SUPERSEDED, ChangeRefusal.SUPERSEDED),
            ("correct", Standing.REVOKED, ChangeRefusal.REVOKED),
            ("retry", Standing.VALID, ChangeRefusal.NOT_FAILED),
        ],
    )
    def test_what_is_refused_is_said_and_changes_nothing(
        self, admin, holder, course, action, standing, words
    ):
        certificate = certificate_in(standing, holder, course)
        assert str(words.label) in text_of(admin.get(page_of(certificate, action)))
        before = list(Certificate.objects.values())

        body = {"why": "fraud", "note": NOTE}
        answer = admin.post(page_of(certificate, action), body, follow=True)

        assert str(words.label) in text_of(answer)
        assert list(Certificate.objects.values()) == before

    def test_one_that_was_replaced_is_revoked(self, admin, holder, course):
        certificate = certificate_in(Standing.SUPERSEDED, holder, course)

        admin.post(page_of(certificate, "revoke"), {"why": "fraud", "note": NOTE})

        certificate.refresh_from_db()
        assert certificate.revocation == Revocation.FRAUD

    @pytest.mark.parametrize("state", [CertificateState.READY, CertificateState.FAILED])
    def test_a_picture_that_cannot_be_read_is_said(self, admin, holder, course, state):
        certificate = make_ready(holder, course)
        Certificate.objects.filter(pk=certificate.pk).update(state=state)
        image = make_image()
        make_design(is_default=True, background=image)
        put(image, b"no picture at all")

        answer = admin.post(page_of(certificate, "amend"), {"note": NOTE}, follow=True)

        assert answer.status_code == 200
        assert str(ChangeRefusal.UNPRINTABLE.label) in text_of(answer)
        assert Certificate.objects.count() == 1

    @pytest.mark.parametrize("action", ["correct", "amend"])
    def test_a_plugin_that_fails_is_said(self, admin, holder, course, monkeypatch, action):
        certificate = make_ready(holder, course)
        rename(holder)

        def broken(ids, language):
            raise LookupError

        variable = replace(certificate_variables["dummy_word"], evaluate=broken)
        monkeypatch.setitem(certificate_variables._entries, "dummy_word", variable)

        for answer in (
            admin.get(page_of(certificate, action)),
            admin.post(page_of(certificate, action), {"note": NOTE}, follow=True),
        ):
            assert answer.status_code == 200
            assert str(ChangeRefusal.UNPRINTABLE.label) in text_of(answer)
        assert Certificate.objects.count() == 1

    def test_one_that_failed_is_tried_again(self, admin, administrator, holder, course):
        certificate = make_pending(holder, course)
        Certificate.objects.filter(pk=certificate.pk).update(state=CertificateState.FAILED, failure="OSError")
        assert "OSError" in text_of(admin.get(page_of(certificate)))

        admin.post(page_of(certificate, "retry"), {"note": NOTE})

        certificate.refresh_from_db()
        event = certificate.events.filter(kind=EventKind.RETRIED).get()
        assert (certificate.state, event.actor) == (CertificateState.PENDING, administrator)


def test_the_menu_leads_there(admin):
    assert f'"{reverse("certificate_register:index")}"' in admin.get("/admin/").content.decode()
