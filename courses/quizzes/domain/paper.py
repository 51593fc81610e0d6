"""The frozen paper of an attempt: what was asked, in all languages there were, as plain JSON.

Two documents, so that nothing that shows a paper can show its key:

paper: `{"format": 2, "pass_mark": 70, "titles": {lang: title}, "policy": {…}, "questions": [question, …],
"objectives": {key: {"statement": {lang: words}, "lesson": key or null, "critical": bool}},
"scenarios": {key: {"language", "texts": {lang: {"title", "text"}}}}, "sections": [{"at": position, "words": {lang}}]}`,
where a question is `{"key", "type", "points", "version", "revision", "language", "facts", "objective", "scenario",
"body", "texts": {lang: {"stem", "case", …}}}`; `body` and the rest of the texts belong to the question's type,
`language` is the canonical one;
pictures stand in the texts, too (`domain.pictures`). A paper of format 1 has no policy, objectives, scenarios and
sections.

answer key: `{question key: {"answer": {…}, "remarks": {lang: {"explanation", "hints", "provisions", …}}}}`.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from courses.quizzes.domain.policy import Policy

FORMAT = 2


def content_hash(value: Any) -> str:
    """SHA-256 of a JSON value in its canonical form."""
    return hashlib.sha256(_canonical(value)).hexdigest()


def answers_hash(answers: Mapping[UUID, Any], salt: str) -> str:
    """HMAC-SHA-256 of graded answers, keyed with the attempt's salt (hexadecimal): without the salt nobody can try out
    which answers give the hash. Attempts from before there were salts have none, and the bare SHA-256.
    """
    value = {str(key): answer for key, answer in answers.items()}
    if not salt:
        return content_hash(value)
    return hmac.new(bytes.fromhex(salt), _canonical(value), hashlib.sha256).hexdigest()


def _canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(frozen=True)
class FrozenQuestion:
    """One question of a paper. `answer` and `remarks` are None where the paper was read without its key."""

    key: UUID
    type: str
    points: int
    version: str
    language: str
    facts: tuple[str, ...]
    body: Mapping[str, Any]
    texts: Mapping[str, Mapping[str, Any]]
    answer: Mapping[str, Any] | None = None
    remarks: Mapping[str, Mapping[str, Any]] | None = None
    revision: int | None = None
    objective: str | None = None
    scenario: str | None = None

    def language_for(self, language: str) -> str:
        """The language asked for where the question has it, else the one it was written in."""
        return language if language in self.texts else self.language

    def texts_in(self, language: str) -> Mapping[str, Any]:
        return self.texts[self.language_for(language)]

    def remarks_in(self, language: str) -> Mapping[str, Any]:
        return (self.remarks or {}).get(self.language_for(language), {})


@dataclass(frozen=True)
class FrozenObjective:
    """What questions of a paper test. `lesson`: the translation key of the lesson that teaches it."""

    key: str
    statement: Mapping[str, str]
    lesson: UUID | None
    critical: bool


@dataclass(frozen=True)
class Paper:
    """A frozen paper. Positions of questions count from 1; `sections`: titles by the position that they begin at."""

    pass_mark: int
    titles: Mapping[str, str]
    questions: tuple[FrozenQuestion, ...]
    policy: Policy = field(default_factory=Policy)
    objectives: Mapping[str, FrozenObjective] = field(default_factory=dict)
    scenarios: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    sections: Mapping[int, Mapping[str, str]] = field(default_factory=dict)

    @classmethod
    def load(cls, paper: Mapping[str, Any], answer_key: Mapping[str, Any] | None = None) -> "Paper":
        """Read the frozen documents; without `answer_key` nothing in the result tells a right answer."""

        def question(row: Mapping[str, Any]) -> FrozenQuestion:
            secret = answer_key.get(row["key"]) if answer_key is not None else None
            return FrozenQuestion(
                key=UUID(row["key"]),
                type=row["type"],
                points=row["points"],
                version=row["version"],
                language=row["language"],
                facts=tuple(row["facts"]),
                body=row["body"],
                texts=row["texts"],
                answer=secret["answer"] if secret else None,
                remarks=secret["remarks"] if secret else None,
                revision=row.get("revision"),
                objective=row.get("objective"),
                scenario=row.get("scenario"),
            )

        objectives = {
            key: FrozenObjective(
                key, row["statement"], UUID(row["lesson"]) if row["lesson"] else None, row["critical"]
            )
            for key, row in paper.get("objectives", {}).items()
        }
        return cls(
            paper["pass_mark"],
            paper["titles"],
            tuple(question(row) for row in paper["questions"]),
            Policy.load(paper.get("policy")),
            objectives,
            paper.get("scenarios", {}),
            {row["at"]: row["words"] for row in paper.get("sections", [])},
        )

    def title_in(self, language: str) -> str:
        return self.titles.get(language) or next(iter(self.titles.values()), "")

    def question(self, key: UUID) -> FrozenQuestion | None:
        return next((question for question in self.questions if question.key == key), None)

    def at(self, position: int) -> FrozenQuestion | None:
        return self.questions[position - 1] if 1 <= position <= len(self.questions) else None

    @property
    def max_points(self) -> int:
        return sum(question.points for question in self.questions)
