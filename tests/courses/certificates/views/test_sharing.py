"""The holder's page: what a certificate is worth today, and what the holder lets others see."""

import html
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext

from courses.accounts.enums import MembershipStatus, Role
from courses.certificates.domain.privacy import make_name_link, show_association
from courses.certificates.enums import EventKind, Standing
from courses.certificates.interfaces.standing_words import HAPPENED
from courses.certificates.models import Certificate, CourseRule, NameLink
from tests.factories.accounts import (
    AssociationFactory,
    MembershipFactory,
    RoleGrantFactory,
    UserFactory,
    make_administrator,
)
from tests.factories.certificates import certificate_in, make_ready, rename
from tests.factories.courses import make_course

pytestmark = pytest.mark.django_db


@pytest.fixture
def holder(regions):
    user = UserFactory(certificate_name_latin="Zohra Trabelsi", region=regions.kasserine)
    association = AssociationFactory(region=regions.kasserine, name_latin="Association Lumière")
    MembershipFactory(user=user, association=association, status=MembershipStatus.CONFIRMED)
    return user


@pytest.fixture
def ready(holder, course):
    return make_ready(holder, course)


@pytest.fixture
def own(client, holder):
    client.force_login(holder)
    return client


def page_of(certificate, action=""):
    return f"/fr/certificates/{certificate.uuid}/{action}"


def text_of(response):
    return html.unescape(response.content.decode())


def forbidden_to(certificate, regions):
    """People who may see the certificate, and others; none of them chooses for its holder."""
    coordinator = UserFactory()
    RoleGrantFactory(user=coordinator, role=Role.COORDINATOR, region=regions.kasserine, may_export_names=True)
    return [coordinator, make_administrator(), UserFactory()]


