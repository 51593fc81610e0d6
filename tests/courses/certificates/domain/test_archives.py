"""Archives: the certificates of a region, for who may take names along, for a week."""

import csv
import hashlib
import io
from datetime import timedelta
from zipfile import ZipFile

import pytest
from django.db import transaction
from django.utils import timezone

from courses.accounts.api import personal_data_sources
from courses.accounts.domain.closing import close_account
from courses.accounts.enums import Role
from courses.accounts.models import RoleGrant
from courses.certificates import tasks
from courses.certificates.domain import archives
from courses.certificates.domain.archives import Ended, NamesNotAllowed, NothingToPack, TooManyArchives
from courses.certificates.enums import EventKind, Revocation, RunState
from courses.certificates.interfaces import files
from courses.certificates.models import Archive, Certificate, CertificateEvent
from courses.lib.ids import display_serial
from tests.factories.accounts import (
    AssociationFactory,
    MembershipFactory,
    RoleGrantFactory,
    UserFactory,
    make_administrator,
    make_coordinator,
)
from tests.factories.certificates import make_pending, make_ready
from tests.factories.courses import make_course
from tests.races import ROW_LOCKS, at_once, while_held

pytestmark = pytest.mark.django_db
REASON = "For the donor's audit"


@pytest.fixture
def asker(regions):
    person = UserFactory()
    RoleGrantFactory(user=person, role=Role.COORDINATOR, region=regions.centre_ouest, may_export_names=True)
    return person


@pytest.fixture
def order(asker, regions):
    """An archive asked for; of Kasserine unless another region is given."""

    def ask(region=None, *, course_key=None, by=None, at=None, reason=REASON, language="fr") -> Archive:
        return archives.ask(
            by or asker,
            region or regions.kasserine,
            course_key,
            reason=reason,
            language=language,
            at=at or timezone.now(),
        )

    return ask


@pytest.fixture
def build(order):
    def build_at_once(**values) -> Archive:
        archive = order(**values)
        assert archives.build(archive.pk, timezone.now())
        archive.refresh_from_db()
        return archive

    return build_at_once


def names_in(archive: Archive) -> list[str]:
    return ZipFile(io.BytesIO(files.read(archive.file.name))).namelist()


def index_of(archive: Archive, delimiter: str = ";") -> list[dict[str, str]]:
    text = ZipFile(io.BytesIO(files.read(archive.file.name))).read("index.csv").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=delimiter))


def pdf_name(certificate: Certificate) -> str:
    return f"certificate-{display_serial(certificate.serial)}.pdf"


def test_the_archive_holds_the_files_as_issued_and_an_index(course, regions, build):
    holder = UserFactory(region=regions.kasserine)
    MembershipFactory(user=holder, association=AssociationFactory(region=regions.kasserine))
    certificate = make_ready(holder, course)

    archive = build()

    assert names_in(archive) == [pdf_name(certificate), "index.csv"]
    with ZipFile(io.BytesIO(files.read(archive.file.name))) as opened:
        assert opened.read(pdf_name(certificate)) == files.read(certificate.file_name)
    (line,) = index_of(archive)
    values = list(line.values())
    content = certificate.snapshot["content"]
    assert values[:5] == [
        display_serial(certificate.serial),
        content["holder_latin"],
        content["holder_arabic"],
        content["association_latin"],
        content["association_arabic"],
    ]
    assert values[7:10] == [content["completed_on"], content["issued_on"], ""]
    assert values[11:] == [pdf_name(certificate), certificate.sha256]
    assert (archive.state, archive.total, archive.done) == (RunState.DONE, 1, 1)
    assert archive.expires_at - archive.finished_at == archives.KEPT
    assert archive.sha256 == hashlib.sha256(files.read(archive.file.name)).hexdigest()


def test_no_name_of_a_person_is_in_a_file_name(course, regions, build):
    make_ready(UserFactory(region=regions.kasserine, certificate_name_latin="Salma Trabelsi"), course)

    assert "Salma" not in " ".join(names_in(build()))


