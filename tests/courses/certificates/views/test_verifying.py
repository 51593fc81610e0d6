"""The public verification, in every standing, by code, by link and as JSON; and attacks on it."""

import html
import json
from datetime import UTC, datetime

import pytest
from django.utils import timezone, translation
from django.utils.translation import gettext

from courses.accounts.enums import MembershipStatus
from courses.certificates.domain.erasure import erase
from courses.certificates.domain.privacy import end_name_link, make_name_link, show_association
from courses.certificates.enums import CertificateState, Revocation, Standing, Supersession
from courses.certificates.interfaces.standing_words import HEADLINES
from courses.certificates.models import Certificate, NameLink
from courses.lib.dates import format_date
from courses.lib.ids import display_serial, new_serial
from tests.factories.accounts import AssociationFactory, MembershipFactory, UserFactory
from tests.factories.certificates import certificate_in, make_pending, make_ready
from tests.factories.courses import make_course

pytestmark = pytest.mark.django_db
NAMES = ("Zohra", "Trabelsi", "زهرة", "الطرابلسي")
LANGUAGES = ("ar", "fr", "en")
AT = datetime(2026, 1, 22, 9, 0, tzinfo=UTC)
FIELDS = [
    "version", "serial", "standing", "headline", "problem", "initials", "course", "completed_on", "issued_on",
    "valid_until", "law_checked_to", "associations", "since", "reason",
]  # fmt: skip


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


class TestStandings:
    @pytest.mark.parametrize("standing", list(Standing))
    def test_each_answers_in_its_own_words(self, client, holder, course, standing):
        """In every language: `test_state_table`."""
        certificate = certificate_in(standing, holder, course)

        response = client.get(f"/ar/verify/{certificate.serial}/")

        text = text_of(response)
        with translation.override("ar"):
            headline = str(HEADLINES[standing])
            others = {str(words) for words in HEADLINES.values()} - {headline}
        assert response.status_code == 200
        assert f"verdict--{standing.value}" in text
        title = text[text.index("<title>") : text.index("</title>")]
        assert headline in title
        assert [words for words in others if f"> {words}<" in text] == []
        assert [name for name in (*NAMES, "Lumière", "النور", "internal words") if name in text] == []
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert "no-store" in response["Cache-Control"]

    @pytest.mark.parametrize("reason", list(Revocation))
    def test_a_revoked_one_says_since_when_and_why(self, client, holder, course, reason):
        certificate = make_ready(holder, course)
        at = timezone.now()
        Certificate.objects.filter(pk=certificate.pk).update(revoked_at=at, revocation=reason)

        text = text_of(client.get(f"/fr/verify/{certificate.serial}/"))

        assert str(reason.label) in text
        assert format_date(timezone.localdate(at), "fr") in text

    def test_a_replaced_one_says_since_when_and_not_by_which(self, client, holder, course):
        certificate = certificate_in(Standing.SUPERSEDED, holder, course)
        newer = Certificate.objects.get(supersedes=certificate)

        text = text_of(client.get(f"/fr/verify/{certificate.serial}/"))

        assert format_date(timezone.localdate(certificate.superseded_at), "fr") in text
        assert [hidden for hidden in (newer.serial, display_serial(newer.serial)) if hidden in text] == []

    @pytest.mark.parametrize("standing", [Standing.EXPIRING, Standing.EXPIRED])
    def test_the_last_day_is_said(self, client, holder, course, standing):
        certificate = certificate_in(standing, holder, course)
        until = certificate.snapshot["content"]["valid_until"]

        text = text_of(client.get(f"/en/verify/{certificate.serial}/"))

        assert format_date(timezone.datetime.fromisoformat(until).date(), "en") in text

    @pytest.mark.parametrize("standing", list(Standing))
    def test_initials_that_count_are_said_to_prove_no_name(self, client, holder, course, standing):
        certificate = certificate_in(standing, holder, course)

        text = text_of(client.get(f"/en/verify/{certificate.serial}/"))

        assert ("Initials don't prove a name." in text) is (standing in (Standing.VALID, Standing.EXPIRING))
        assert ('href="/en/verify/#by-file"' in text) is ("Initials don't prove a name." in text)
        assert "A certificate says that the person followed the course" in text

    @pytest.mark.parametrize("standing", list(Standing))
    def test_one_query_whatever_it_is_worth(
        self, client, holder, course, standing, django_assert_num_queries
    ):
        certificate = certificate_in(standing, holder, course)
        client.get("/fr/verify/")  # the cache keeps the footer's links

        with django_assert_num_queries(1):
            client.get(f"/fr/verify/{certificate.serial}/")


