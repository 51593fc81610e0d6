"""Somebody with a certificate, for the tests of what happens to it."""

import pytest

from tests.factories.accounts import UserFactory
from tests.factories.certificates import make_ready


@pytest.fixture
def holder():
    return UserFactory(certificate_name_latin="Zohra Trabelsi", certificate_name_arabic="زهرة الطرابلسي")


@pytest.fixture
def ready(holder, course):
    return make_ready(holder, course)