@pytest.mark.parametrize(("language", "delimiter"), [("ar", ";"), ("fr", ";"), ("en", ",")])
def test_the_index_is_in_the_language_of_who_asked(course, regions, build, language, delimiter):
    certificate = make_ready(UserFactory(region=regions.kasserine), course)

    (line,) = index_of(build(language=language), delimiter)

    assert list(line.values())[5] == certificate.snapshot["content"]["course_title"][language]


def test_the_index_starts_no_formula(course, regions, build):
    make_ready(UserFactory(region=regions.kasserine, certificate_name_latin="=cmd() Ben Ali"), course)

    assert list(index_of(build())[0].values())[1] == "'=cmd() Ben Ali"


def test_only_the_region_and_below_and_the_course(course, site, regions, build):
    other_course = make_course(site, code="OTHER")
    wanted = make_ready(UserFactory(region=regions.kasserine), course)
    make_ready(UserFactory(region=regions.gabes), course)
    elsewhere = make_ready(UserFactory(region=regions.sidi_bouzid), course)
    make_ready(UserFactory(region=regions.kasserine), other_course)
    make_ready(UserFactory(), course)

    assert names_in(build(course_key=course.key)) == [pdf_name(wanted), "index.csv"]
    assert set(names_in(build(region=regions.centre_ouest, course_key=course.key))) == {
        pdf_name(wanted),
        pdf_name(elsewhere),
        "index.csv",
    }


def test_what_does_not_stand_is_left_out(course, regions, build):
    fine, revoked, superseded = (make_ready(UserFactory(region=regions.kasserine), course) for _ in range(3))
    make_pending(UserFactory(region=regions.kasserine), course)
    at = timezone.now()
    Certificate.objects.filter(pk=revoked.pk).update(revoked_at=at, revocation=Revocation.FRAUD)
    Certificate.objects.filter(pk=superseded.pk).update(superseded_at=at)

    assert names_in(build()) == [pdf_name(fine), "index.csv"]


def test_who_may_ask(course, regions, order):
    make_ready(UserFactory(region=regions.kasserine), course)
    make_ready(UserFactory(region=regions.gabes), course)

    with pytest.raises(NamesNotAllowed):
        order(by=make_coordinator(regions.centre_ouest))
    with pytest.raises(NamesNotAllowed):
        order(regions.gabes)
    with pytest.raises(NamesNotAllowed):
        order(by=UserFactory(region=regions.kasserine))
    assert order(regions.country, by=make_administrator()).total == 2


@pytest.mark.parametrize("reason", ["", "   too s   ", "x" * 301])
def test_a_reason_is_asked_for(course, regions, order, reason):
    make_ready(UserFactory(region=regions.kasserine), course)

    with pytest.raises(ValueError):
        order(reason=reason)


def test_an_empty_region_gives_no_archive(course, regions, order):
    make_ready(UserFactory(region=regions.gabes), course)

    with pytest.raises(NothingToPack):
        order()

    assert not Archive.objects.exists()


def test_two_presses_of_the_button_are_one_archive(course, regions, order):
    make_ready(UserFactory(region=regions.kasserine), course)

    assert order() == order()


# So many at once


@pytest.fixture
def room_for_two(settings, course, regions):
    """Three regions with a certificate each, and room for two archives."""
    settings.ELEARN_ARCHIVES_AT_ONCE = 2
    for region in (regions.kasserine, regions.sidi_bouzid, regions.gabes):
        make_ready(UserFactory(region=region), course)


def test_one_person_has_so_many_at_once_being_packed_or_ready(room_for_two, regions, order, build, asker):
    build()
    running = order(regions.sidi_bouzid)

    with pytest.raises(TooManyArchives) as refused:
        order(regions.centre_ouest)

    assert refused.value.limit == 2
    # The one that is being packed is still answered by itself, and others have room of their own.
    assert order(regions.sidi_bouzid) == running
    assert order(by=make_administrator()).requested_by != asker
    assert Archive.objects.filter(requested_by=asker).count() == 2


