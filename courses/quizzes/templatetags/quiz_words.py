"""Words that the script of answers fills in."""

import json

from django import template
from django.utils.translation import ngettext

from courses.quizzes.domain import telling
from courses.quizzes.domain.standing import Standing
from courses.quizzes.models import Attempt

register = template.Library()

# A number of each plural category of the CLDR, by whose name `Intl.PluralRules` asks.
NUMBERS = {"zero": 0, "one": 1, "two": 2, "few": 3, "many": 11, "other": 100}


@register.simple_tag
def waiting_words() -> str:
    """How many answers wait on this device, in each plural form of the active language, as JSON; `{n}` stands for
    the number."""
    return json.dumps(
        {
            category: ngettext(
                "Waiting for connection: %(n)s answer kept on this device.",
                "Waiting for connection: %(n)s answers kept on this device.",
                number,
            )
            % {"n": "{n}"}
            for category, number in NUMBERS.items()
        },
        ensure_ascii=False,
    )


@register.filter
def tells_score(standing: Standing, attempt: Attempt) -> bool:
    """Whether the quiz lets the percentage of this attempt be shown now."""
    return telling.score_shown(attempt, standing)


@register.filter
def tells_result(standing: Standing) -> bool:
    """Whether the quiz lets the percentage of all attempts together be shown now."""
    return telling.result_shown(standing)