class TestAssociation:
    @pytest.mark.parametrize(("language", "name"), [("fr", "Association Lumière"), ("ar", "جمعية النور")])
    def test_it_is_shown_only_where_the_holder_chose_so(self, client, holder, ready, language, name):
        addresses = [f"/{language}/verify/{ready.serial}/", f"/{language}/verify/{ready.serial}.json"]
        hidden = [name in client.get(address).content.decode() for address in addresses]
        show_association(ready.pk, True, timezone.now(), holder.pk)

        shown = text_of(client.get(addresses[0]))
        listed = client.get(addresses[1]).json()["associations"]

        assert (hidden, name in shown, listed[0]) == ([False, False], True, name)
        assert [part for part in NAMES if part in shown] == []


class TestJson:
    def test_the_documented_shape(self, client, ready):
        response = client.get(f"/fr/verify/{ready.serial}.json")

        found = response.json()
        content = ready.snapshot["content"]
        assert (response.status_code, response["Content-Type"]) == (200, "application/json")
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert list(found) == FIELDS
        assert found | {"headline": ""} == {
            "version": 1,
            "serial": ready.serial,
            "standing": "valid",
            "headline": "",
            "problem": None,
            "initials": "Z. T.",
            "course": {"title": "Course JUR fr", "code": "JUR"},
            "completed_on": content["completed_on"],
            "issued_on": content["issued_on"],
            "valid_until": None,
            "law_checked_to": content["law_checked_to"][:7],
            "associations": [],
            "since": None,
            "reason": None,
        }

    @pytest.mark.parametrize("standing", list(Standing))
    def test_each_standing(self, client, holder, course, standing):
        """In every language: `test_state_table`."""
        certificate = certificate_in(standing, holder, course)

        response = client.get(f"/ar/verify/{certificate.serial}.json")

        found = response.json()
        assert (response.status_code, list(found), found["standing"]) == (200, FIELDS, standing.value)
        with translation.override("ar"):
            assert found["headline"] == str(HEADLINES[standing])
            reason = str(Revocation.ISSUED_IN_ERROR.label)
            replaced = str(Supersession.CORRECTED.public)
        said = {Standing.REVOKED: reason, Standing.SUPERSEDED: replaced}
        assert found["reason"] == said.get(standing)
        assert bool(found["since"]) is (standing in (Standing.REVOKED, Standing.SUPERSEDED))
        assert bool(found["initials"]) is (standing != Standing.HOLDER_ERASED)
        body = json.dumps(found, ensure_ascii=False)
        assert [part for part in (*NAMES, "internal words", certificate.sha256) if part in body] == []

    @pytest.mark.parametrize(
        ("typed", "problem"),
        [
            (None, "not_issued"),
            ("7K3M", "length"),
            ("0000000000000001", "check"),
            ("7K3MQ0ZP4TRX9HC!", "character"),
            ("A" * 3000, "length"),
            ("%0d%0aSet-Cookie:%20a=b", "character"),
        ],
    )
    def test_unknown_and_malformed_have_one_shape(self, client, db, typed, problem):
        serial = new_serial()

        response = client.get(f"/fr/verify/{typed or serial}.json")

        found = response.json()
        assert (response.status_code, list(found)) == (404, FIELDS)
        assert (found["standing"], found["problem"]) == ("unknown", problem)
        assert found["serial"] == (None if typed else serial)
        assert "Set-Cookie" not in response.headers

    def test_other_spellings_are_read(self, client, ready):
        found = client.get(f"/fr/verify/{display_serial(ready.serial).lower()}.json").json()

        assert found["serial"] == ready.serial

    def test_one_that_is_being_made_is_unknown(self, client, holder, course):
        assert client.get(f"/fr/verify/{make_pending(holder, course).serial}.json").status_code == 404

    def test_it_is_read_only(self, client, ready):
        assert client.post(f"/fr/verify/{ready.serial}.json").status_code == 405