@pytest.mark.parametrize("how", ["discarded", "expired", "failed", "ended"])
def test_what_is_over_leaves_room(room_for_two, regions, order, build, asker, how):
    over, _other = build(), build(region=regions.sidi_bouzid)
    at = timezone.now()
    if how == "discarded":
        archives.discard(over.pk, asker, at)
    elif how == "expired":
        # Also before the sweep has seen it.
        at = over.expires_at
    elif how == "failed":
        Archive.objects.filter(pk=over.pk).update(state=RunState.FAILED)
    elif how == "ended":
        archives.end(over.pk, at)

    assert order(regions.centre_ouest, at=at).state == RunState.RUNNING


def test_what_is_in_a_region_that_was_taken_away_takes_no_room(room_for_two, regions, order, build, asker):
    build()
    build(region=regions.sidi_bouzid)
    RoleGrant.objects.update(region=regions.gabes)

    assert order(regions.gabes).state == RunState.RUNNING


def test_a_discarded_archive_loses_its_file_and_keeps_its_record(
    course, regions, asker, build, django_capture_on_commit_callbacks
):
    make_ready(UserFactory(region=regions.kasserine), course)
    archive, at = build(), timezone.now()
    name = archive.file.name

    with django_capture_on_commit_callbacks(execute=True):
        archives.discard(archive.pk, asker, at)
        archives.discard(archive.pk, asker, at + timedelta(hours=1))

    archive.refresh_from_db()
    assert (archive.state, archive.expires_at, archive.file.name) == (RunState.CANCELLED, at, "")
    assert (archive.reason, archive.certificates.count()) == (REASON, 1)
    assert not files.private_storage().exists(name)
    with pytest.raises(Ended):
        archives.hand_out(archive.pk, asker, at)


def test_the_file_of_a_discarded_archive_that_a_crash_left_goes_with_the_sweep(course, regions, asker, build):
    make_ready(UserFactory(region=regions.kasserine), course)
    archive = build()
    # Nothing runs after this commit.
    archives.discard(archive.pk, asker, timezone.now())
    assert files.private_storage().exists(archive.file.name)

    archives.heal(timezone.now())

    assert not files.private_storage().exists(archive.file.name)


def test_one_that_is_being_packed_can_be_discarded(course, regions, asker, order, monkeypatch):
    make_ready(UserFactory(region=regions.kasserine), course)
    archive, at = order(), timezone.now()
    finish = archives._finish

    def discard_first(*args):
        archives.discard(archive.pk, asker, at)
        return finish(*args)

    monkeypatch.setattr(archives, "_finish", discard_first)

    assert not archives.build(archive.pk, at)
    assert not files.private_storage().exists(archive.file.name)
    assert archives.heal(at + archives.BUILD_TIME) == []


def test_nobody_discards_somebody_elses(course, regions, build):
    make_ready(UserFactory(region=regions.kasserine), course)
    archive = build()

    with pytest.raises(Archive.DoesNotExist):
        archives.discard(archive.pk, make_administrator(), timezone.now())

    archive.refresh_from_db()
    assert archive.state == RunState.DONE


def test_every_expired_archive_goes_in_one_sweep_after_the_other(course, regions, build, asker):
    make_ready(UserFactory(region=regions.kasserine), course)
    made = [build() for _number in range(3)]
    names = [archive.file.name for archive in made]

    archives.heal(made[-1].expires_at, limit=2)
    assert sum(files.private_storage().exists(name) for name in names) == 1
    archives.heal(made[-1].expires_at, limit=2)

    assert not any(files.private_storage().exists(name) for name in names)
    assert set(Archive.objects.values_list("state", "file")) == {(RunState.EXPIRED, "")}


def test_a_right_that_was_taken_back_ends_it_before_it_is_built(course, regions, order):
    make_ready(UserFactory(region=regions.kasserine), course)
    archive = order()
    RoleGrant.objects.update(may_export_names=False)

    assert not archives.build(archive.pk, timezone.now())

    archive.refresh_from_db()
    assert archive.state == RunState.EXPIRED


