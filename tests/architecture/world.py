"""The small world in which the permission matrix asks: one member's records, seen by everybody else."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from courses.accounts.domain.roles import grant_role
from courses.accounts.enums import AssociationStatus, MembershipStatus, Role
from courses.accounts.models import User
from courses.certificates.domain.privacy import make_name_link
from courses.certificates.models import NameLink
from tests.factories.accounts import (
    AssociationFactory,
    MembershipFactory,
    RegionTree,
    UserFactory,
    make_administrator,
    make_coordinator,
)
from tests.factories.certificates import make_archive, make_ready
from tests.factories.courses import make_course
from tests.factories.progress import ProgrammeFactory
from tests.factories.quizzes import make_quiz, start_quiz, take_quiz

ROLES = ("anonymous", "owner", "other", "trainer", "coordinator", "elsewhere", "administrator")


@dataclass
class World:
    """Who asks, and the keyword arguments of the addresses they ask for."""

    people: dict[str, User | None]
    arguments: dict[str, dict[str, Any]]
    # What is posted where an empty form would be refused before anybody looks at who asks.
    bodies: dict[str, dict[str, Any]]


def make_world(regions: RegionTree, site: SimpleNamespace) -> World:
    """The owner is a member in Kasserine with an attempt under way, one submitted, and a certificate."""
    course = make_course(site, lessons=1)
    quiz = make_quiz(course, "single_choice")
    finished_course = make_course(site, code="FIN", modules=1, lessons=1)
    owner = UserFactory(region=regions.kasserine)
    other = UserFactory(region=regions.gabes)
    association = AssociationFactory(region=regions.kasserine)
    membership = MembershipFactory(user=owner, association=association, status=MembershipStatus.DECLARED)
    proposed = AssociationFactory(region=regions.kasserine, status=AssociationStatus.PROPOSED)
    MembershipFactory(user=other, association=AssociationFactory(region=regions.gabes))
    certificate = make_ready(owner, finished_course)
    token = make_name_link(certificate.pk, 7, timezone.now(), owner.pk)
    administrator = make_administrator()
    archive = make_archive(administrator, regions.kasserine)
    submitted = take_quiz(owner, quiz, wrong=(0,))
    running = start_quiz(owner, quiz)
    lesson = course.lessons["fr"][0]
    ProgrammeFactory(code="DONOR-1", region=regions.kasserine)
    # With the rights in the admin that the role brings.
    trainer = UserFactory()
    grant_role(trainer, Role.TRAINER, by=None, at=timezone.now())
    return World(
        people={
            "anonymous": None,
            "owner": owner,
            "other": other,
            "trainer": trainer,
            "coordinator": make_coordinator(regions.centre_ouest),
            "elsewhere": make_coordinator(regions.sud_est),
            "administrator": administrator,
        },
        arguments={
            "activity": {"activity_key": lesson.translation_key},
            "archive": {"archive_uuid": archive.uuid},
            "association": {"uuid": association.uuid},
            "certificate": {"certificate_uuid": certificate.uuid},
            "consent": {"kind": "reminders"},
            "contested": {"attempt": submitted.uuid, "position": 1},
            "course": {"course_key": course.key},
            "invitation": {"programme": "donor-1", "course_code": "JUR"},
            "membership": {"pk": membership.pk},
            "name_link": {"serial": certificate.serial, "token": token},
            "own_link": {
                "certificate_uuid": certificate.uuid,
                "link_id": NameLink.objects.get(certificate=certificate).pk,
            },
            "page": {"key": course.key},
            "programme": {"code": "DONOR-1"},
            "proposed": {"pk": proposed.pk},
            "question": {"attempt": running.uuid, "position": 1},
            "quiz": {"quiz_key": quiz.key},
            "region": {"code": regions.kasserine.code},
            "running": {"attempt": running.uuid},
            "serial": {"serial": certificate.serial},
            "status_list": {"number": 0},
            "submitted": {"attempt": submitted.uuid},
            "unused": {},
            "file": {"path": "documents/private.pdf"},
        },
        bodies={
            "quizzes:answers": {
                "question": str(quiz.question_key(0)),
                "device": "1f0c7c6e-5a53-4c8e-9f5e-0f6c1f2d3a4b",
                "sequence": 1,
                "value": quiz.right(0),
            },
            "accounts:consent": {"decision": "give"},
            "accounts:decide_association": {"decision": "approve"},
            "accounts:decide_membership": {"decision": "confirm", "membership": [membership.pk]},
        },
    )
