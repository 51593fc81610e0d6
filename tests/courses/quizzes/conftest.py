import pytest

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
