from django.db import models
from django.utils.translation import gettext_lazy as _


class AttemptStatus(models.TextChoices):
    IN_PROGRESS = "in_progress", _("in progress")
    # Submitted; a person has still to mark open answers.
    TO_MARK = "to_mark", _("to be marked")
    SUBMITTED = "submitted", _("submitted")


class AttemptPurpose(models.TextChoices):
    """Only graded attempts count for the result and against the attempts allowed."""

    GRADED = "graded", _("test")
    BEFORE = "before", _("before the course")
    REFRESHER = "refresher", _("refresher")


class EndedBy(models.TextChoices):
    LEARNER = "learner", _("submitted by the learner")
    DEADLINE = "deadline", _("submitted when the time was over")


class Difficulty(models.TextChoices):
    EASY = "easy", _("easy")
    MEDIUM = "medium", _("medium")
    HARD = "hard", _("hard")


class ChoiceScoring(models.TextChoices):
    """What a partly right answer to a question with several right ones earns."""

    ALL = "all", _("Nothing: all right ones and no other")
    SHARE = "share", _("Its share; wrong ones take nothing away")
    PENALISED = "penalised", _("Its share; each wrong one takes its share away")


class Layout(models.TextChoices):
    QUESTION = "question", _("One question a page")
    ALL = "all", _("All questions on one page")


class ResultRule(models.TextChoices):
    HIGHEST = "highest", _("the highest")
    LATEST = "latest", _("the latest")
    FIRST = "first", _("the first")
    AVERAGE = "average", _("the average of all")


class FeedbackMode(models.TextChoices):
    AFTER = "after", _("After submission")
    IMMEDIATE = "immediate", _("At once after each question")
    INTERACTIVE = "interactive", _("With a hint and another try, for fewer points")


class ShownFrom(models.TextChoices):
    """From when on a part of the review is shown."""

    DURING = "during", _("while the quiz is taken")
    AFTER = "after", _("right after submission")
    LATER = "later", _("from the day after submission")
    CLOSED = "closed", _("once the quiz is closed")
    NEVER = "never", _("never")


class StaleLanguage(models.TextChoices):
    """What learners get in a language whose words are older than the original's."""

    SOURCE = "source", _("Show the original language with a notice")
    WITHHOLD = "withhold", _("Don't start the quiz in that language")


class RegradeStatus(models.TextChoices):
    PROPOSED = "proposed", _("waits for a second person")
    APPLIED = "applied", _("applied")
    DECLINED = "declined", _("declined")


class ObjectionStatus(models.TextChoices):
    OPEN = "open", _("open")
    ACCEPTED = "accepted", _("accepted")
    REJECTED = "rejected", _("rejected")