def test_a_right_that_was_taken_back_ends_the_download(course, regions, asker, build):
    make_ready(UserFactory(region=regions.kasserine), course)
    archive = build()
    RoleGrant.objects.update(may_export_names=False)

    with pytest.raises(Archive.DoesNotExist):
        archives.hand_out(archive.pk, asker, timezone.now())


def test_somebody_who_left_meanwhile_is_not_in_it(course, regions, order):
    stays, leaves, erased = (make_ready(UserFactory(region=regions.kasserine), course) for _ in range(3))
    archive = order()
    person = leaves.enrolment.user
    person.region = regions.gabes
    person.save()
    close_account(erased.enrolment.user, timezone.now())

    assert archives.build(archive.pk, timezone.now())

    archive.refresh_from_db()
    assert names_in(archive) == [pdf_name(stays), "index.csv"]
    assert (archive.total, list(archive.certificates.all())) == (1, [stays])


def test_nothing_left_gives_no_empty_archive(course, regions, order):
    certificate = make_ready(UserFactory(region=regions.kasserine), course)
    archive = order()
    close_account(certificate.enrolment.user, timezone.now())

    assert not archives.build(archive.pk, timezone.now())

    archive.refresh_from_db()
    assert archive.state == RunState.EXPIRED


def test_the_first_download_is_recorded_with_each_certificate(course, regions, asker, build):
    own = make_ready(asker, course)
    MembershipFactory(user=asker, association=AssociationFactory(region=regions.kasserine))
    certificate = make_ready(UserFactory(region=regions.kasserine), course)
    archive, at = build(), timezone.now()

    archives.hand_out(archive.pk, asker, at)
    archives.hand_out(archive.pk, asker, at + timedelta(hours=1))

    event = CertificateEvent.objects.get(kind=EventKind.HANDED_OUT)
    # The reason is the archive's: it may name another holder than the one who reads this event.
    assert (event.certificate, event.actor, event.at, event.reason) == (certificate, asker, at, "")
    assert own in archive.certificates.all()
    archive.refresh_from_db()
    assert archive.downloaded_at == at


def test_nobody_else_gets_it(course, regions, build):
    make_ready(UserFactory(region=regions.kasserine), course)
    archive = build()

    with pytest.raises(Archive.DoesNotExist):
        archives.hand_out(archive.pk, make_administrator(), timezone.now())


def test_it_ends_after_a_week_and_its_file_goes(course, regions, asker, build):
    make_ready(UserFactory(region=regions.kasserine), course)
    archive = build()
    name = archive.file.name

    with pytest.raises(Ended):
        archives.hand_out(archive.pk, asker, archive.expires_at)
    archives.heal(archive.expires_at - timedelta(seconds=1))
    assert files.private_storage().exists(name)
    archives.heal(archive.expires_at)
    archives.heal(archive.expires_at)

    archive.refresh_from_db()
    assert (archive.state, archive.file.name) == (RunState.EXPIRED, "")
    assert not files.private_storage().exists(name)


def test_a_file_that_cannot_be_deleted_stops_nothing_else(course, regions, build, monkeypatch):
    make_ready(UserFactory(region=regions.kasserine), course)
    make_ready(UserFactory(region=regions.sidi_bouzid), course)
    stuck, other = build(), build(region=regions.sidi_bouzid)
    Archive.objects.filter(pk__in=[stuck.pk, other.pk]).update(state=RunState.EXPIRED)
    delete = files.delete

    def refuse(name):
        if name == stuck.file.name:
            raise OSError("read-only")
        delete(name)

    monkeypatch.setattr(files, "delete", refuse)
    waiting = Archive.objects.create(
        region=regions.kasserine,
        requested_by=stuck.requested_by,
        requested_at=stuck.requested_at,
        language="fr",
        retry_at=stuck.requested_at,
    )

    assert archives.heal(timezone.now()) == [waiting.pk]

    stuck.refresh_from_db()
    other.refresh_from_db()
    assert (bool(stuck.file.name), bool(other.file.name)) == (True, False)