class TestPage:
    @pytest.mark.parametrize("standing", [one for one in Standing if one != Standing.HOLDER_ERASED])
    def test_it_says_what_it_is_worth_and_what_helps(self, own, holder, course, standing):
        certificate = certificate_in(standing, holder, course)

        text = text_of(own.get(page_of(certificate)))

        assert (f"verdict--{standing.value}" in text) is (standing != Standing.VALID)
        again = f'action="{page_of(certificate, "again/")}"' in text
        assert again is (standing in (Standing.EXPIRING, Standing.EXPIRED))
        assert page_of(certificate, "download/") in text

    def test_a_replaced_one_leads_to_the_newer(self, own, holder, course):
        certificate = certificate_in(Standing.SUPERSEDED, holder, course)
        newer = Certificate.objects.get(supersedes=certificate)

        assert page_of(newer) in text_of(own.get(page_of(certificate)))

    def test_the_printed_fields(self, own, holder, course):
        CourseRule.objects.create(
            course_key=course.key, validity_months=24, provisions_fr="Décret-loi 2011-88, articles 39 à 44"
        )
        certificate = make_ready(holder, course)

        text = text_of(own.get(page_of(certificate)))

        year = timezone.localdate().year + 2
        expected = (
            "Zohra Trabelsi",
            "Association Lumière",
            "Décret-loi 2011-88, articles 39 à 44",
            str(year),
        )
        assert [part for part in expected if part not in text] == []

    @pytest.mark.parametrize("standing", [one for one in Standing if one != Standing.HOLDER_ERASED])
    def test_a_misspelt_name_is_corrected_while_it_counts(self, own, holder, course, standing):
        certificate = certificate_in(standing, holder, course)
        way = f'href="/fr/account/certificate-name/?next={page_of(certificate)}"'

        assert (way in text_of(own.get(page_of(certificate)))) is (
            standing in (Standing.VALID, Standing.EXPIRING)
        )

    def test_once_another_name_is_confirmed_the_next_step_is_said_instead(self, own, holder, ready):
        rename(holder)

        text = text_of(own.get(page_of(ready)))

        assert (page_of(ready, "correct/") in text, "/account/certificate-name/?next=" in text) == (
            True,
            False,
        )

    def test_what_others_see_follows_the_choice(self, own, holder, ready):
        said = "initials of the holder, the association, the course"
        address = f"/en/certificates/{ready.uuid}/"
        before = text_of(own.get(address))

        show_association(ready.pk, True, timezone.now(), holder.pk)

        assert (said in before, said in text_of(own.get(address))) == (False, True)
        assert text_of(own.get(address)).count("They see the initials") == 1

    def test_a_replaced_one_counts_no_more(self, own, holder, course):
        certificate = certificate_in(Standing.SUPERSEDED, holder, course)

        assert "It doesn't count any more: show the newer one." in text_of(
            own.get(f"/en/certificates/{certificate.uuid}/")
        )

    def test_the_whole_address_is_seen(self, own, ready):
        text = text_of(own.get(page_of(ready)))

        assert f">http://localhost:8000/fr/verify/{ready.serial}/</textarea>" in text

    def test_where_it_hangs(self, client, holder, ready, regions):
        """Others who may see it come from the archives: their own learning has nothing to do with it."""
        crumbs = {}
        for name, person in {"holder": holder, "coordinator": forbidden_to(ready, regions)[0]}.items():
            client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
            text = text_of(client.get(page_of(ready)))
            (crumbs[name],) = re.findall(r'class="breadcrumbs".*?href="([^"]+)"', text)

        assert crumbs == {"holder": "/fr/my-learning/", "coordinator": "/fr/certificates/archives/"}
        assert client.get(crumbs["coordinator"]).status_code == 200

    def test_its_history(self, own, holder, course):
        certificate = certificate_in(Standing.REVOKED, holder, course)

        text = text_of(own.get(page_of(certificate)))

        history = text[text.index('id="history"') :]
        words = [str(HAPPENED[kind]) for kind in (EventKind.ISSUED, EventKind.REVOKED)]
        assert [word for word in words if word not in history] == []
        assert "internal words" not in text

    def test_queries(self, own, holder, ready, django_assert_num_queries):
        own.get(page_of(ready))

        # Session and person, the certificate and who sees it, its history, its links.
        with django_assert_num_queries(6):
            own.get(page_of(ready))

    def test_others_who_may_see_it_get_no_choices(self, client, ready, regions):
        make_name_link(ready.pk, 7, timezone.now(), ready.enrolment.user_id)
        for person in forbidden_to(ready, regions)[:2]:
            client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])

            text = text_of(client.get(page_of(ready)))

            assert [part for part in ("name-links/", "/association/") if part in text] == []


class TestAssociation:
    def test_shown_and_hidden_again(self, own, ready):
        for chosen, expected in (("yes", True), ("no", False)):
            response = own.post(page_of(ready, "association/"), {"shown": chosen})

            ready.refresh_from_db()
            assert (response.status_code, response["Location"]) == (302, f"{page_of(ready)}#sharing")
            assert ready.shows_association is expected

    @pytest.mark.parametrize("body", [{}, {"shown": ""}, {"shown": "1"}, {"shown": "\x00"}])
    def test_whatever_is_no_yes_hides(self, own, ready, body):
        own.post(page_of(ready, "association/"), body)

        ready.refresh_from_db()
        assert ready.shows_association is False

    def test_nobody_else_chooses(self, client, ready, regions):
        for person in forbidden_to(ready, regions):
            client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])

            assert client.post(page_of(ready, "association/"), {"shown": "yes"}).status_code == 404
        ready.refresh_from_db()
        assert ready.shows_association is False


