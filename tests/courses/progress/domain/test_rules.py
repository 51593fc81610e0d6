"""The passing rule, as pure functions."""

import uuid
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.domain.outline import CourseOutline, OutlineActivity, OutlineModule
from courses.progress.domain.rules import blocking_module, next_activity, standing

NO_URLS = MappingProxyType({})


def an_activity(*, required=True, assessed=False, available=True):
    return OutlineActivity(
        key=uuid.uuid4(),
        page_id=1,
        title="A",
        url="/a/",
        language="fr",
        kind="lesson" if available else "",
        required=required,
        assessed=assessed,
        available=available,
        minutes=5,
        urls=NO_URLS,
    )


def an_outline(*modules, sequential=False, pass_rule="all_required"):
    return CourseOutline(
        key=uuid.uuid4(),
        page_id=1,
        code="JUR",
        title="Course",
        url="/c/",
        language="fr",
        sequential=sequential,
        pass_rule=pass_rule,
        law_checked_to=None,
        modules=tuple(
            OutlineModule(uuid.uuid4(), n, f"M{n}", f"/c/{n}/", tuple(activities), (), NO_URLS)
            for n, activities in enumerate(modules, start=1)
        ),
        urls=NO_URLS,
    )


def test_a_course_without_required_activities_is_never_complete():
    outline = an_outline([an_activity(required=False)])

    result = standing(outline, {activity.key for activity in outline.activities()})

    assert (result.complete, result.percent) == (False, 0)


def test_optional_activities_don_t_count():
    needed, extra = an_activity(), an_activity(required=False)
    outline = an_outline([needed, extra])

    assert standing(outline, {needed.key}).complete is True
    assert standing(outline, {extra.key}).missing == (needed,)


def test_the_assessed_rule_asks_only_for_assessed_activities():
    lesson, quiz = an_activity(), an_activity(assessed=True)
    outline = an_outline([lesson, quiz], pass_rule="all_assessed")

    assert standing(outline, {quiz.key}).complete is True
    assert standing(outline, {lesson.key}).percent == 0


def test_an_unavailable_activity_stays_required():
    lesson, gone = an_activity(), an_activity(available=False)
    outline = an_outline([lesson, gone])

    result = standing(outline, {lesson.key})

    assert (result.complete, result.percent) == (False, 50)


@given(st.lists(st.booleans(), min_size=1, max_size=40), st.randoms())
def test_percent_is_100_exactly_when_complete(required, random):
    outline = an_outline([an_activity(required=flag) for flag in required])
    activities = list(outline.activities())
    done = {activity.key for activity in random.sample(activities, random.randint(0, len(activities)))}

    result = standing(outline, done)

    assert 0 <= result.percent <= 100
    assert (result.percent == 100) == result.complete
    more = standing(outline, done | {activities[0].key})
    assert more.percent >= result.percent


@pytest.mark.parametrize(("sequential", "blocked"), [(True, True), (False, False)])
def test_a_later_module_waits_only_in_a_sequential_course(sequential, blocked):
    first, second = an_activity(), an_activity()
    outline = an_outline([first], [second], sequential=sequential)

    assert (blocking_module(outline, second.key, set()) is not None) == blocked
    assert blocking_module(outline, second.key, {first.key}) is None


def test_going_on_starts_after_the_last_activity_and_comes_back_to_what_was_skipped():
    a, b, c = an_activity(), an_activity(), an_activity()
    outline = an_outline([a, b, c])

    assert next_activity(outline, set()) == a
    assert next_activity(outline, {b.key}, last=b.key) == c
    assert next_activity(outline, {b.key, c.key}, last=c.key) == a
    assert next_activity(outline, {a.key, b.key, c.key}) is None


def test_going_on_never_leads_to_something_unavailable():
    gone, lesson = an_activity(available=False), an_activity()

    assert next_activity(an_outline([gone, lesson]), set()) == lesson
