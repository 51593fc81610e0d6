"""Revoking, correcting, amending: the certificate itself never changes, another one takes its place."""

import hashlib
from datetime import date, timedelta

import pytest
from django.utils import timezone

from courses.certificates.domain import making
from courses.certificates.domain.changing import (
    OWN_CORRECTIONS,
    ChangeRefused,
    amend,
    correct,
    differences,
    may_correct,
    must_ask,
    revoke,
)
from courses.certificates.domain.delivery import stored_bytes
from courses.certificates.domain.erasure import erase
from courses.certificates.domain.issue import issue_now, request, retry
from courses.certificates.domain.making import MAX_ATTEMPTS, make
from courses.certificates.domain.privacy import show_association
from courses.certificates.domain.queries import certificate_for
from courses.certificates.domain.standing import standing_of
from courses.certificates.enums import (
    CertificateState,
    ChangeRefusal,
    EventKind,
    Revocation,
    Standing,
    Supersession,
)
from courses.certificates.models import Certificate, CourseRule
from courses.models import CoursePage
from tests.factories.accounts import AssociationFactory, MembershipFactory, make_administrator
from tests.factories.certificates import certificate_in, make_pending, make_ready, next_cycle, rename
from tests.factories.designs import make_design

pytestmark = pytest.mark.django_db


def refusal(verb, *arguments):
    with pytest.raises(ChangeRefused) as caught:
        verb(*arguments)
    return caught.value.why


class TestRevoking:
    def test_it_is_said_with_time_reason_and_who(self, ready):
        administrator, at = make_administrator(), timezone.now()

        revoke(ready.pk, Revocation.FRAUD, at, administrator.pk, "somebody else sat the test")

        ready.refresh_from_db()
        assert (ready.revoked_at, ready.revocation) == (at, Revocation.FRAUD)
        assert standing_of(ready, at) == Standing.REVOKED
        event = ready.events.last()
        assert (event.kind, event.at, event.actor, event.reason) == (
            EventKind.REVOKED,
            at,
            administrator,
            "somebody else sat the test",
        )

    def test_twice_is_once_and_the_first_reason_stands(self, ready):
        at = timezone.now()
        revoke(ready.pk, Revocation.FRAUD, at, None)

        revoke(ready.pk, Revocation.HOLDER_ASKED, at + timedelta(days=1), None)

        ready.refresh_from_db()
        assert (ready.revoked_at, ready.revocation) == (at, Revocation.FRAUD)
        assert ready.events.filter(kind=EventKind.REVOKED).count() == 1

    def test_one_that_is_not_issued(self, holder, course):
        pending = make_pending(holder, course)

        assert refusal(revoke, pending.pk, Revocation.FRAUD, timezone.now(), None) == ChangeRefusal.NOT_READY

    def test_one_whose_place_is_taken_and_nothing_that_took_it(self, holder, course):
        old = certificate_in(Standing.SUPERSEDED, holder, course)
        new, at = Certificate.objects.get(supersedes=old), timezone.now()
        rename(holder, "A Third Name")
        newest = correct(new.pk, at, None)

        revoke(old.pk, Revocation.FRAUD, at, None)

        for one in (old, new, newest):
            one.refresh_from_db()
        assert (standing_of(old, at), standing_of(new, at)) == (Standing.REVOKED, Standing.VALID)
        assert (newest.state, newest.revoked_at) == (CertificateState.PENDING, None)

    def test_an_unknown_one(self, db):
        with pytest.raises(Certificate.DoesNotExist):
            revoke(987_654, Revocation.FRAUD, timezone.now(), None)

    def test_one_of_an_erased_holder(self, holder, ready):
        erase(holder, timezone.now())

        revoke(ready.pk, Revocation.FRAUD, timezone.now(), None)

        ready.refresh_from_db()
        assert standing_of(ready, timezone.now()) == Standing.REVOKED

    def test_no_other_one_is_issued_for_the_cycle(self, ready):
        revoke(ready.pk, Revocation.FRAUD, timezone.now(), None)

        assert request(ready.enrolment_id, timezone.now()) == ready
        assert Certificate.objects.count() == 1

    def test_a_correction_under_way_is_given_up_with_it(self, holder, ready):
        rename(holder)
        new, at = correct(ready.pk, timezone.now(), None), timezone.now()

        revoke(ready.pk, Revocation.FRAUD, at, None)

        new.refresh_from_db()
        assert (new.state, new.failure, new.revocation) == (
            CertificateState.FAILED,
            "revoked",
            Revocation.FRAUD,
        )
        assert make(new.pk, at) is False
        assert retry(new.pk, at) is False
        ready.refresh_from_db()
        assert (standing_of(ready, at), ready.superseded_at) == (Standing.REVOKED, None)

    def test_a_correction_that_is_rendered_at_that_moment_never_counts(self, holder, ready, monkeypatch):
        rename(holder)
        new, render = correct(ready.pk, timezone.now(), None), making._render

        def revoked_meanwhile(*arguments):
            pdf = render(*arguments)
            revoke(ready.pk, Revocation.FRAUD, timezone.now(), None)
            return pdf

        monkeypatch.setattr(making, "_render", revoked_meanwhile)

        assert make(new.pk, timezone.now()) is False

    def test_a_renewal_under_way_was_earned_on_its_own(self, ready):
        following = next_cycle(ready.enrolment, timezone.now())
        renewal = request(following.pk, timezone.now())

        revoke(ready.pk, Revocation.FRAUD, timezone.now(), None)

        renewal.refresh_from_db()
        assert (renewal.state, renewal.revoked_at) == (CertificateState.PENDING, None)
        assert make(renewal.pk, timezone.now()) is True