class TestNameLink:
    def test_it_is_shown_once_and_opens(self, own, client, ready):
        response = own.post(page_of(ready, "name-links/"), {"days": "7"})

        (address,) = re.findall(r">(http[^<]+/name/[^<]+)</textarea>", text_of(response))
        assert (response.status_code, "no-store" in response["Cache-Control"]) == (200, True)
        token = address.rstrip("/").rsplit("/", 1)[1]
        assert token not in text_of(own.get(page_of(ready)))
        client.logout()
        assert "Zohra Trabelsi" in text_of(client.get(address.removeprefix("http://localhost:8000")))

    @pytest.mark.parametrize("days", ["", "0", "8", "7.0", "-1", "x", "7\x00"])
    def test_other_lengths_make_nothing(self, own, ready, days):
        response = own.post(page_of(ready, "name-links/"), {"days": days})

        assert (response.status_code, NameLink.objects.count()) == (302, 0)

    def test_the_eleventh_is_refused_in_words(self, own, holder, ready):
        for _number in range(10):
            make_name_link(ready.pk, 7, timezone.now(), holder.pk)

        text = text_of(own.post(page_of(ready, "name-links/"), {"days": "7"}, follow=True))

        assert gettext("There are ten open links already: end one of them first.") in text
        assert NameLink.objects.count() == 10

    def test_a_revoked_one_offers_and_makes_none(self, own, holder, course):
        certificate = certificate_in(Standing.REVOKED, holder, course)

        response = own.post(page_of(certificate, "name-links/"), {"days": "7"}, follow=True)

        assert NameLink.objects.count() == 0
        assert "name-links/" not in text_of(response)

    def test_open_ones_are_listed_and_ended(self, own, holder, ready):
        make_name_link(ready.pk, 1, timezone.now() - timedelta(days=2), holder.pk)
        make_name_link(ready.pk, 7, timezone.now(), holder.pk)
        link = NameLink.objects.get()
        assert text_of(own.get(page_of(ready))).count("/end/") == 1

        for _twice in range(2):
            response = own.post(page_of(ready, f"name-links/{link.pk}/end/"))
            assert (response.status_code, NameLink.objects.count()) == (302, 0)
        assert ready.events.filter(kind=EventKind.NAME_LINK_ENDED).count() == 1

    def test_nobody_else_makes_or_ends_one(self, client, holder, ready, regions):
        make_name_link(ready.pk, 7, timezone.now(), holder.pk)
        link = NameLink.objects.get()
        for person in forbidden_to(ready, regions):
            client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])

            made = client.post(page_of(ready, "name-links/"), {"days": "7"}).status_code
            ended = client.post(page_of(ready, f"name-links/{link.pk}/end/")).status_code
            assert (made, ended) == (404, 404)
        assert list(NameLink.objects.all()) == [link]

    def test_a_link_of_another_own_certificate_is_not_ended_here(self, own, holder, ready, site):
        other = make_ready(holder, make_course(site, code="PLA"))
        make_name_link(other.pk, 7, timezone.now(), holder.pk)

        own.post(page_of(ready, f"name-links/{NameLink.objects.get().pk}/end/"))

        assert NameLink.objects.count() == 1

    @pytest.mark.parametrize("action", ["association/", "name-links/", "name-links/1/end/"])
    def test_only_by_post_and_signed_in(self, client, ready, action):
        response = client.post(page_of(ready, action))
        assert response["Location"].startswith("/fr/accounts/login/")

    @pytest.mark.parametrize("action", ["association/", "name-links/1/end/"])
    def test_actions_are_no_pages(self, client, ready, action):
        assert client.get(page_of(ready, action)).status_code == 405

    def test_its_language_links_make_none_and_lead_to_the_certificate(self, own, ready):
        address = f"/ar/certificates/{ready.uuid}/name-links/"
        assert f'href="{address}"' in text_of(own.post(page_of(ready, "name-links/"), {"days": "7"}))

        for method in (own.get, own.head):
            response = method(address, {"days": "7"})
            assert (response.status_code, response["Location"]) == (302, f"/ar/certificates/{ready.uuid}/")
        assert NameLink.objects.count() == 1

    def test_signing_in_in_between_leads_to_the_certificate(self, client, holder, ready):
        asked = client.post(page_of(ready, "name-links/"), {"days": "7"})["Location"]
        assert asked.endswith(f"?next={page_of(ready, 'name-links/')}")
        client.force_login(holder)

        assert client.get(page_of(ready, "name-links/"))["Location"] == page_of(ready)
