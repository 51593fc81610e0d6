"""The demonstration's members learn, through the same verbs as people do."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.db import transaction

from courses.accounts.api import User
from courses.certificates.api import Certificate, certificate_for, issue_now
from courses.domain.outline import CourseOutline, OutlineActivity, outline_of
from courses.interfaces.packages.keys import key_for
from courses.progress.api import (
    Enrolment,
    Programme,
    ProgrammeDetails,
    create_programme,
    current_enrolment,
    enrol,
    record_completion,
)
from courses.quizzes.api import Attempt, save_answer, start_attempt, submit_attempt
from elearn.demo.people import DOMAIN
from elearn.starter.website import COURSE

PROGRAMME = "APPUI-2026"
PROGRAMME_DETAILS = ProgrammeDetails(
    name_ar="برنامج دعم الجمعيات 2026",
    name_fr="Appui aux associations 2026",
    name_en="Support to associations 2026",
)


def make_programme(at: datetime) -> None:
    """The programme that a part of the population came by; there once."""
    if not Programme.objects.filter(code=PROGRAMME).exists():
        administrator = User.objects.get(email=f"admin@{DOMAIN}")
        create_programme(PROGRAMME, PROGRAMME_DETAILS, by=administrator, at=at)


def complete_course(email: str, at: datetime) -> Certificate:
    """Take the whole course as this person and get the certificate, made at once; what was done before stays."""
    user = User.objects.get(email=email)
    enrolment = current_enrolment(user, key_for(COURSE))
    if enrolment is not None and (held := certificate_for(enrolment)) is not None and held.is_ready:
        return held
    outline = outline_of(key_for(COURSE), user.language)
    with transaction.atomic():
        enrolment = learn(user, outline, len(list(outline.activities())), at - timedelta(days=20))
    return _certificate(enrolment, at)


def teach_population(people: Iterable[User], at: datetime) -> None:
    """Let these people be at different places of the course: some not enrolled, some half way, some done."""
    random = Random(DOMAIN)  # noqa: S311 - chosen so that every demonstration is the same
    outlines = {code: outline_of(key_for(COURSE), code) for code in ("ar", "fr")}
    for user in people:
        outline = outlines[user.language]
        total = len(list(outline.activities()))
        share = random.choice([None, 0.0, 0.15, 0.3, 0.45, 0.6, 0.8, 1.0, 1.0, 1.0])
        began = at - timedelta(days=random.randint(25, 110), minutes=random.randint(0, 600))
        programme = PROGRAMME if random.random() < 0.4 else ""
        fails = random.random() < 0.3
        if share is None:
            continue
        with transaction.atomic():
            enrolment = learn(user, outline, int(total * share), began, programme=programme, fails=fails)
        if share == 1.0:
            _certificate(enrolment, at)


def learn(
    user: User,
    outline: CourseOutline,
    count: int,
    began: datetime,
    *,
    programme: str = "",
    fails: bool = False,
) -> Enrolment:
    """Enrol and complete the first `count` activities, some hours apart. `fails`: the first quiz at the first try."""
    enrolment = enrol(user, outline.key, locale=user.language, at=began, programme=programme)
    time = began
    for activity in list(outline.activities())[:count]:
        time += timedelta(hours=11)
        if activity.assessed:
            if fails:
                _take_quiz(user, enrolment, activity, time, right=False)
                time += timedelta(hours=2)
                fails = False
            _take_quiz(user, enrolment, activity, time, right=True)
        else:
            record_completion(
                enrolment, activity.key, kind=activity.kind, locale=user.language, revision_id=None, at=time
            )
    return enrolment


def _take_quiz(
    user: User, enrolment: Enrolment, activity: OutlineActivity, at: datetime, *, right: bool
) -> Attempt:
    attempt = start_attempt(enrolment, activity.key, locale=user.language, at=at)
    for number, question in enumerate(attempt.paper["questions"]):
        answer = attempt.answer_key[question["key"]]["answer"]
        if right or number == 0:
            raw = _right_answer(question["type"], answer)
            save_answer(user, attempt.uuid, UUID(question["key"]), raw, at=at + timedelta(minutes=number + 1))
    return submit_attempt(user, attempt.uuid, at=at + timedelta(minutes=12))


def _right_answer(kind: str, answer: dict[str, Any]) -> Any:
    match kind:
        case "numeric":
            return answer["number"]
        case "matching":
            return answer["pairs"]
        case "ordering":
            return answer["order"]
        case "multiple_choice":
            return answer["correct"]
    return answer["correct"][0]


def _certificate(enrolment: Enrolment, at: datetime) -> Certificate:
    certificate = issue_now(enrolment.pk, at)
    if certificate is None or not certificate.is_ready:
        raise RuntimeError(f"No certificate was made for enrolment {enrolment.pk}.")
    return certificate
