"""The frozen paper of an attempt: what was asked, in all languages there were, as plain JSON.

Two documents, so that nothing that shows a paper can show its key:

paper: `{"format": 1, "pass_mark": 70, "titles": {lang: title}, "questions": [question, …]}`, where a question is
`{"key", "type", "points", "version", "language", "facts", "body", "texts": {lang: {"stem", "case", …}}}`;
`body` and the rest of the texts belong to the question's type, `language` is the canonical one.

answer key: `{question key: {"answer": {…}, "remarks": {lang: {"explanation", …}}}}`.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

FORMAT = 1


def content_hash(value: Any) -> str:
    """SHA-256 of a JSON value in its canonical form."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


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

    def language_for(self, language: str) -> str:
        """The language asked for where the question has it, else the one it was written in."""
        return language if language in self.texts else self.language

    def texts_in(self, language: str) -> Mapping[str, Any]:
        return self.texts[self.language_for(language)]

    def remarks_in(self, language: str) -> Mapping[str, Any]:
        return (self.remarks or {}).get(self.language_for(language), {})


@dataclass(frozen=True)
class Paper:
    """A frozen paper. Positions of questions count from 1."""

    pass_mark: int
    titles: Mapping[str, str]
    questions: tuple[FrozenQuestion, ...]

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
            )

        return cls(paper["pass_mark"], paper["titles"], tuple(question(row) for row in paper["questions"]))

    def title_in(self, language: str) -> str:
        return self.titles.get(language) or next(iter(self.titles.values()), "")

    def question(self, key: UUID) -> FrozenQuestion | None:
        return next((question for question in self.questions if question.key == key), None)

    def at(self, position: int) -> FrozenQuestion | None:
        return self.questions[position - 1] if 1 <= position <= len(self.questions) else None

    @property
    def max_points(self) -> int:
        return sum(question.points for question in self.questions)
