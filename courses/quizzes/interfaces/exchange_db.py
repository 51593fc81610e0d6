"""Questions of files → the bank: drafts that a trainer reads and publishes. Nothing published changes by itself."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from courses.domain.variants import rule_fields
from courses.plugin_api.packages import is_uuid, key_for
from courses.quizzes.domain.pictures import undescribed
from courses.quizzes.interfaces.exchange.report import Remark, Unusable
from courses.quizzes.interfaces.exchange_bank import Bank, is_package_id, question_key
from courses.quizzes.interfaces.exchange_candidates import Candidate
from courses.quizzes.interfaces.exchange_fields import OPEN
from courses.quizzes.interfaces.exchange_pictures import Shelf, shown_by, with_images, with_made
from courses.quizzes.interfaces.exchange_rows import QuestionFields
from courses.quizzes.interfaces.exchange_streams import (
    blocks_of,
    in_words_of,
    pictures_in_words,
    set_stream,
    with_ids,
)
from courses.quizzes.models import Question, QuestionCategory, QuestionTag
from courses.quizzes.types.base import question_types

MAX_NAME = 120
MAX_TAG = 100


class Fate(StrEnum):
    """What becomes of a question of a file."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    LEFT_OUT = "left_out"


@dataclass(frozen=True)
class Intake:
    """How a file is taken: who takes it, and where its questions go.

    own_categories: make the categories that the file names, below `category` if there is one. may_change: whether
    questions that are here already may get a new draft.
    """

    user: Any = None
    category: QuestionCategory | None = None
    own_categories: bool = False
    may_change: bool = True


@dataclass(frozen=True)
class Verdict:
    """What becomes, or became, of one question. `twin`: whether a question with the same words is here already.

    question: the variant in the deciding language, once taken.
    """

    candidate: Candidate
    fate: Fate
    type: str = ""
    stem: str = ""
    remarks: tuple[Remark, ...] = ()
    twin: bool = False
    question: Question | None = None


def preview(candidates: Sequence[Candidate], intake: Intake) -> list[Verdict]:
    """What `take` would do with each, in order; writes nothing. The number of queries doesn't grow with that of new
    questions, but for one for each picture.
    """
    bank = Bank(candidates)
    return [_Step(candidate, intake, bank).verdict() for candidate in candidates]


def take(
    candidates: Sequence[Candidate], intake: Intake, *, chosen: Collection[int] | None = None
) -> list[Verdict]:
    """Take the candidates with the numbers in `chosen` (all), each whole or not at all; what became of them.

    A question with an id that is known here gets a new draft where it differs, in a language that it doesn't have a
    new variant; one without id is added. Taking a file twice changes nothing where all its questions have ids.
    """
    wanted = [one for one in candidates if chosen is None or one.number in chosen]
    bank = Bank(wanted)
    return [_taken(candidate, intake, bank) for candidate in wanted]


def _taken(candidate: Candidate, intake: Intake, bank: Bank) -> Verdict:
    step = _Step(candidate, intake, bank)
    verdict = step.verdict()
    if verdict.fate not in (Fate.NEW, Fate.CHANGED):
        return verdict
    try:
        with transaction.atomic():
            return replace(verdict, question=step.write())
    except BaseException as error:
        # Files aren't rolled back.
        step.shelf.discard()
        if isinstance(error, ValidationError):
            return step.left_out(Unusable(_("It can't be kept: %(reason)s"), reason=" ".join(error.messages)))
        raise


