"""What plain-text formats have no place for: hints, provisions and the learning objective."""

from django.utils.translation import gettext_lazy as _

from courses.quizzes.interfaces.exchange.entries import Entry
from courses.quizzes.interfaces.exchange.report import Remark


def without_a_place(entry: Entry) -> list[Remark]:
    """A loss for each that the entry has."""
    lost = (
        (_("The hints are not written: the format has no place for them."), entry.hints),
        (_("The provisions are not written: the format has no place for them."), entry.provisions),
        (_("The learning objective is not written: the format has no place for it."), entry.objective),
    )
    return [Remark(message) for message, value in lost if value]