class TestCorrecting:
    def test_names_and_associations_are_those_of_today_and_the_rest_stays(
        self, holder, ready, course, regions
    ):
        rename(holder, "Zahra Trabelsi", "زهراء الطرابلسي")
        association = AssociationFactory(region=regions.kasserine, name_latin="Amal", name_ar="الأمل")
        MembershipFactory(user=holder, association=association)
        CoursePage.objects.filter(translation_key=course.key).update(title="New title")
        administrator, at = make_administrator(), timezone.now() + timedelta(days=40)

        new = correct(ready.pk, at, administrator.pk, "name misspelt")

        before, after = ready.snapshot["content"], new.snapshot["content"]
        assert {key for key in after if after[key] != before.get(key)} - {"variables"} == {
            *("holder_latin", "holder_arabic", "association_latin", "association_arabic"),
            *("serial", "verify_url", "issued_on"),
        }
        assert (after["holder_latin"], after["holder_arabic"]) == ("Zahra Trabelsi", "زهراء الطرابلسي")
        assert (after["association_latin"], after["association_arabic"]) == ("Amal", "الأمل")
        assert new.snapshot["initials"] == {"latin": "Z. T.", "arabic": "ز. ط."}
        assert (after["serial"], new.serial != ready.serial) == (new.serial, True)
        assert after["verify_url"].endswith(f"/verify/{new.serial}/")
        assert (new.version, new.supersedes, new.supersedes_because) == (2, ready, Supersession.CORRECTED)
        assert (new.completed_at, new.expires_at, new.cycle) == (
            ready.completed_at,
            ready.expires_at,
            ready.cycle,
        )
        event = new.events.get()
        assert (event.kind, event.actor, event.reason) == (
            EventKind.REQUESTED,
            administrator,
            "name misspelt",
        )

    def test_the_end_of_validity_stays_whatever_the_rule_says_now(self, holder, course):
        old = certificate_in(Standing.EXPIRING, holder, course)
        CourseRule.objects.filter(course_key=course.key).update(validity_months=None)
        rename(holder)

        new = correct(old.pk, timezone.now(), None)

        assert new.expires_at == old.expires_at
        assert new.snapshot["content"]["valid_until"] == old.snapshot["content"]["valid_until"]
        assert new.snapshot["time_zone"] == old.snapshot["time_zone"]

    def test_the_old_one_counts_until_the_new_one_is_there(self, holder, ready):
        rename(holder)
        new, at = correct(ready.pk, timezone.now(), None), timezone.now()
        ready.refresh_from_db()
        assert standing_of(ready, at) == Standing.VALID
        assert certificate_for(ready.enrolment) == ready

        make(new.pk, at)

        ready.refresh_from_db()
        new.refresh_from_db()
        assert (standing_of(ready, at), standing_of(new, at)) == (Standing.SUPERSEDED, Standing.VALID)
        assert ready.superseded_at == at
        assert ready.events.last().kind == EventKind.SUPERSEDED
        assert certificate_for(ready.enrolment) == new

    def test_the_bytes_of_the_old_one_never_change(self, holder, ready):
        before = stored_bytes(ready)
        rename(holder)

        make(correct(ready.pk, timezone.now(), None).pk, timezone.now())
        revoke(Certificate.objects.get(version=2).pk, Revocation.FRAUD, timezone.now(), None)

        ready.refresh_from_db()
        assert stored_bytes(ready) == before
        assert hashlib.sha256(before).hexdigest() == ready.sha256

    def test_twice_is_once(self, holder, ready):
        rename(holder)

        first, second = (correct(ready.pk, timezone.now(), None) for _time in range(2))

        assert first == second
        assert Certificate.objects.count() == 2
        assert first.events.count() == 1

    def test_a_chain_of_corrections(self, holder, ready):
        certificate = ready
        for number in (2, 3):
            rename(holder, f"Zohra {'I' * number}")
            certificate = correct(certificate.pk, timezone.now(), None)
            make(certificate.pk, timezone.now())
        found = list(Certificate.objects.order_by("version"))

        assert [one.version for one in found] == [1, 2, 3]
        assert [standing_of(one, timezone.now()) for one in found] == [
            Standing.SUPERSEDED,
            Standing.SUPERSEDED,
            Standing.VALID,
        ]

    def test_one_that_failed_for_good_is_tried_again(self, holder, ready, monkeypatch):
        rename(holder)
        new, render = correct(ready.pk, timezone.now(), None), making._render

        def broken(*arguments):
            raise ValueError

        monkeypatch.setattr(making, "_render", broken)
        for _attempt in range(MAX_ATTEMPTS):
            make(new.pk, timezone.now())
        monkeypatch.setattr(making, "_render", render)

        assert retry(new.pk, timezone.now()) is True
        assert make(new.pk, timezone.now()) is True

    def test_a_plugins_value_is_asked_again_and_those_of_the_course_stay(self, holder, ready):
        content = {**ready.snapshot["content"]}
        content["variables"] = {"fr": {"course_code": "OLD", "dummy_word": "Zohra", "best_result": "77"}}
        Certificate.objects.filter(pk=ready.pk).update(snapshot={**ready.snapshot, "content": content})
        rename(holder)

        values = correct(ready.pk, timezone.now(), None).snapshot["content"]["variables"]["fr"]

        assert (values["course_code"], values["best_result"]) == ("OLD", "77")
        assert values["dummy_word"] == f"Dummy {ready.enrolment_id} fr"


