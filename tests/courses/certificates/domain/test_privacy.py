"""The holder's choices: the association, and the full name for some days."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from courses.certificates.domain.erasure import erase
from courses.certificates.domain.privacy import (
    MAX_OPEN_LINKS,
    NotShowableError,
    TooManyLinksError,
    end_name_link,
    make_name_link,
    open_links,
    opened_by,
    show_association,
)
from courses.certificates.enums import EventKind, Revocation
from courses.certificates.models import Certificate, NameLink
from tests.factories.accounts import UserFactory
from tests.factories.certificates import make_pending, make_ready
from tests.factories.courses import make_course

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture
def holder():
    return UserFactory()


@pytest.fixture
def certificate(holder, course):
    return make_ready(holder, course)


def events_of(certificate):
    own = {EventKind.SHOWN, EventKind.HIDDEN, EventKind.NAME_LINK_MADE, EventKind.NAME_LINK_ENDED}
    return [(event.kind, event.actor_id, event.at) for event in certificate.events.all() if event.kind in own]


class TestAssociation:
    def test_it_is_hidden_until_the_holder_shows_it(self, certificate, holder):
        assert certificate.shows_association is False

        assert show_association(certificate.pk, True, AT, holder.pk) is True
        certificate.refresh_from_db()
        assert certificate.shows_association is True
        assert show_association(certificate.pk, False, AT, holder.pk) is True
        certificate.refresh_from_db()
        assert certificate.shows_association is False
        assert events_of(certificate) == [
            (EventKind.SHOWN, holder.pk, AT),
            (EventKind.HIDDEN, holder.pk, AT),
        ]

    def test_choosing_what_is_chosen_changes_and_records_nothing(self, certificate, holder):
        assert show_association(certificate.pk, False, AT, holder.pk) is False
        assert events_of(certificate) == []

    def test_not_before_it_is_issued_and_not_once_the_holder_is_erased(self, certificate, holder, site):
        pending = make_pending(holder, make_course(site, code="PLA"))
        erase(holder, AT)

        for one in (pending, certificate):
            with pytest.raises(NotShowableError):
                show_association(one.pk, True, AT, holder.pk)

    def test_the_erasure_hides_it(self, certificate, holder):
        show_association(certificate.pk, True, AT, holder.pk)

        erase(holder, AT)

        certificate.refresh_from_db()
        assert certificate.shows_association is False


class TestNameLink:
    def test_its_token_opens_the_certificate_and_is_kept_nowhere(self, certificate, holder):
        token = make_name_link(certificate.pk, 7, AT, holder.pk)

        link = NameLink.objects.get()
        assert len(token) == 43
        assert link.token_sha256 == hashlib.sha256(token.encode()).hexdigest()
        assert (link.made_at, link.expires_at) == (AT, AT + timedelta(days=7))
        assert opened_by(certificate.serial, token, AT) == certificate
        assert events_of(certificate) == [(EventKind.NAME_LINK_MADE, holder.pk, AT)]

    @pytest.mark.parametrize("days", [1, 7, 30])
    def test_it_ends_to_the_second(self, certificate, holder, days):
        token = make_name_link(certificate.pk, days, AT, holder.pk)
        end = AT + timedelta(days=days)

        assert opened_by(certificate.serial, token, end - timedelta(seconds=1)) == certificate
        assert opened_by(certificate.serial, token, end) is None

    @pytest.mark.parametrize("days", [0, -1, 2, 365])
    def test_other_lengths_are_refused(self, certificate, holder, days):
        with pytest.raises(ValueError, match=str(days)):
            make_name_link(certificate.pk, days, AT, holder.pk)

    def test_it_opens_no_other_certificate(self, certificate, holder, site):
        other = make_ready(holder, make_course(site, code="PLA"))
        token = make_name_link(certificate.pk, 7, AT, holder.pk)

        assert opened_by(other.serial, token, AT) is None

    @pytest.mark.parametrize("change", [lambda token: token[:-1], lambda token: token + "A", str.swapcase])
    def test_a_wrong_token_opens_nothing(self, certificate, holder, change):
        token = make_name_link(certificate.pk, 7, AT, holder.pk)

        assert opened_by(certificate.serial, change(token), AT) is None

    def test_ten_at_most_are_open(self, certificate, holder):
        for _number in range(MAX_OPEN_LINKS):
            make_name_link(certificate.pk, 1, AT, holder.pk)

        with pytest.raises(TooManyLinksError):
            make_name_link(certificate.pk, 1, AT, holder.pk)
        assert open_links(certificate, AT).count() == MAX_OPEN_LINKS == 10

    def test_those_that_ran_out_are_forgotten_and_make_room(self, certificate, holder):
        for _number in range(MAX_OPEN_LINKS):
            make_name_link(certificate.pk, 1, AT, holder.pk)

        make_name_link(certificate.pk, 7, AT + timedelta(days=1), holder.pk)

        assert NameLink.objects.count() == 1

    def test_one_is_ended_the_others_stay(self, certificate, holder):
        first, second = (make_name_link(certificate.pk, 7, AT, holder.pk) for _number in range(2))
        link = NameLink.objects.order_by("pk").first()

        assert end_name_link(certificate.pk, link.pk, AT, holder.pk) is True
        assert end_name_link(certificate.pk, link.pk, AT, holder.pk) is False
        assert opened_by(certificate.serial, first, AT) is None
        assert opened_by(certificate.serial, second, AT) == certificate
        assert [kind for kind, _actor, _at in events_of(certificate)] == [
            EventKind.NAME_LINK_MADE,
            EventKind.NAME_LINK_MADE,
            EventKind.NAME_LINK_ENDED,
        ]

    def test_a_link_of_another_certificate_is_not_ended(self, certificate, holder, site):
        other = make_ready(holder, make_course(site, code="PLA"))
        make_name_link(other.pk, 7, AT, holder.pk)

        assert end_name_link(certificate.pk, NameLink.objects.get().pk, AT, holder.pk) is False
        assert NameLink.objects.count() == 1

    def test_the_erasure_forgets_them(self, certificate, holder):
        token = make_name_link(certificate.pk, 30, AT, holder.pk)

        erase(holder, AT)

        assert opened_by(certificate.serial, token, AT) is None
        assert NameLink.objects.count() == 0

    @pytest.mark.parametrize(
        "changed",
        [
            {"revoked_at": AT, "revocation": Revocation.HOLDER_ASKED},
            {"superseded_at": AT},
            {"erased_at": AT},
        ],
    )
    def test_none_for_what_does_not_count(self, certificate, holder, changed):
        Certificate.objects.filter(pk=certificate.pk).update(**changed)

        with pytest.raises(NotShowableError):
            make_name_link(certificate.pk, 7, AT, holder.pk)

    def test_none_before_it_is_issued(self, holder, course):
        with pytest.raises(NotShowableError):
            make_name_link(make_pending(holder, course).pk, 7, AT, holder.pk)

    def test_an_expired_one_can_be_shown(self, certificate, holder):
        Certificate.objects.filter(pk=certificate.pk).update(expires_at=AT - timedelta(days=1))

        assert make_name_link(certificate.pk, 7, AT, holder.pk)

    @pytest.mark.parametrize("serial", ["", "7K3M", "7K3M-Q0ZP-4TRX-9HC\x00", "0" * 101, "🙂" * 16])
    def test_what_is_no_serial_is_not_looked_up(self, certificate, holder, serial, django_assert_num_queries):
        token = make_name_link(certificate.pk, 7, AT, holder.pk)

        with django_assert_num_queries(0):
            assert opened_by(serial, token, AT) is None

    def test_one_query(self, certificate, holder, django_assert_num_queries):
        token = make_name_link(certificate.pk, 7, timezone.now(), holder.pk)

        with django_assert_num_queries(1):
            assert opened_by(certificate.serial, token, timezone.now()) == certificate
