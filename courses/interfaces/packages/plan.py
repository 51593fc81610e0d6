"""Where the parts of a course package go in the page tree: the package as rows of pages to be made or changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from courses.interfaces.packages import layout
from courses.interfaces.packages.keys import key_for
from courses.interfaces.packages.pages import day_of
from courses.interfaces.packages.schema import (
    Activity,
    ChecklistEntry,
    CoursePackage,
    LessonEntry,
    LocalText,
    ModuleEntry,
    PluginEntry,
)
from courses.interfaces.packages.streams import body_to_stream, items_to_stream, objectives_to_stream
from courses.interfaces.packages.writer import module_names
from courses.models import ChecklistPage, CoursePage, LessonPage, ModulePage
from courses.plugin_api.packages import StoredActivityCodec


@dataclass(frozen=True)
class Part:
    """A page in all languages. `path`: the file of the package it comes from. `parent`: key of the page above."""

    id: str
    slug: str
    title: LocalText
    path: str
    parent: UUID | None
    model: type[Any]
    content: CoursePackage | ModuleEntry | Activity

    @property
    def key(self) -> UUID:
        return key_for(self.id)


def parts_of(package: CoursePackage, codecs: Mapping[str, StoredActivityCodec]) -> Iterator[Part]:
    """The course, then each module followed by its activities, in order. Every plugin's kind must be in `codecs`."""
    course_key = key_for(package.id)
    yield Part(package.id, package.slug, package.title, layout.COURSE, None, CoursePage, package)
    for name, module in zip(module_names(package), package.modules, strict=True):
        folder = f"{layout.MODULES}/{name}"
        path = f"{folder}/{layout.MODULE}"
        yield Part(module.id, module.slug, module.title, path, course_key, ModulePage, module)
        names = layout.activity_names(module.activities)
        for activity_name, activity in zip(names, module.activities, strict=True):
            model: type[Any]
            path = f"{folder}/{activity_name}.yaml"
            entry: Any = activity
            match activity:
                case LessonEntry():
                    model = LessonPage
                    path = f"{folder}/{activity_name}.{package.source_language}.md"
                case ChecklistEntry():
                    model = ChecklistPage
                case PluginEntry(kind, content):
                    model, entry = codecs[kind].page_type(), content
            yield Part(entry.id, entry.slug, entry.title, path, key_for(module.id), model, activity)


def values_of(part: Part, language: str, package: CoursePackage, file_id: Any) -> dict[str, Any]:
    """The fields of a part's page in one language that the core knows: raw data for StreamFields.

    `file_id`: from a path of the package to the primary key of its image or document.
    """
    values: dict[str, Any] = {
        "title": part.title[language],
        "slug": part.slug,
        "package_id": part.id,
    }
    match part.content:
        case CoursePackage() as course:
            return values | {
                "theme": course.theme,
                "level": course.level,
                "summary": course.summary[language],
                "audience": course.audience[language],
                "objectives": objectives_to_stream(course.id, course.objectives, language),
                "image_id": file_id(course.image) if course.image else None,
                "sequential": course.sequential,
                "pass_rule": course.pass_rule,
                "law_checked_to": day_of(course.law_checked_to),
            }
        case ModuleEntry() as module:
            return values | {"summary": module.summary[language]}
        case LessonEntry() as lesson:
            return values | {
                "body": body_to_stream(lesson.body[language], file_id),
                "estimated_minutes": lesson.minutes,
                "required": lesson.required,
                "facts": list(lesson.facts),
                "secondary_sources": lesson.secondary,
                "law_checked_to": day_of(lesson.law_checked_to),
            }
        case ChecklistEntry() as checklist:
            return values | {
                "intro": checklist.intro[language],
                "items": items_to_stream(checklist.items, language),
                # A checklist says nothing of its own: it rests on what the course was checked to.
                "law_checked_to": day_of(package.law_checked_to),
            }
    return values