class TestAmending:
    def test_everything_printed_is_as_it_is_today_but_the_days(self, holder, course):
        old = certificate_in(Standing.EXPIRING, holder, course)
        CoursePage.objects.filter(translation_key=course.key).update(title="New title")
        CourseRule.objects.filter(course_key=course.key).update(
            provisions_fr="Décret-loi 88", validity_months=1
        )

        new = amend(old.pk, timezone.now(), None, "misprinted title")

        before, after = old.snapshot["content"], new.snapshot["content"]
        assert (after["course_title"]["fr"], after["provisions"]) == ("New title", {"fr": "Décret-loi 88"})
        assert (after["completed_on"], after["valid_until"]) == (
            before["completed_on"],
            before["valid_until"],
        )
        assert (new.expires_at, new.supersedes_because) == (old.expires_at, Supersession.AMENDED)

    def test_the_days_are_counted_where_they_were(self, holder, course, regions):
        old = certificate_in(Standing.EXPIRING, holder, course)
        snapshot = {**old.snapshot, "time_zone": "Africa/Casablanca"}
        Certificate.objects.filter(pk=old.pk).update(snapshot=snapshot)

        assert amend(old.pk, timezone.now(), None).snapshot["time_zone"] == "Africa/Casablanca"

    def test_a_correction_under_way_is_not_amended(self, holder, ready):
        rename(holder)
        correct(ready.pk, timezone.now(), None)

        assert refusal(amend, ready.pk, timezone.now(), None) == ChangeRefusal.BEING_REPLACED