class _Step:
    """One question on its way into the bank."""

    def __init__(self, candidate: Candidate, intake: Intake, bank: Bank) -> None:
        self.candidate = candidate
        self.intake = intake
        self.bank = bank
        identifier = candidate.identifier
        self.key = question_key(identifier) if identifier else uuid.uuid4()
        self.known = bank.variants_of(self.key) if identifier else []
        self.remarks = list(candidate.remarks)
        self.drafts: list[tuple[Question, bool]] = []
        self.shelf = Shelf(intake.user, candidate.images)
        # The streams of each draft that may show pictures, as they were made.
        self.blocks: list[tuple[Question, str, list[dict[str, Any]]]] = []

    def verdict(self) -> Verdict:
        """What would become of it; changes nothing."""
        if not self.candidate.variants:
            return Verdict(self.candidate, Fate.LEFT_OUT, remarks=self.candidate.remarks)
        try:
            self.claim()
            self.drafts = self.made_drafts()
        except Unusable as error:
            return self.left_out(error)
        fields = next(iter(self.candidate.variants.values()))
        twin = self.bank.has_twin(self.candidate)
        self.note(twin, bool(self.known))
        fate = Fate.UNCHANGED
        if any(changed for _draft, changed in self.drafts):
            fate = Fate.CHANGED if self.known else Fate.NEW
        return Verdict(
            self.candidate, fate, fields.type, fields.words["stem"], tuple(self.remarks), twin, None
        )

    def left_out(self, error: Unusable) -> Verdict:
        remark = Remark(error.remark.message, error.remark.values, error.remark.line or self.candidate.line)
        fields = next(iter(self.candidate.variants.values()))
        return Verdict(self.candidate, Fate.LEFT_OUT, fields.type, fields.words["stem"], (remark,))

    def claim(self) -> None:
        if not self.candidate.identifier:
            return
        if self.key in self.bank.used:
            raise Unusable(_("Its id stands in the file twice: %(id)s"), id=self.candidate.identifier)
        self.bank.used.add(self.key)

    def note(self, twin: bool, known: bool) -> None:
        candidate, notes = self.candidate, []
        if twin:
            notes.append(
                Remark(_("A question with the same words is here already; this one is added beside it."))
            )
        if not known and candidate.category and not self.intake.own_categories:
            path = " › ".join(candidate.category)
            notes.append(Remark(_("The category of the file is not taken: %(category)s"), {"category": path}))
        if any(len(name) > MAX_NAME for name in candidate.category) and self.intake.own_categories:
            notes.append(
                Remark(
                    _("The name of its category is longer than %(limit)s characters."), {"limit": MAX_NAME}
                )
            )
        if known and (candidate.category or candidate.tags):
            notes.append(Remark(_("Category and tags stay as they are here.")))
        if any(len(tag) > MAX_TAG for tag in candidate.tags):
            notes.append(
                Remark(_("A tag longer than %(limit)s characters is not taken."), {"limit": MAX_TAG})
            )
        if candidate.objective and key_for(candidate.objective) not in self.bank.objectives:
            words = _("The learning objective %(id)s is not here; the question is taken without it.")
            notes.append(Remark(words, {"id": candidate.objective}))
        notes += self.shelf.remarks(shown_by(candidate.variants.values()))
        self.remarks += [replace(remark, line=candidate.line) for remark in notes]

    # Drafts

    def made_drafts(self) -> list[tuple[Question, bool]]:
        """Each variant as it would be, and whether that is new; the deciding one first. Raises Unusable."""
        made: list[tuple[Question, bool]] = []
        deciding = self.known[0] if self.known else None
        for language, fields in self.in_order():
            kind = question_types.get(fields.type)
            if kind is None:
                raise Unusable(_("Questions of this type can't be asked here: %(type)s."), type=fields.type)
            if deciding is not None and deciding.type != fields.type:
                raise Unusable(
                    _("Its id belongs to a question of another type here: %(question)s"),
                    question=str(deciding),
                )
            draft, changed = self.draft(language, fields, deciding)
            problems = (
                []
                if fields.type == OPEN
                else [str(word) for words in kind.problems(draft).values() for word in words]
            )
            if problems:
                raise Unusable(_("It can't be asked: %(reason)s"), reason=" ".join(problems))
            if changed and self.known and not self.intake.may_change:
                raise Unusable(_("You may add questions, but not change this one, which is here already."))
            deciding = deciding or draft
            made.append((draft, changed))
        return made

    def in_order(self) -> list[tuple[str, QuestionFields]]:
        """The variants with what they show and test, the site's own language first."""
        objective = (
            self.bank.objectives.get(key_for(self.candidate.objective)) if self.candidate.objective else None
        )
        tests = {"objective": objective} if objective else {}
        images = self.shelf.names
        placed = (
            (language, replace(own, key={**own.key, **tests}))
            for language, fields in self.candidate.variants.items()
            for own in (with_images(fields, images),)
        )
        return sorted(placed, key=lambda item: (item[0] != settings.LANGUAGE_CODE, item[0]))

    def draft(
        self, language: str, fields: QuestionFields, deciding: Question | None
    ) -> tuple[Question, bool]:
        locale = self.bank.locales.get(language)
        if locale is None:
            raise Unusable(_("This site has no language '%(language)s'."), language=language)
        own = next((known for known in self.known if known.locale_id == locale.pk), None)
        if own is None and deciding is None:
            question = Question(type=fields.type, translation_key=self.key, locale=locale, live=False)
            question.package_id = (
                self.candidate.identifier if is_package_id(self.candidate.identifier) else ""
            )
            if is_uuid(question.package_id):
                question.package_id = ""
            _fill(question, fields.words)
            _fill(question, fields.key)
            for name, rows in fields.streams.items():
                self.set_stream(question, name, with_ids(rows, ()))
            return question, True
        if own is None:
            assert deciding is not None
            rules = {name: getattr(deciding, name) for name in rule_fields(Question)}
            question = Question(translation_key=self.key, locale=locale, live=False, **rules)
            decides = False
        else:
            question, decides = own, own is deciding
        changed = _fill(question, self.said(_with_case(fields.words, deciding or question)))
        if decides:
            changed = _fill(question, self.said(fields.key)) or changed
        for name, rows in fields.streams.items():
            if decides:
                blocks = with_ids(rows, blocks_of(question, name))
            elif name == "pictures":
                blocks = pictures_in_words(rows, blocks_of(deciding, name), blocks_of(question, name))
            else:
                blocks = in_words_of(rows, blocks_of(deciding, name))
            changed = self.set_stream(question, name, blocks) or changed
        return question, changed or own is None

    def set_stream(self, question: Question, name: str, blocks: list[dict[str, Any]]) -> bool:
        changed = set_stream(question, name, blocks)
        if changed and name in ("pictures", "choices"):
            self.blocks.append((question, name, blocks))
        return changed

    def said(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Without what the format can't say: that stays as it is here."""
        return {name: value for name, value in values.items() if name not in self.candidate.unsaid}

    # Writing

    def write(self) -> Question:
        """Keep the drafts of the verdict; within the caller's transaction. The deciding variant."""
        category, tags = self.category(), self.tags()
        made = self.shelf.keep(self.candidate.name)
        for question, name, blocks in self.blocks:
            setattr(question, name, with_made(blocks, made))
        for draft, changed in self.drafts:
            if not changed:
                continue
            new = draft.pk is None
            # Open answers may come without criteria, pictures without words; publication asks for them.
            draft.unfinished = draft.type == OPEN or bool(undescribed(draft))
            if new:
                draft.author = self.intake.user
                draft.category = draft.category if self.known else category
            draft.full_clean()
            if new:
                draft.save()
                if tags and not self.known and draft is self.drafts[0][0]:
                    draft.tags.set(tags)
            revision = draft.save_revision(user=self.intake.user, log_action=not new, clean=False)
            if new:
                log(
                    instance=draft,
                    action="wagtail.create",
                    user=self.intake.user,
                    revision=revision,
                    content_changed=True,
                )
        return self.drafts[0][0]

    def category(self) -> QuestionCategory | None:
        """The category for new questions, made where it is asked for and missing."""
        category = self.intake.category
        names = self.candidate.category
        if self.known or not self.intake.own_categories or any(len(name) > MAX_NAME for name in names):
            return category
        for name in names:
            category, _created = QuestionCategory.objects.get_or_create(parent=category, name=name)
        return category

    def tags(self) -> list[QuestionTag]:
        """Tags are the same whatever their capital letters."""
        tags = []
        for name in self.candidate.tags:
            if len(name) <= MAX_TAG:
                found = QuestionTag.objects.filter(name__iexact=name).first()
                tags.append(found or QuestionTag.objects.create(name=name))
        return tags


def _fill(question: Question, values: Mapping[str, Any]) -> bool:
    changed = False
    for name, value in values.items():
        if getattr(question, name) != value:
            setattr(question, name, value)
            changed = True
    return changed


def _with_case(words: Mapping[str, str], known: Question) -> Mapping[str, str]:
    """Files have the case and the question as one text: as many paragraphs as the known case has are the case."""
    if not known.case or "case" in words:
        return words
    paragraphs = words["stem"].split("\n\n")
    count = len(known.case.split("\n\n"))
    if len(paragraphs) <= count:
        return words
    case, stem = "\n\n".join(paragraphs[:count]), "\n\n".join(paragraphs[count:])
    return {**words, "case": case, "stem": stem}
