"""The ordered activities of a course: what there is to do, what is required, whether it can be done now.

The outline has two languages. *What* belongs to the course comes from its canonical tree (the tree of the
site's default language where the course exists there), so that a missing translation never shortens a course
and a learner who switches language keeps the same percentage. *Titles and addresses* come from the language
asked for, with the canonical ones where there is no translation.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.http import HttpRequest
from wagtail.models import Locale, Page

from courses.models import CoursePage, ModulePage
from courses.plugin_api.registries import ActivityKind, activity_kinds


class CourseNotFound(LookupError):
    """No published course has this key."""


@dataclass(frozen=True)
class OutlineActivity:
    """One activity. `kind` is empty and `available` false where its plugin is off: it stays required."""

    key: UUID
    page_id: int
    title: str
    url: str
    language: str
    kind: str
    required: bool
    assessed: bool
    available: bool
    minutes: int


@dataclass(frozen=True)
class OutlineLink:
    """A page of a module that is no activity (a checklist)."""

    key: UUID
    page_id: int
    title: str
    url: str


@dataclass(frozen=True)
class OutlineModule:
    key: UUID
    page_id: int
    title: str
    url: str
    activities: tuple[OutlineActivity, ...]
    links: tuple[OutlineLink, ...]

    @property
    def minutes(self) -> int:
        return sum(activity.minutes for activity in self.activities)

    @property
    def required_keys(self) -> tuple[UUID, ...]:
        return tuple(activity.key for activity in self.activities if activity.required)


@dataclass(frozen=True)
class CourseOutline:
    """A course with its modules in order. `language` is the one of its titles (a code such as `ar`)."""

    key: UUID
    page_id: int
    code: str
    title: str
    url: str
    language: str
    sequential: bool
    pass_rule: str
    law_checked_to: date | None
    modules: tuple[OutlineModule, ...]

    def activities(self) -> Iterator[OutlineActivity]:
        for module in self.modules:
            yield from module.activities

    def activity(self, key: UUID) -> OutlineActivity | None:
        return next((activity for activity in self.activities() if activity.key == key), None)

    def module_of(self, key: UUID) -> OutlineModule | None:
        """The module that holds this activity or link."""
        for module in self.modules:
            if any(item.key == key for item in (*module.activities, *module.links)):
                return module
        return None

    @property
    def minutes(self) -> int:
        return sum(module.minutes for module in self.modules)


def outline_of(course_key: UUID, language: str) -> CourseOutline:
    """The outline of a published course, titles in `language` where there is a translation.

    Reads the database afresh: 3 queries and one for each kind of activity. Raises CourseNotFound.
    """
    courses = list(
        CoursePage.objects.filter(translation_key=course_key, live=True)
        .select_related("locale")
        .order_by("pk")
    )
    if not courses:
        raise CourseNotFound(str(course_key))
    canonical = next(
        (page for page in courses if page.locale.language_code == settings.LANGUAGE_CODE), courses[0]
    )
    shown = next((page for page in courses if page.locale.language_code == language), canonical)
    trees = Q(path__startswith=canonical.path) | Q(path__startswith=shown.path)
    pages = list(
        Page.objects.filter(trees, live=True, depth__gt=canonical.depth)
        .order_by("path")
        .only(
            "path",
            "depth",
            "title",
            "url_path",
            "translation_key",
            "content_type_id",
            "locale_id",
            "alias_of_id",
        )
    )
    own = [page for page in pages if page.path.startswith(canonical.path)]
    translated = {page.translation_key: page for page in pages if page.path.startswith(shown.path)}
    rules = _rules_of(own)
    languages = {page.locale_id: page.locale.language_code for page in courses}
    urls = {page.locale_id: (page.url_path, page.url) for page in (canonical, shown)}

    def shown_as(page: Page) -> tuple[str, str, str]:
        best = translated.get(page.translation_key, page)
        course_path, course_url = urls[best.locale_id]
        return best.title, f"{course_url}{best.url_path[len(course_path) :]}", languages[best.locale_id]

    modules: list[OutlineModule] = []
    module_type = ContentType.objects.get_for_model(ModulePage).pk
    for page in own:
        title, url, page_language = shown_as(page)
        if page.content_type_id == module_type:
            modules.append(OutlineModule(page.translation_key, page.pk, title, url, (), ()))
        elif modules:
            kind = _kind_of(page)
            if kind is not None or not _is_installed(page):
                required, minutes = rules.get(page.pk, (True, 0))
                activity = OutlineActivity(
                    key=page.translation_key,
                    page_id=page.pk,
                    title=title,
                    url=url,
                    language=page_language,
                    kind=kind.key if kind else "",
                    required=required,
                    assessed=kind.assessed if kind else True,
                    available=kind is not None,
                    minutes=minutes,
                )
                modules[-1] = replace(modules[-1], activities=(*modules[-1].activities, activity))
            else:
                link = OutlineLink(page.translation_key, page.pk, title, url)
                modules[-1] = replace(modules[-1], links=(*modules[-1].links, link))
    return CourseOutline(
        key=course_key,
        page_id=canonical.pk,
        code=canonical.package_id,
        title=shown.title,
        url=shown.url,
        language=shown.locale.language_code,
        sequential=canonical.sequential,
        pass_rule=canonical.pass_rule,
        law_checked_to=canonical.law_checked_to,
        modules=tuple(modules),
    )


def outline_for(request: HttpRequest, page: Page) -> CourseOutline:
    """The outline around a page of a course, in the page's language; computed once a request.

    Raises CourseNotFound where no published course lies above the page (a preview of a new course).
    """
    outlines: dict[tuple[UUID, str], CourseOutline] = request.__dict__.setdefault("_course_outlines", {})
    language = page.locale.language_code
    for outline in outlines.values():
        if outline.language == language and page.translation_key in _keys(outline):
            return outline
    key = course_key_of(page)
    if (key, language) not in outlines:
        outlines[key, language] = outline_of(key, language)
    return outlines[key, language]


def course_key_of(page: Page) -> UUID:
    """The translation key of the course that a page belongs to (or is); CourseNotFound above no course."""
    routed: Sequence[Page] = getattr(page, "_routed_through", ())
    course_type = ContentType.objects.get_for_model(CoursePage).pk
    for ancestor in (*routed, page):
        if ancestor.content_type_id == course_type:
            return ancestor.translation_key
    paths = [page.path[:end] for end in range(Page.steplen, len(page.path), Page.steplen)]
    key = CoursePage.objects.filter(path__in=paths).values_list("translation_key", flat=True).first()
    if key is None:
        raise CourseNotFound(page.path)
    return key


def find_activity(activity_key: UUID) -> tuple[UUID, OutlineActivity]:
    """The course key and the outline entry of a published activity; CourseNotFound if there is none."""
    for page in Page.objects.filter(translation_key=activity_key, live=True).order_by("pk"):
        course_key = course_key_of(page)
        activity = outline_of(course_key, Locale.objects.get(pk=page.locale_id).language_code).activity(
            activity_key
        )
        if activity is not None:
            return course_key, activity
    raise CourseNotFound(str(activity_key))


def _keys(outline: CourseOutline) -> set[UUID]:
    keys = {outline.key}
    for module in outline.modules:
        keys.add(module.key)
        keys.update(activity.key for activity in module.activities)
        keys.update(link.key for link in module.links)
    return keys


def _is_installed(page: Page) -> bool:
    return ContentType.objects.get_for_id(page.content_type_id).model_class() is not None


def _kind_of(page: Page) -> ActivityKind | None:
    """The registered kind of a page; None for pages that are no activity and for those of absent plugins."""
    content_type = ContentType.objects.get_for_id(page.content_type_id)
    name = f"{content_type.app_label}.{content_type.model}"
    return next((kind for kind in activity_kinds if kind.model.lower() == name), None)


def _rules_of(pages: Sequence[Page]) -> dict[int, tuple[bool, int]]:
    """By page id: required, and minutes; one query for each kind of activity."""
    present = {kind.model for page in pages if (kind := _kind_of(page))}
    ids = [page.pk for page in pages]
    rules: dict[int, tuple[bool, int]] = {}
    for model in sorted(present):
        found = apps.get_model(model)._default_manager.filter(pk__in=ids)
        rules.update(
            {
                pk: (required, minutes)
                for pk, required, minutes in found.values_list("pk", "required", "estimated_minutes")
            }
        )
    return rules