class TestAfterAFailure:
    """A version that can't be made is followed by another one, from what is true by then."""

    @pytest.mark.parametrize("by", ["issued", "failed"])
    @pytest.mark.parametrize("verb", [correct, amend])
    def test_the_next_version_takes_the_place_of_both(self, holder, ready, verb, by):
        failed = failed_version(holder, ready, "Unprintable")
        rename(holder, "Zahra Trabelsi")
        at = timezone.now()

        new = verb({"issued": ready, "failed": failed}[by].pk, at, None)
        assert verb(ready.pk, at, None) == new
        make(new.pk, at)

        assert (new.version, new.supersedes, new.snapshot["content"]["holder_latin"]) == (
            3,
            failed,
            "Zahra Trabelsi",
        )
        ready.refresh_from_db()
        new.refresh_from_db()
        assert (standing_of(ready, at), standing_of(new, at)) == (Standing.SUPERSEDED, Standing.VALID)
        assert certificate_for(ready.enrolment) == new
        assert refusal(verb, failed.pk, at, None) == ChangeRefusal.SUPERSEDED

    def test_a_correction_repeats_the_issued_one_and_not_the_failed_one(self, holder, ready, course):
        CoursePage.objects.filter(translation_key=course.key).update(title="A title that doesn't fit")
        failed = amend(ready.pk, timezone.now(), None)
        Certificate.objects.filter(pk=failed.pk).update(state=CertificateState.FAILED)
        rename(holder)

        new = correct(failed.pk, timezone.now(), None)

        assert new.snapshot["content"]["course_title"] == ready.snapshot["content"]["course_title"]
        assert (new.design, new.expires_at) == (ready.design, ready.expires_at)

    def test_a_first_one_is_amended_with_names_course_and_design_of_today(self, holder, course):
        first = make_pending(holder, course)
        Certificate.objects.filter(pk=first.pk).update(state=CertificateState.FAILED)
        rename(holder, "Zahra Trabelsi")
        CoursePage.objects.filter(translation_key=course.key).update(title="Short")
        make_design(accent="#123456", is_default=True)
        at = timezone.now()

        new = amend(first.pk, at, None)

        content = new.snapshot["content"]
        assert (content["holder_latin"], content["course_title"]["fr"]) == ("Zahra Trabelsi", "Short")
        assert (new.design.spec["accent"], new.version, new.supersedes) == ("#123456", 2, first)
        assert make(new.pk, at)
        assert certificate_for(first.enrolment) == new

    def test_a_failed_one_that_another_follows_is_not_tried_again(self, holder, ready):
        failed = failed_version(holder, ready, "Unprintable")
        rename(holder)
        correct(ready.pk, timezone.now(), None)

        assert retry(failed.pk, timezone.now()) is False

    def test_revoking_gives_up_every_version_that_is_not_issued(self, holder, ready):
        failed = failed_version(holder, ready, "Unprintable")
        rename(holder)
        new, at = correct(ready.pk, timezone.now(), None), timezone.now()

        revoke(ready.pk, Revocation.FRAUD, at, None)

        for one in (failed, new):
            one.refresh_from_db()
            assert (one.state, one.revoked_at) == (CertificateState.FAILED, at)

    def test_one_of_an_earlier_cycle_is_left(self, holder, course):
        first = make_pending(holder, course)
        Certificate.objects.filter(pk=first.pk).update(state=CertificateState.FAILED)
        at = timezone.now()
        assert issue_now(next_cycle(first.enrolment, at).pk, at).is_ready

        assert refusal(amend, first.pk, at, None) == ChangeRefusal.SUPERSEDED
        assert retry(first.pk, at) is False

    def test_a_renewal_that_failed_is_amended_itself(self, holder, ready):
        at = timezone.now()
        renewal = request(next_cycle(ready.enrolment, at).pk, at)
        Certificate.objects.filter(pk=renewal.pk).update(state=CertificateState.FAILED)
        rename(holder)
        assert refusal(correct, ready.pk, at, None) == ChangeRefusal.SUCCESSOR_FAILED

        new = amend(renewal.pk, at, None)
        make(new.pk, at)

        ready.refresh_from_db()
        assert (new.supersedes, standing_of(ready, at)) == (renewal, Standing.SUPERSEDED)


