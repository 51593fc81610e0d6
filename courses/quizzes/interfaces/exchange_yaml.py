"""Questions in the form of course packages: the `questions:` of a `quiz.yaml`, all languages beside each other.

Other keys of such a file (the quiz's own) are passed over. What a question says is what it says in a package, with its
ids; facts are taken as they stand, since no register comes with the file.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from courses.plugin_api.packages import (
    VERIFIED,
    Branch,
    Fact,
    Fields,
    Listing,
    PackageError,
    Problem,
    Problems,
    Reading,
    dump_yaml,
    key_for,
    load_yaml,
)
from courses.quizzes.domain.pictures import has_pictures
from courses.quizzes.domain.staleness import canonical_first
from courses.quizzes.interfaces.exchange.decode import decode
from courses.quizzes.interfaces.exchange.report import (
    MAX_ENTRIES,
    ExchangeError,
    Outcome,
    Remark,
    State,
    Unusable,
    left_out,
    too_many,
)
from courses.quizzes.interfaces.exchange_candidates import Candidate
from courses.quizzes.interfaces.exchange_rows import QuestionFields, Row
from courses.quizzes.interfaces.package_bank import Around, entry_of, values_of
from courses.quizzes.interfaces.package_questions import QuestionEntry, read_question, write_question
from courses.quizzes.models import LearningObjective, Question, Scenario

STREAMS = ("choices", "pairs", "sequence", "rubric")
WORDS = ("case", "stem", "feedback", "unit", "accepted", "hints", "provisions", "passage")
# They come with the id, or otherwise.
_PASSED_OVER = ("type", "package_id", "category", "pictures")
MAX_PROBLEMS = 5


class _Trusted(Mapping[str, Fact]):
    """Every fact is there: the register is the package's, and the file alone is no package."""

    def __getitem__(self, key: str) -> Fact:
        return Fact(key, min(VERIFIED), "", "")

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def read_yaml(data: bytes) -> list[Candidate]:
    """Every question of a file. Raises ExchangeError for a file that is no YAML with questions."""
    problems = Problems()
    root = load_yaml(decode(data), "", problems)
    for problem in problems:
        raise _refused(problem)
    questions = root.values.get("questions") if root else None
    if not isinstance(questions, Listing) or not questions.items:
        raise ExchangeError(Remark(_("The file has no list 'questions'.")))
    if len(questions.items) > MAX_ENTRIES:
        raise too_many()
    known = _Known()
    return [_candidate(number, node, known) for number, node in enumerate(questions.items, start=1)]


class _Known:
    """What questions may hang on here, by key."""

    def __init__(self) -> None:
        self.objectives = {objective.key: objective for objective in LearningObjective.objects.all()}
        self.scenarios = {key: canonical_first(variants)[0] for key, variants in _scenarios_by_key().items()}


def _scenarios_by_key() -> dict[UUID, list[Scenario]]:
    found: dict[UUID, list[Scenario]] = {}
    for scenario in Scenario.objects.select_related("locale"):
        found.setdefault(scenario.translation_key, []).append(scenario)
    return found


def _refused(problem: Problem) -> ExchangeError:
    return ExchangeError(
        Remark(_("The YAML can't be read: %(reason)s"), {"reason": problem.reason}, problem.line)
    )


def _candidate(number: int, node: Any, known: _Known) -> Candidate:
    bare = Candidate(number, "", node.line)
    if not isinstance(node, Branch):
        reason = Remark(_("It must hold keys and values."), {}, node.line)
        return Candidate(number, "", node.line, remarks=(reason,))
    reading = Reading(languages=_languages(node), facts=_Trusted())
    named = (
        {value} if isinstance(value := getattr(node.values.get(name), "value", None), str) else set()
        for name in ("objective", "scenario")
    )
    entry = read_question(Fields(node, "", reading), *named)
    if len(reading.problems):
        # Several at once spare the writer several imports; the words of packages are English.
        found = sorted(reading.problems)[:MAX_PROBLEMS]
        words = _("It can't be read: %(reason)s")
        return Candidate(
            number,
            entry.id,
            node.line,
            remarks=tuple(Remark(words, {"reason": one.reason}, one.line) for one in found),
        )
    around = Around(
        known.objectives.get(key_for(entry.objective)) if entry.objective else None,
        known.scenarios.get(key_for(entry.scenario)) if entry.scenario else None,
    )
    losses = tuple(_losses(entry, around, node.line))
    variants = {language: _fields(values_of(entry, language, around)) for language in reading.languages}
    stem = entry.stem.get(settings.LANGUAGE_CODE) or next(iter(entry.stem.values()))
    return replace(
        bare,
        name=stem[:80],
        identifier=entry.id,
        variants=variants,
        category=entry.category,
        tags=entry.tags,
        remarks=losses,
    )


