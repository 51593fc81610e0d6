"""Published pages of a course → a `CoursePackage`."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.conf import settings
from wagtail.models import Page

from courses.domain.outline import CourseNotFound
from courses.interfaces.packages import layout
from courses.interfaces.packages.errors import PackageError, Problem, Problems
from courses.interfaces.packages.keys import key_for
from courses.interfaces.packages.media import MediaNames
from courses.interfaces.packages.pages import checked_to_of, identifier_of
from courses.interfaces.packages.rich import RichError
from courses.interfaces.packages.schema import (
    Activity,
    Block,
    ChecklistEntry,
    CoursePackage,
    Fact,
    FactSheet,
    LessonEntry,
    ModuleEntry,
    PluginEntry,
)
from courses.interfaces.packages.streams import body_from_stream, items_from_stream
from courses.models import ChecklistPage, CoursePage, LessonPage, ModulePage, PackageRecord
from courses.plugin_api.registries import activity_codecs

Pages = dict[str, Any]


def export_course(code: str) -> CoursePackage:
    """The package of a published course, by its id (`JUR`, or its key where it came from no package).

    Languages are those in which the course is published; modules, activities and their order are those of the
    source language. Raises courses.domain.outline.CourseNotFound; PackageError where a page is missing in a
    language or holds something that the format doesn't have.
    """
    found = list(CoursePage.objects.filter(translation_key=key_for(code), live=True).select_related("locale"))
    if not found:
        raise CourseNotFound(code)
    return _Export({page.locale.language_code: page for page in found}).run()


class _Export:
    def __init__(self, courses: Pages) -> None:
        self.courses = courses
        self.languages = tuple(sorted(courses))
        key = next(iter(courses.values())).translation_key
        self.record = PackageRecord.objects.filter(course_key=key).first()
        wanted = (self.record.source_language if self.record else "", settings.LANGUAGE_CODE)
        self.main = next((code for code in wanted if code in courses), self.languages[0])
        self.codecs = {codec.page_type(): codec for codec in activity_codecs}
        self.names = MediaNames()
        self.problems = Problems()

    def run(self) -> CoursePackage:
        course = self.courses[self.main]
        image = None
        if course.image_id is not None:
            try:
                image = self.names.path_of("image", course.image_id)
            except LookupError as error:
                self.problems.add(layout.COURSE, 0, str(error))
        package = CoursePackage(
            id=identifier_of(course),
            slug=course.slug,
            languages=self.languages,
            source_language=self.main,
            theme=course.theme,
            level=course.level,
            law_checked_to=checked_to_of(course.law_checked_to),
            sequential=course.sequential,
            pass_rule=course.pass_rule,
            title=_texts(self.courses, "title"),
            summary=_texts(self.courses, "summary"),
            audience=_texts(self.courses, "audience"),
            objectives=self.objectives(),
            modules=self.modules(),
            facts=self.facts(),
            image=image,
            files=self.names.files,
        )
        self.problems.raise_if_any()
        return package

    def objectives(self) -> tuple[dict[str, str], ...]:
        lists = {
            language: [block.value for block in page.objectives] for language, page in self.courses.items()
        }
        lengths = {len(texts) for texts in lists.values()}
        if len(lengths) > 1:
            self.problems.add(layout.COURSE, 0, "the languages have different numbers of objectives")
            return ()
        return tuple(
            {language: texts[position] for language, texts in lists.items()}
            for position in range(lengths.pop())
        )

    def facts(self) -> FactSheet | None:
        sheet = self.record.facts if self.record else None
        if sheet is None:
            return None
        facts = tuple(
            Fact(fact["id"], fact["confidence"], fact["statement"], fact["source"]) for fact in sheet["facts"]
        )
        return FactSheet(sheet["note"], sheet["checked_to"], facts)

    # The tree

    def children(self, parents: Pages, path: str) -> list[Pages]:
        """The published pages below a page, each in every language, in the order of the source language."""
        below: dict[str, dict[Any, Page]] = {
            language: {
                page.translation_key: page
                for page in Page.objects.child_of(parent).live().order_by("path").specific()
            }
            for language, parent in parents.items()
        }
        rows: list[Pages] = []
        for key, page in below[self.main].items():
            missing = [language for language in self.languages if key not in below[language]]
            for language in missing:
                self.problems.add(path, 0, f"the page '{page.title}' is not published in '{language}'")
            if not missing:
                rows.append({language: below[language][key] for language in self.languages})
        for language, pages in below.items():
            for key, page in pages.items():
                if key not in below[self.main]:
                    reason = f"the page '{page.title}' of '{language}' is not published in '{self.main}'"
                    self.problems.add(path, 0, reason)
        return rows

    def modules(self) -> tuple[ModuleEntry, ...]:
        modules: list[ModuleEntry] = []
        for row in self.children(self.courses, layout.COURSE):
            page = row[self.main]
            folder = f"{layout.MODULES}/{layout.numbered(len(modules) + 1, page.slug)}"
            if not isinstance(page, ModulePage):
                self.problems.add(layout.COURSE, 0, f"the page '{page.title}' is no module")
                continue
            modules.append(
                ModuleEntry(
                    id=identifier_of(page),
                    slug=page.slug,
                    title=_texts(row, "title"),
                    summary=_texts(row, "summary"),
                    activities=self.activities(row, f"{folder}/{layout.MODULE}"),
                )
            )
        return tuple(modules)

    def activities(self, module: Pages, path: str) -> tuple[Activity, ...]:
        activities: list[Activity] = []
        for row in self.children(module, path):
            page = row[self.main]
            try:
                activities.append(self.activity(row))
            except (RichError, LookupError) as error:
                self.problems.add(path, 0, f"the page '{page.title}': {error}")
            except PackageError as error:
                for problem in error.problems:
                    self.problems.add(path, 0, f"the page '{page.title}': {problem.reason}")
        return tuple(activities)

    def activity(self, row: Pages) -> Activity:
        page = row[self.main]
        if isinstance(page, LessonPage):
            return self.lesson(row)
        if isinstance(page, ChecklistPage):
            return self.checklist(row)
        codec = self.codecs.get(type(page))
        if codec is None:
            raise LookupError("no installed plugin writes an activity of this type")
        entry = codec.load(row, identifier_of(page), image_path=partial(self.names.path_of, "image"))
        return PluginEntry(codec.key, entry)

    def lesson(self, row: Pages) -> LessonEntry:
        page = row[self.main]
        return LessonEntry(
            id=identifier_of(page),
            slug=page.slug,
            title=_texts(row, "title"),
            minutes=page.estimated_minutes,
            law_checked_to=checked_to_of(page.law_checked_to),
            required=page.required,
            facts=tuple(page.facts),
            secondary=page.secondary_sources,
            body={language: self.body(other, language) for language, other in row.items()},
        )

    def body(self, page: LessonPage, language: str) -> tuple[Block, ...]:
        try:
            return tuple(body_from_stream(page.body.get_prep_value(), self.names.path_of))
        except RichError as error:
            raise RichError(f"in '{language}', {error}") from None

    def checklist(self, row: Pages) -> ChecklistEntry:
        page = row[self.main]
        streams: dict[str, Sequence[Any]] = {
            language: other.items.get_prep_value() for language, other in row.items()
        }
        return ChecklistEntry(
            id=identifier_of(page),
            slug=page.slug,
            title=_texts(row, "title"),
            intro=_texts(row, "intro"),
            items=tuple(items_from_stream(streams, self.main)),
        )


def _texts(pages: Pages, name: str) -> dict[str, str]:
    return {language: getattr(pages[language], name) for language in sorted(pages)}


__all__ = ["CourseNotFound", "PackageError", "Problem", "export_course"]