class TestRevokedByMistake:
    @pytest.mark.parametrize("why", [Revocation.ISSUED_IN_ERROR, Revocation.WRONG_PERSON])
    def test_an_amended_one_takes_its_place_and_it_stays_revoked(self, ready, why):
        at = timezone.now()
        revoke(ready.pk, why, at, None)

        new = amend(ready.pk, at, None, "the revocation was our mistake")
        make(new.pk, at)

        ready.refresh_from_db()
        new.refresh_from_db()
        assert (standing_of(ready, at), standing_of(new, at)) == (Standing.REVOKED, Standing.VALID)
        assert certificate_for(ready.enrolment) == new

    @pytest.mark.parametrize("why", [Revocation.FRAUD, Revocation.HOLDER_ASKED])
    def test_not_for_these_reasons(self, ready, why):
        revoke(ready.pk, why, timezone.now(), None)

        assert refusal(amend, ready.pk, timezone.now(), None) == ChangeRefusal.REVOKED

    def test_it_is_not_corrected(self, holder, ready):
        revoke(ready.pk, Revocation.ISSUED_IN_ERROR, timezone.now(), None)
        rename(holder)

        assert refusal(correct, ready.pk, timezone.now(), None) == ChangeRefusal.REVOKED

    def test_not_beside_the_certificate_of_a_later_cycle(self, ready):
        at = timezone.now()
        revoke(ready.pk, Revocation.ISSUED_IN_ERROR, at, None)
        issue_now(next_cycle(ready.enrolment, at).pk, at)

        assert refusal(amend, ready.pk, at, None) == ChangeRefusal.SUPERSEDED

    def test_a_renewal_takes_the_place_of_the_amended_one_under_way(self, ready):
        at = timezone.now()
        revoke(ready.pk, Revocation.ISSUED_IN_ERROR, at, None)
        new = amend(ready.pk, at, None)

        assert request(next_cycle(ready.enrolment, at).pk, at).supersedes == new


def failed_version(holder, ready, name):
    """A correction of `ready` that couldn't be made."""
    rename(holder, name)
    failed = correct(ready.pk, timezone.now(), None)
    Certificate.objects.filter(pk=failed.pk).update(state=CertificateState.FAILED, failure="LayoutError")
    return failed


@pytest.mark.parametrize("verb", [correct, amend])
class TestRefusals:
    def test_not_issued(self, holder, course, verb):
        assert refusal(verb, make_pending(holder, course).pk, timezone.now(), None) == ChangeRefusal.NOT_READY

    @pytest.mark.parametrize(
        ("standing", "why"),
        [
            (Standing.SUPERSEDED, ChangeRefusal.SUPERSEDED),
            (Standing.HOLDER_ERASED, ChangeRefusal.ERASED),
        ],
    )
    def test_by_standing(self, holder, course, verb, standing, why):
        certificate = certificate_in(standing, holder, course)
        before = Certificate.objects.count()

        assert refusal(verb, certificate.pk, timezone.now(), None) == why
        assert Certificate.objects.count() == before

    def test_a_name_that_is_not_confirmed(self, holder, ready, verb):
        rename(holder)
        holder.certificate_name_confirmed_at = None
        holder.save()

        assert refusal(verb, ready.pk, timezone.now(), None) == ChangeRefusal.HOLDER_UNREADY

    def test_a_renewal_under_way(self, holder, ready, verb):
        request(next_cycle(ready.enrolment, timezone.now()).pk, timezone.now())
        rename(holder)

        assert refusal(verb, ready.pk, timezone.now(), None) == ChangeRefusal.BEING_REPLACED

    def test_unknown(self, db, verb):
        with pytest.raises(Certificate.DoesNotExist):
            verb(987_654, timezone.now(), None)


def test_a_correction_that_changes_nothing_is_refused(ready):
    assert refusal(correct, ready.pk, timezone.now(), None) == ChangeRefusal.UNCHANGED


def test_every_refusal_has_words():
    assert [why for why in ChangeRefusal if not str(why.label).endswith(".")] == []


def test_differences_name_the_fields(holder, ready):
    rename(holder, "Zahra Trabelsi", "زهرة الطرابلسي")

    found = differences(ready, Supersession.CORRECTED, timezone.now())

    assert [(one.field, one.before, one.after) for one in found] == [
        ("holder_latin", "Zohra Trabelsi", "Zahra Trabelsi")
    ]


class TestRenewalBesideACorrection:
    def test_a_renewal_takes_the_place_of_the_correction_under_way_and_of_all_before(self, holder, course):
        old = certificate_in(Standing.EXPIRING, holder, course)
        rename(holder)
        correction, at = correct(old.pk, timezone.now(), None), timezone.now()

        renewal = issue_now(next_cycle(old.enrolment, at).pk, at)
        make(correction.pk, at)

        standings = [standing_of(one, at) for one in Certificate.objects.order_by("pk")]
        assert standings == [Standing.SUPERSEDED, Standing.SUPERSEDED, Standing.VALID]
        assert renewal.supersedes == correction
        until = date.fromisoformat(old.snapshot["content"]["valid_until"])
        assert renewal.snapshot["content"]["valid_until"] == until.replace(year=until.year + 1).isoformat()