def _losses(entry: QuestionEntry, around: Around, line: int) -> Iterator[Remark]:
    """What the file names and this site doesn't have."""
    if entry.objective and around.objective is None:
        words = _("The learning objective %(id)s is not here; the question is taken without it.")
        yield Remark(words, {"id": entry.objective}, line)
    if entry.scenario and around.scenario is None:
        words = _("The scenario %(id)s is not here; the question is taken without it.")
        yield Remark(words, {"id": entry.scenario}, line)
    shown = [choice for choice in getattr(entry.answer, "choices", ()) if choice.picture]
    if entry.pictures or shown:
        yield Remark(
            _("Its pictures lie in a course package, beside the file; they are not taken."), {}, line
        )


def _languages(node: Branch) -> tuple[str, ...]:
    """Those in which the question asks; problems are told against the site's own where there is none."""
    stem = node.values.get("stem")
    known = {code for code, _name in settings.LANGUAGES}
    spoken = set(stem.values) & known if isinstance(stem, Branch) else set()
    return tuple(sorted(spoken)) or (settings.LANGUAGE_CODE,)


def _fields(values: Mapping[str, Any]) -> QuestionFields:
    words = {name: values[name] for name in WORDS if name in values}
    streams = {
        name: tuple(Row(block["type"], _own_value(block), block["id"]) for block in values[name])
        for name in STREAMS
        if values.get(name)
    }
    key = {
        name: value
        for name, value in values.items()
        if name not in words and name not in STREAMS and name not in _PASSED_OVER
    }
    for name in ("objective", "scenario"):
        # A file that names none takes none away.
        if key.get(name) is None:
            key.pop(name, None)
    return QuestionFields(values["type"], words, key, streams)


def _own_value(block: Mapping[str, Any]) -> dict[str, Any]:
    """Without an id that is nothing but the block's own: a row that was written on the site has no other."""
    value = dict(block["value"])
    if value.get("package_id") == block["id"]:
        del value["package_id"]
    return value


# Writing


def write_yaml(questions: Sequence[tuple[Question, Mapping[str, Question]]]) -> tuple[bytes, list[Outcome]]:
    """The `questions:` of these, each in the languages in which it is published, and what became of each."""
    rows, outcomes = [], []
    for key, variants in questions:
        published = {language: variant for language, variant in variants.items() if variant.live}
        try:
            if not published:
                raise Unusable(_("It is not published in any language."))
            entry = entry_of(published, sorted(published))
        except PackageError as error:
            reason = Unusable(_("It can't be written: %(reason)s"), reason=error.problems[0].reason)
            outcomes.append(left_out(reason, str(key), 0))
        except Unusable as error:
            outcomes.append(left_out(error, str(key), 0))
        else:
            rows.append(write_question(entry))
            losses = tuple(_unwritten(published))
            outcomes.append(Outcome(State.WITH_LOSSES if losses else State.TAKEN, entry.id, 0, losses))
    languages = {code for code, _name in settings.LANGUAGES}
    return (dump_yaml({"questions": rows}, languages).encode() if rows else b""), outcomes


def _unwritten(published: Mapping[str, Question]) -> Iterator[Remark]:
    """What the file only names, or leaves to a course package."""
    if any(variant.scenario_id for variant in published.values()):
        yield Remark(_("The scenario is named; its own text is not written."))
    if any(has_pictures(variant) for variant in published.values()):
        yield Remark(_("The pictures are not written: only a course package holds them."))
