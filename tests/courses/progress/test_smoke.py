from tests.factories.accounts import UserFactory
from tests.factories.progress import make_enrolment


def test_a_course_completes(course, regions):
    enrolment = make_enrolment(UserFactory(region=regions.kasserine), course, done=4)
    assert enrolment.progress.percent == 100
