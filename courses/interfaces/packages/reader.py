"""A folder → a `CoursePackage`, or a `PackageError` with every problem by file and line."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from courses.interfaces.packages import layout, yamlio
from courses.interfaces.packages.errors import PackageError, Problem, Problems
from courses.interfaces.packages.fields import Fields, is_language, last_day
from courses.interfaces.packages.lessons import LessonReader
from courses.interfaces.packages.reading import Reading
from courses.interfaces.packages.schema import (
    CONFIDENCES,
    LEVELS,
    MAX_ARTICLE,
    MAX_DEADLINE,
    MAX_LAW_TEXT,
    MAX_OBJECTIVE,
    MAX_QUESTION,
    MAX_SUMMARY,
    MAX_TITLE,
    PASS_RULES,
    THEMES,
    Activity,
    ChecklistEntry,
    ChecklistItem,
    CoursePackage,
    Fact,
    FactSheet,
    ModuleEntry,
    PluginEntry,
)
from courses.plugin_api.packages import ActivityCodec
from courses.plugin_api.registries import activity_codecs


def registered_codecs() -> dict[str, ActivityCodec]:
    """The codecs that the installed plugins have registered, by key."""
    return {codec.key: codec for codec in activity_codecs}


def read_package(folder: Path | str, codecs: Mapping[str, ActivityCodec] | None = None) -> CoursePackage:
    """Read and check a whole package; nothing is written anywhere.

    codecs: how to read the activities of plugins, by key; those registered where it is None.
    Raises PackageError with all problems: a package is taken whole or not at all.
    """
    problems = Problems()
    root = Path(folder)
    if not root.is_dir():
        raise PackageError([Problem("", 0, f"there is no folder '{folder}'")])
    reader = _PackageReader(layout.Folder(root, problems), registered_codecs() if codecs is None else codecs)
    package = reader.read()
    problems.raise_if_any()
    assert package is not None
    return package


class _PackageReader:
    def __init__(self, folder: layout.Folder, codecs: Mapping[str, ActivityCodec]) -> None:
        self.folder = folder
        self.codecs = codecs
        self.reading = Reading(problems=folder.problems, take_file=self.take_file)
        self.files: dict[str, bytes] = {}

    def fields(self, path: str) -> Fields | None:
        """The keys of a YAML file; None where it can't be read."""
        text = self.folder.text(path)
        node = None if text is None else yamlio.load(text, path, self.reading.problems)
        return None if node is None else Fields(node, path, self.reading)

    def read(self) -> CoursePackage | None:
        fields = self.fields(layout.COURSE)
        if fields is None:
            return None
        self.reading.languages = self.read_languages(fields)
        sheet = self.read_facts()
        identifier, slug = fields.own_id(), fields.slug()
        source_language = fields.one_of("source_language", self.reading.languages)
        theme = fields.one_of("theme", THEMES)
        package = CoursePackage(
            id=identifier,
            slug=slug,
            languages=self.reading.languages,
            source_language=source_language,
            theme=theme,
            level=fields.one_of("level", LEVELS),
            # A course on the law says up to when; the others may rest on no law at all.
            law_checked_to=fields.checked_to(required=theme == "legal"),
            sequential=fields.flag("sequential", default=False),
            pass_rule=fields.one_of("pass_rule", PASS_RULES),
            title=fields.line_by_language("title", MAX_TITLE),
            summary=fields.text_by_language("summary", MAX_SUMMARY),
            audience=fields.text_by_language("audience", MAX_SUMMARY),
            objectives=tuple(fields.list_by_language("objectives", MAX_OBJECTIVE)),
            modules=self.read_modules(fields),
            facts=sheet,
            image=self.read_image(fields),
            files=self.files,
        )
        fields.close()
        self.reading.check_lessons()
        self.folder.note_unused()
        return package

    def read_languages(self, fields: Fields) -> tuple[str, ...]:
        languages = fields.words("languages")
        for code in languages:
            if code and not is_language(code):
                fields.problem("languages", f"'{code}' is not a language code")
        if len(set(languages)) != len(languages):
            fields.problem("languages", "a language is named twice")
        if fields.has("languages") and not languages:
            fields.problem("languages", "a course has at least one language")
        return tuple(sorted(set(languages)))

    def read_image(self, fields: Fields) -> str | None:
        path = fields.optional_line("image")
        if path is not None:
            self.take_file(path, layout.IMAGE_TYPES, fields.path, fields.line_of("image"))
        return path

    def take_file(self, path: str, types: frozenset[str], place: str, line: int) -> None:
        """Read an image or document that `place` names at `line`."""
        if not layout.is_file_path(path, types):
            reason = f"'{path}' must be a path such as files/name, of type {', '.join(sorted(types))}"
            self.reading.problems.add(place, line, reason)
        elif not self.folder.has(path):
            if not self.folder.refused(path):
                self.reading.problems.add(place, line, f"there is no file '{path}' in the package")
        elif path not in self.files:
            content = self.folder.content(path)
            if content is not None:
                self.files[path] = content

    # Facts

    def read_facts(self) -> FactSheet | None:
        if not self.folder.has(layout.FACTS):
            return None
        text = self.folder.text(layout.FACTS)
        fields = self.fields(layout.FACTS)
        if text is None or fields is None:
            return None
        checked_to = fields.checked_to("checked_to", required=True)
        facts: list[Fact] = []
        known: dict[str, Fact] = {}
        for row in fields.rows("facts"):
            fact = Fact(
                id=row.local_id(),
                confidence=row.one_of("confidence", CONFIDENCES),
                statement=row.one_line("statement"),
                source=row.one_line("source"),
            )
            if fact.id in known:
                row.problem("id", f"there are two facts '{fact.id}'")
            row.close()
            known.setdefault(fact.id, fact)
            facts.append(fact)
        fields.close()
        self.reading.facts = known
        if checked_to is not None and last_day(checked_to) is not None:
            self.reading.facts_checked_to = checked_to
        return FactSheet(yamlio.head_comment(text), checked_to or "", tuple(facts))

    # Modules

    def read_modules(self, fields: Fields) -> tuple[ModuleEntry, ...]:
        modules: list[ModuleEntry] = []
        slugs: set[str] = set()
        names = fields.words_with_lines("modules")
        if fields.has("modules") and not names:
            fields.problem("modules", "a course has at least one module")
        for position, (name, line) in enumerate(names, start=1):
            if not layout.is_numbered(name):
                reason = f"'{name}' is not the name of a module's folder (such as 01-framework)"
                self.reading.problems.add(fields.path, line, reason)
                continue
            module = self.read_module(f"{layout.MODULES}/{name}")
            if module is None:
                continue
            self.check_name(name, position, module.slug, fields.path, line)
            if module.slug in slugs:
                reason = f"two modules have the slug '{module.slug}'"
                self.reading.problems.add(fields.path, line, reason)
            slugs.add(module.slug)
            modules.append(module)
        return tuple(modules)

    def check_name(self, name: str, position: int, slug: str, path: str, line: int) -> None:
        expected = layout.numbered(position, slug)
        if slug and name != expected:
            reason = f"'{name}' must be called '{expected}', after its position and slug"
            self.reading.problems.add(path, line, reason)

    def read_module(self, folder: str) -> ModuleEntry | None:
        fields = self.fields(f"{folder}/{layout.MODULE}")
        if fields is None:
            self.folder.give_up(folder)
            return None
        module = ModuleEntry(
            id=fields.own_id(),
            slug=fields.slug(),
            title=fields.line_by_language("title", MAX_TITLE),
            summary=fields.text_by_language("summary", MAX_SUMMARY),
            activities=self.read_activities(fields, folder),
        )
        fields.close()
        return module

    def read_activities(self, fields: Fields, folder: str) -> tuple[Activity, ...]:
        activities: list[Activity] = []
        slugs: set[str] = set()
        counts: dict[str, int] = {}
        names = fields.words_with_lines("activities")
        if fields.has("activities") and not names:
            fields.problem("activities", "a module has at least one activity")
        for name, line in names:
            kind, slug, activity = self.read_activity(folder, name, fields.path, line)
            if activity is None:
                continue
            counts[kind] = number = counts.get(kind, 0) + 1
            if kind == layout.LESSONS:
                self.check_name(name.removeprefix(f"{layout.LESSONS}/"), number, slug, fields.path, line)
            elif name != (expected := kind if number == 1 else f"{kind}-{number}"):
                self.reading.problems.add(fields.path, line, f"'{name}' must be called '{expected}' here")
            if slug in slugs:
                self.reading.problems.add(
                    fields.path, line, f"two activities of this module have the slug '{slug}'"
                )
            slugs.add(slug)
            activities.append(activity)
        return tuple(activities)

    def read_activity(self, folder: str, name: str, path: str, line: int) -> tuple[str, str, Activity | None]:
        """Kind, slug and entry of one line of `activities`; entry None where it can't be read."""
        lesson_name = name.removeprefix(f"{layout.LESSONS}/")
        if lesson_name != name and layout.is_numbered(lesson_name):
            reader = LessonReader(self.folder, self.reading, self.take_file)
            lesson = reader.read(f"{folder}/{layout.LESSONS}", lesson_name)
            return layout.LESSONS, lesson.slug if lesson else "", lesson
        kind = layout.activity_kind(name)
        if kind is None or kind == layout.LESSONS:
            reason = f"'{name}' is not an activity (such as lessons/01-scope, quiz or checklist)"
            self.reading.problems.add(path, line, reason)
            return "", "", None
        read: Callable[[Fields], Any]
        if kind == layout.CHECKLIST:
            read = read_checklist
        elif kind in self.codecs:
            read = self.codecs[kind].read
        else:
            self.reading.problems.add(path, line, f"no installed plugin reads the activity '{name}'")
            self.folder.used.add(f"{folder}/{name}.yaml")
            return "", "", None
        fields = self.fields(f"{folder}/{name}.yaml")
        if fields is None:
            return "", "", None
        entry = read(fields)
        activity = entry if isinstance(entry, ChecklistEntry) else PluginEntry(kind, entry)
        return kind, entry.slug, activity


def read_checklist(fields: Fields) -> ChecklistEntry:
    """Read `checklist.yaml`; problems are noted through `fields`."""
    entry = ChecklistEntry(
        id=fields.own_id(),
        slug=fields.slug(),
        title=fields.line_by_language("title", MAX_TITLE),
        intro=fields.text_by_language("intro", MAX_SUMMARY),
        items=tuple(_checklist_item(row) for row in fields.rows("items")),
    )
    fields.close()
    return entry


def _checklist_item(fields: Fields) -> ChecklistItem:
    item = ChecklistItem(
        id=fields.own_id(),
        facts=fields.facts(),
        question=fields.text_by_language("question", MAX_QUESTION),
        if_no=fields.text_by_language("if_no"),
        if_unknown=fields.text_by_language("if_unknown"),
        text=fields.line_by_language("text", MAX_LAW_TEXT),
        article=fields.line_by_language("article", MAX_ARTICLE),
        deadline=fields.optional_text_by_language("deadline", MAX_DEADLINE),
    )
    fields.close()
    return item