def test_an_erasure_ends_every_archive_with_the_person(
    course, regions, asker, build, django_capture_on_commit_callbacks
):
    certificate = make_ready(UserFactory(region=regions.kasserine), course)
    make_ready(UserFactory(region=regions.sidi_bouzid), course)
    held, other = build(), build(region=regions.sidi_bouzid)
    name = held.file.name

    with django_capture_on_commit_callbacks(execute=True):
        close_account(certificate.enrolment.user, timezone.now())

    held.refresh_from_db()
    other.refresh_from_db()
    assert (held.state, held.file.name, other.state) == (RunState.EXPIRED, "", RunState.DONE)
    assert (held.reason, other.reason) == ("", REASON)
    assert not files.private_storage().exists(name)
    with pytest.raises(Ended):
        archives.hand_out(held.pk, asker, timezone.now())


def test_an_erasure_empties_the_reason_of_one_that_ended_before(course, regions, build):
    certificate = make_ready(UserFactory(region=regions.kasserine), course)
    archive = build()
    archives.heal(archive.expires_at)

    close_account(certificate.enrolment.user, timezone.now())

    archive.refresh_from_db()
    assert (archive.state, archive.reason) == (RunState.EXPIRED, "")


@pytest.mark.parametrize("found_by", ["download", "sweep"])
def test_one_that_an_erasure_did_not_see_is_ended(course, regions, asker, build, found_by):
    """It was asked for beside the erasure, which came to its end later."""
    certificate = make_ready(UserFactory(region=regions.kasserine), course)
    make_ready(UserFactory(region=regions.kasserine), course)
    archive, at = build(), timezone.now()
    Certificate.objects.filter(pk=certificate.pk).update(erased_at=at)

    if found_by == "sweep":
        archives.heal(at)
    else:
        with pytest.raises(Ended):
            archives.hand_out(archive.pk, asker, at)

    archive.refresh_from_db()
    assert (archive.state, archive.reason, archive.downloaded_at) == (RunState.EXPIRED, "", None)
    assert not CertificateEvent.objects.filter(kind=EventKind.HANDED_OUT).exists()
    archives.heal(at)
    assert not files.private_storage().exists(files.archive_name(archive.uuid))


def test_an_erasure_while_it_is_packed_has_it_packed_again(course, regions, order, monkeypatch):
    stays, erased = (make_ready(UserFactory(region=regions.kasserine), course) for _ in range(2))
    archive, at = order(), timezone.now()
    finish = archives._finish

    def erase_first(*args):
        close_account(erased.enrolment.user, at)
        return finish(*args)

    monkeypatch.setattr(archives, "_finish", erase_first)
    assert not archives.build(archive.pk, at)
    assert not files.private_storage().exists(archive.file.name)

    monkeypatch.setattr(archives, "_finish", finish)
    assert archives.heal(at) == [archive.pk]
    assert archives.build(archive.pk, at)
    archive.refresh_from_db()
    assert names_in(archive) == [pdf_name(stays), "index.csv"]


def test_the_erasure_of_who_asked_ends_it(course, regions, asker, order):
    make_ready(UserFactory(region=regions.kasserine), course)
    archive = order()

    close_account(asker, timezone.now())

    archive.refresh_from_db()
    assert (archive.state, archive.reason) == (RunState.EXPIRED, REASON)
    assert not archives.build(archive.pk, timezone.now())


def test_who_asked_finds_it_in_their_data(course, regions, asker, build):
    make_ready(UserFactory(region=regions.kasserine), course)
    archive = build()

    assert personal_data_sources["archives"].export(asker) == [
        {
            "at": archive.requested_at.isoformat(),
            "region": regions.kasserine.name,
            "reason": REASON,
            "certificates": 1,
            "downloaded_at": None,
        }
    ]


def test_a_damaged_file_keeps_nobody_from_the_others(course, regions, build):
    fine, damaged = (make_ready(UserFactory(region=regions.kasserine), course) for _ in range(2))
    files.store(damaged.file_name, b"something else")

    archive = build()

    assert names_in(archive) == [pdf_name(fine), "index.csv"]
    lines = {line["SHA-256"]: list(line.values()) for line in index_of(archive)}
    assert lines[damaged.sha256][11] not in ("", pdf_name(damaged))


