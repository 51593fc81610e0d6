"""The ordered activities of a course: what there is to do, what is required, whether it can be done now.

The outline has two languages. *What* belongs to the course comes from its canonical tree (the tree of the
site's default language where the course exists there), so that a missing translation never shortens a course
and a learner who switches language keeps the same percentage. *Titles and addresses* come from the language
asked for, with the canonical ones where there is no translation.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from wagtail.models import Page

from courses.models import CoursePage, ModulePage
from courses.plugin_api.registries import ActivityKind, activity_kinds

OUTLINE_CACHE_SECONDS = 300


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
    urls: Mapping[str, str]
    # When it was first published; None where the site doesn't know.
    published_at: datetime | None = None


@dataclass(frozen=True)
class OutlineLink:
    """A page of a module that is no activity (a checklist)."""

    key: UUID
    page_id: int
    title: str
    url: str
    urls: Mapping[str, str]


@dataclass(frozen=True)
class OutlineModule:
    key: UUID
    page_id: int
    title: str
    url: str
    activities: tuple[OutlineActivity, ...]
    links: tuple[OutlineLink, ...]
    urls: Mapping[str, str]

    @property
    def items(self) -> tuple[OutlineActivity | OutlineLink, ...]:
        """Activities, then links."""
        return (*self.activities, *self.links)

    @property
    def minutes(self) -> int:
        return sum(activity.minutes for activity in self.activities)

    @property
    def required_keys(self) -> tuple[UUID, ...]:
        return tuple(activity.key for activity in self.activities if activity.required)


@dataclass(frozen=True)
class CourseOutline:
    """A course with its modules in order. `language` is the one of its titles (a code such as `ar`).

    `urls` of the course and of each part: its address by language, for the languages that have it.
    """

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
    urls: Mapping[str, str]

    def activities(self) -> Iterator[OutlineActivity]:
        for module in self.modules:
            yield from module.activities

    def activity(self, key: UUID) -> OutlineActivity | None:
        return next((activity for activity in self.activities() if activity.key == key), None)

    def module_of(self, key: UUID) -> OutlineModule | None:
        """The module that holds this activity or link."""
        for module in self.modules:
            if any(item.key == key for item in module.items):
                return module
        return None

    def urls_of(self, key: UUID) -> Mapping[str, str] | None:
        """The addresses, by language, of the course or of one of its parts; None for a foreign key."""
        if key == self.key:
            return self.urls
        for module in self.modules:
            if key == module.key:
                return module.urls
            for item in module.items:
                if item.key == key:
                    return item.urls
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
    trees = Q()
    for course in courses:
        trees |= Q(path__startswith=course.path)
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
            "first_published_at",
        )
    )
    own = [page for page in pages if page.path.startswith(canonical.path)]
    translated = {page.translation_key: page for page in pages if page.path.startswith(shown.path)}
    rules = _rules_of(own)
    languages = {page.locale_id: page.locale.language_code for page in courses}
    bases = {page.locale_id: (page.url_path, page.url) for page in courses}

    def url_of(page: Page) -> str:
        course_path, course_url = bases[page.locale_id]
        return f"{course_url}{page.url_path[len(course_path) :]}"

    urls: dict[UUID, dict[str, str]] = defaultdict(dict)
    for page in pages:
        if page.locale_id in languages:
            urls[page.translation_key][languages[page.locale_id]] = url_of(page)

    def shown_as(page: Page) -> tuple[str, str, str]:
        best = translated.get(page.translation_key, page)
        return best.title, url_of(best), languages[best.locale_id]

    modules: list[OutlineModule] = []
    module_type = ContentType.objects.get_for_model(ModulePage).pk
    for page in own:
        title, url, page_language = shown_as(page)
        if page.content_type_id == module_type:
            modules.append(
                OutlineModule(page.translation_key, page.pk, title, url, (), (), urls[page.translation_key])
            )
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
                    urls=urls[page.translation_key],
                    published_at=page.first_published_at,
                )
                modules[-1] = replace(modules[-1], activities=(*modules[-1].activities, activity))
            else:
                link = OutlineLink(page.translation_key, page.pk, title, url, urls[page.translation_key])
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
        urls={page.locale.language_code: page.url for page in courses},
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
        outlines[key, language] = shown_outline(key, language)
    return outlines[key, language]


def shown_outline(course_key: UUID, language: str) -> CourseOutline:
    """`outline_of` for screens, kept in the cache for a few minutes and dropped when a page of it changes.

    Never the base of a record: recording reads `outline_of` afresh. Raises CourseNotFound.
    """
    name = _cache_name(course_key, language)
    outline: CourseOutline | None = cache.get(name)
    if outline is None:
        outline = outline_of(course_key, language)
        cache.set(name, outline, OUTLINE_CACHE_SECONDS)
    return outline


def forget_outline(course_key: UUID) -> None:
    """Drop what is kept of a course, in every language: at once, and again after commit (in between another
    request may have kept the state before the change).
    """
    names = [_cache_name(course_key, code) for code, _name in settings.LANGUAGES]
    cache.delete_many(names)
    transaction.on_commit(lambda: cache.delete_many(names))


def _cache_name(course_key: UUID, language: str) -> str:
    # A plugin that was switched off or on since makes another name.
    kinds = "-".join(sorted(kind.key for kind in activity_kinds))
    return f"outline:{course_key}:{language}:{kinds}"


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


def course_key_of_code(code: str) -> UUID:
    """The translation key of the published course with this code (`JUR`, in any case); CourseNotFound if none."""
    key = (
        CoursePage.objects.filter(package_id__iexact=code, live=True)
        .values_list("translation_key", flat=True)
        .first()
    )
    if key is None:
        raise CourseNotFound(code)
    return key


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