class TestTheHoldersOwn:
    @pytest.fixture
    def renamed(self, holder, ready):
        rename(holder)
        ready.enrolment.user.refresh_from_db()
        return ready

    def test_with_another_confirmed_name(self, holder, renamed):
        assert may_correct(renamed, holder, timezone.now())

    def test_not_with_the_same_name(self, holder, ready):
        assert not may_correct(ready, holder, timezone.now())

    def test_not_somebody_elses(self, renamed):
        assert not may_correct(renamed, make_administrator(), timezone.now())

    def test_not_before_the_name_is_confirmed(self, holder, renamed):
        holder.certificate_name_confirmed_at = None
        holder.save()
        renamed.enrolment.user.refresh_from_db()

        assert not may_correct(renamed, holder, timezone.now())

    @pytest.mark.parametrize("standing", [Standing.REVOKED, Standing.SUPERSEDED, Standing.EXPIRED])
    def test_not_one_that_counts_no_more(self, holder, course, standing):
        certificate = certificate_in(standing, holder, course)
        rename(holder, "Another One")

        assert not may_correct(certificate, holder, timezone.now())

    def test_once_a_day(self, holder, renamed):
        at = timezone.now()
        new = correct(renamed.pk, at, holder.pk)
        make(new.pk, at)
        rename(holder, "A Third Name")
        new = Certificate.objects.get(pk=new.pk)

        assert not may_correct(new, holder, at + OWN_CORRECTIONS - timedelta(seconds=1))
        assert may_correct(new, holder, at + OWN_CORRECTIONS)

    def test_twice_in_all(self, holder, renamed):
        at, latest = timezone.now(), renamed
        for number in range(2):
            rename(holder, f"Name {'AB'[number]}")
            latest = Certificate.objects.get(pk=latest.pk)
            assert (may_correct(latest, holder, at), must_ask(latest, holder, at)) == (True, False)
            new = correct(latest.pk, at, holder.pk)
            make(new.pk, at)
            latest, at = Certificate.objects.get(pk=new.pk), at + OWN_CORRECTIONS
        assert not must_ask(latest, holder, at)

        rename(holder, "Name C")

        latest = Certificate.objects.get(pk=latest.pk)
        assert (may_correct(latest, holder, at), must_ask(latest, holder, at)) == (False, True)
        assert not must_ask(latest, make_administrator(), at)
        assert correct(latest.pk, at, make_administrator().pk).version == 4

    def test_what_administrators_correct_is_not_counted(self, holder, renamed):
        at, latest = timezone.now(), renamed
        for number in range(2):
            rename(holder, f"Name {'AB'[number]}")
            new = correct(latest.pk, at, make_administrator().pk)
            make(new.pk, at)
            latest, at = Certificate.objects.get(pk=new.pk), at + OWN_CORRECTIONS
        rename(holder, "Name C")

        assert may_correct(Certificate.objects.get(pk=latest.pk), holder, at)


class TestTheShownAssociation:
    @pytest.fixture
    def shown(self, holder, course, regions):
        association = AssociationFactory(region=regions.kasserine, name_latin="Amal", name_ar="الأمل")
        MembershipFactory(user=holder, association=association)
        ready = make_ready(holder, course)
        show_association(ready.pk, True, timezone.now(), holder.pk)
        return ready

    def test_the_choice_goes_on_with_the_same_ones(self, holder, shown):
        rename(holder)

        assert correct(shown.pk, timezone.now(), None).shows_association is True

    @pytest.mark.parametrize("names", [("Amal 2", "الأمل"), ("Amal", "الأمل 2")])
    def test_others_are_chosen_anew(self, holder, shown, names):
        rename(holder)
        association = holder.memberships.get().association
        association.name_latin, association.name_ar = names
        association.save()

        assert correct(shown.pk, timezone.now(), None).shows_association is False

    def test_a_hidden_one_stays_hidden(self, holder, shown):
        show_association(shown.pk, False, timezone.now(), holder.pk)
        rename(holder)

        assert correct(shown.pk, timezone.now(), None).shows_association is False