class TestNameLink:
    def test_it_shows_the_full_name_and_nothing_else_more(self, client, holder, ready):
        token = make_name_link(ready.pk, 7, timezone.now(), holder.pk)

        response = client.get(f"/fr/verify/{ready.serial}/name/{token}/")

        text = text_of(response)
        assert response.status_code == 200
        assert [
            part for part in ("Zohra Trabelsi", "زهرة الطرابلسي", "verdict--valid") if part not in text
        ] == []
        assert [part for part in ("Lumière", "النور", holder.email, "/download/") if part in text] == []
        assert gettext("Check the file") not in text
        assert response["Referrer-Policy"] == "no-referrer"
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert "no-store" in response["Cache-Control"]

    def test_the_plain_address_still_shows_initials(self, client, holder, ready):
        make_name_link(ready.pk, 7, timezone.now(), holder.pk)

        assert [part for part in NAMES if part in text_of(client.get(f"/fr/verify/{ready.serial}/"))] == []

    @pytest.mark.parametrize(
        ("changed", "standing", "named"),
        [
            ({"revoked_at": AT, "revocation": Revocation.HOLDER_ASKED}, Standing.REVOKED, False),
            ({"superseded_at": AT}, Standing.SUPERSEDED, False),
            ({"expires_at": AT}, Standing.EXPIRED, True),
        ],
    )
    def test_it_shows_initials_alone_once_revoked_or_replaced(
        self, client, holder, ready, changed, standing, named
    ):
        token = make_name_link(ready.pk, 7, timezone.now(), holder.pk)
        Certificate.objects.filter(pk=ready.pk).update(**changed)

        text = text_of(client.get(f"/fr/verify/{ready.serial}/name/{token}/"))

        assert f"verdict--{standing.value}" in text
        assert ("Zohra Trabelsi" in text, "Z. T." in text) == (named, not named)

    @pytest.mark.parametrize(
        "end", ["wrong token", "ended", "expired", "erased", "other serial", "not ready", "malformed serial"]
    )
    def test_every_other_link_is_answered_alike(self, client, holder, ready, site, end):
        token = make_name_link(ready.pk, 7, timezone.now(), holder.pk)
        serial = ready.serial
        match end:
            case "wrong token":
                token = token[::-1]
            case "ended":
                end_name_link(ready.pk, NameLink.objects.get().pk, timezone.now(), holder.pk)
            case "expired":
                NameLink.objects.update(expires_at=timezone.now())
            case "erased":
                erase(holder, timezone.now())
            case "other serial":
                serial = make_ready(UserFactory(), make_course(site, code="PLA")).serial
            case "not ready":
                Certificate.objects.filter(pk=ready.pk).update(state=CertificateState.FAILED)
            case "malformed serial":
                serial = "7K3M"

        response = client.get(f"/fr/verify/{serial}/name/{token}/")

        text = text_of(response)
        assert response.status_code == 404
        assert gettext("This link doesn't open any more") in text
        assert [part for part in (*NAMES, "Z. T.", "Course JUR") if part in text] == []
        assert response["Referrer-Policy"] == "no-referrer"

    def test_one_query(self, client, holder, ready, django_assert_num_queries):
        token = make_name_link(ready.pk, 7, timezone.now(), holder.pk)
        client.get("/fr/verify/")  # the cache keeps the footer's links

        with django_assert_num_queries(1):
            client.get(f"/fr/verify/{ready.serial}/name/{token}/")


class TestEnumeration:
    def test_all_ways_to_look_up_share_one_limit(self, client, ready, settings):
        settings.ELEARN_VERIFY_PER_MINUTE = 3
        serial = new_serial()
        ways = [f"/fr/verify/{serial}/", f"/en/verify/{serial}.json", f"/ar/verify/{serial}/name/x/"]

        codes = [client.get(way).status_code for way in ways]

        assert codes == [404, 404, 404]
        assert [client.get(way).status_code for way in ways] == [429, 429, 429]
        refused = client.get(f"/fr/verify/{ready.serial}.json")
        found = refused.json()
        assert (list(found), refused["Retry-After"]) == (FIELDS, "60")
        # Nothing is said of the certificate.
        assert (found["serial"], found["standing"], found["problem"]) == (None, None, "too_many")

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_being_refused_says_for_how_long_and_leads_back(self, client, db, settings, language):
        settings.ELEARN_VERIFY_PER_MINUTE = 0

        refused = client.get(f"/{language}/verify/{new_serial()}/")

        with translation.override(language):
            headline, of_accounts = gettext("Too many checks"), gettext("Too many tries in a short time")
        text = text_of(refused)
        main = text[text.index("<main") :]
        assert refused.status_code == 429
        assert (headline in main, of_accounts in main) == (True, False)
        assert f'class="btn btn--primary" href="/{language}/verify/"' in main

    @pytest.mark.parametrize(
        "typed", ["%0d%0aLocation:%20https://example.org", "a%0aX: y", "%00", "%E2%80%AE"]
    )
    def test_a_serial_writes_no_header(self, client, db, typed):
        response = client.get(f"/fr/verify/{typed}/")

        assert (response.status_code, "Location" in response.headers, "X" in response.headers) == (
            404,
            False,
            False,
        )
