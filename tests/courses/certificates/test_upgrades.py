"""What the steps of the migrations make of rows from before. Badges' places: `domain/test_badge_positions`."""

from dataclasses import replace
from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from courses.certificates.domain.changing import correct
from courses.certificates.domain.designs import freeze
from courses.certificates.domain.issue import issue_now
from courses.certificates.domain.making import make
from courses.certificates.enums import Supersession
from courses.certificates.interfaces.pdf.spec import DesignSpec
from courses.certificates.interfaces.pdf.wording import WORDINGS, complete
from courses.certificates.models import Certificate, DesignVersion
from tests.factories.accounts import UserFactory
from tests.factories.certificates import make_ready, next_cycle, rename, superseded_by
from tests.factories.designs import make_design

pytestmark = pytest.mark.django_db
reasons = import_module("courses.certificates.migrations.0006_reasons_and_badge_positions")
words = import_module("courses.certificates.migrations.0008_frozen_words")


def told_anew():
    """The reasons that the step finds for rows that have none."""
    Certificate.objects.update(superseded_because="")
    reasons.tell_why(apps, None)
    return dict(Certificate.objects.values_list("pk", "superseded_because"))


@pytest.mark.parametrize("failed", [None, Supersession.CORRECTED, Supersession.AMENDED])
@pytest.mark.parametrize("because", list(Supersession))
def test_what_was_replaced_before_is_told_why(course, because, failed):
    superseded_by(because, UserFactory(), course, after_failed=failed)
    make_ready(UserFactory(), course)
    known = dict(Certificate.objects.values_list("pk", "superseded_because"))

    assert told_anew() == known


def test_what_was_overtaken_before_is_told_by_what(course):
    old = make_ready(UserFactory(), course)
    rename(old.enrolment.user)
    correction, at = correct(old.pk, timezone.now(), None), timezone.now()
    issue_now(next_cycle(old.enrolment, at).pk, at)
    make(correction.pk, timezone.now())

    assert told_anew()[old.pk] == told_anew()[correction.pk] == "renewed"


def as_frozen_before(version, wordings):
    """The version as it was when only a design's own texts were frozen."""
    spec = replace(DesignSpec.from_dict(version.spec), wordings=wordings)
    DesignVersion.objects.filter(pk=version.pk).update(spec=spec.to_dict(), digest=spec.digest)


def test_designs_frozen_before_keep_the_words_of_before():
    own = {"fr": {"title": "La nôtre"}}
    version = freeze(make_design(wordings=own), timezone.now())
    said = version.spec
    as_frozen_before(version, own)

    words.freeze_words(apps, None)

    version.refresh_from_db()
    assert version.spec == said
    # A design that doesn't change goes on with its row.
    assert freeze(make_design(name="The same", wordings=own), timezone.now()) == version


def test_two_that_say_the_same_stay_two():
    first = freeze(None, timezone.now())
    as_frozen_before(first, {})
    second = freeze(make_design(wordings={"fr": {"title": "Autre"}}), timezone.now())
    as_frozen_before(second, {"fr": {"title": WORDINGS["fr"].title}})

    words.freeze_words(apps, None)

    for version in (first, second):
        version.refresh_from_db()
        assert version.spec["wordings"] == complete({})
    assert first.digest != second.digest
