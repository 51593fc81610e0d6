import pytest
from django.utils import timezone

from courses.accounts.domain.roles import grant_role
from courses.accounts.enums import Role
from courses.accounts.models import User
from tests.factories.accounts import UserFactory
from tests.factories.courses import CourseTree
from tests.factories.quizzes import QuizTree, make_quiz


@pytest.fixture
def quiz(course: CourseTree) -> QuizTree:
    """A quiz in the first module with one question of each type; 70 percent pass, attempts without limit."""
    return make_quiz(course)


@pytest.fixture
def learner(db: None) -> User:
    return UserFactory()


@pytest.fixture
def trainer(db: None) -> User:
    """With the rights in the admin that the role brings."""
    person: User = UserFactory()
    grant_role(person, Role.TRAINER, by=None, at=timezone.now())
    # As a request finds them: the one who was made before the role remembers having no rights.
    return User.objects.get(pk=person.pk)
