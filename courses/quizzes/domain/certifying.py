"""What certificates may say of the tests of a course."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Max

from courses.quizzes.enums import AttemptPurpose
from courses.quizzes.models import Attempt


def best_results(enrolment_ids: Iterable[int], language: str) -> dict[int, str]:
    """The best passed attempt's whole percentage by enrolment; of a course with several tests the mean of their best
    ones, rounded down. Nothing for who passed none. One query.
    """
    best: dict[int, list[int]] = defaultdict(list)
    passed = Attempt.objects.filter(
        enrolment_id__in=list(enrolment_ids), purpose=AttemptPurpose.GRADED, passed=True
    )
    by_quiz = passed.order_by().values("enrolment_id", "quiz_key").annotate(best=Max("percent"))
    for enrolment_id, percent in by_quiz.values_list("enrolment_id", "best"):
        best[enrolment_id].append(percent)
    return {enrolment_id: str(sum(found) // len(found)) for enrolment_id, found in best.items()}