def test_a_failing_storage_is_tried_again_and_then_given_up(course, regions, order, monkeypatch):
    make_ready(UserFactory(region=regions.kasserine), course)
    archive, at = order(), timezone.now()
    store = files.store

    def fail(name, content):
        raise OSError("down")

    monkeypatch.setattr(files, "store", fail)
    assert not archives.build(archive.pk, at)
    archive.refresh_from_db()
    assert (archive.state, archive.attempts) == (RunState.RUNNING, 1)
    assert archives.heal(at) == []

    monkeypatch.setattr(files, "store", store)
    assert archives.heal(archive.retry_at) == [archive.pk]
    monkeypatch.setattr(files, "store", fail)
    for _attempt in range(archives.MAX_ATTEMPTS):
        archives.build(archive.pk, at)
    archive.refresh_from_db()
    assert (archive.state, archive.attempts) == (RunState.FAILED, archives.MAX_ATTEMPTS)


def test_a_killed_builder_is_replaced_and_leaves_no_second_file(course, regions, order):
    make_ready(UserFactory(region=regions.kasserine), course)
    archive, at = order(), timezone.now()
    archives._begin(archive.pk, at)
    files.store(archive.file.name, b"half of it")

    assert archives.heal(at + archives.BUILD_TIME) == [archive.pk]
    assert archives.build(archive.pk, at)
    assert not archives.build(archive.pk, at)

    archive.refresh_from_db()
    assert archive.sha256 == hashlib.sha256(files.read(archive.file.name)).hexdigest()


def test_the_sweep_queues_what_was_lost(course, regions, order, monkeypatch):
    queued = []
    monkeypatch.setattr(tasks.build_archive, "delay", queued.append)
    make_ready(UserFactory(region=regions.kasserine), course)
    archive = order(at=timezone.now() - archives.FIRST_RETRY)

    tasks.sweep_archives()
    tasks.sweep_archives()

    assert queued == [archive.pk]


def test_queries_of_a_download_do_not_grow(course, regions, asker, build, django_assert_num_queries):
    for _number in range(3):
        make_ready(UserFactory(region=regions.kasserine), course)
    archive = build()

    # Savepoint, grants, the row, whether somebody is erased, its date, the certificates, events, release.
    with django_assert_num_queries(8):
        archives.hand_out(archive.pk, asker, timezone.now())


class TestRaces:
    pytestmark = ROW_LOCKS

    def test_as_many_at_once_as_there_may_be_however_they_are_asked_for(self, regions, site, settings):
        settings.ELEARN_ARCHIVES_AT_ONCE = 2
        asker = make_administrator()
        make_ready(UserFactory(region=regions.kasserine), make_course(site))
        above = [regions.country, regions.centre_ouest, regions.kasserine]
        at = timezone.now()

        def ask(number: int) -> bool:
            try:
                archives.ask(asker, above[number], None, reason=REASON, language="fr", at=at)
            except TooManyArchives:
                return False
            return True

        assert sorted(at_once(ask, times=3)) == [False, True, True]
        assert Archive.objects.count() == 2

    @pytest.mark.parametrize("erasure_first", [True, False])
    def test_an_erasure_and_the_end_of_the_packing(self, regions, site, erasure_first):
        """Whoever comes first, no archive with an erased person can be downloaded."""
        asker = UserFactory()
        RoleGrantFactory(
            user=asker, role=Role.COORDINATOR, region=regions.centre_ouest, may_export_names=True
        )
        certificate = make_ready(UserFactory(region=regions.kasserine), make_course(site))
        at = timezone.now()
        archive = archives.ask(asker, regions.kasserine, None, reason=REASON, language="fr", at=at)

        def erase() -> None:
            with transaction.atomic():
                close_account(certificate.enrolment.user, at)

        def pack() -> None:
            archives.build(archive.pk, at)

        while_held(*((erase, pack) if erasure_first else (pack, erase)))

        archive.refresh_from_db()
        assert archive.state == RunState.EXPIRED
        assert not files.private_storage().exists(files.archive_name(archive.uuid))
