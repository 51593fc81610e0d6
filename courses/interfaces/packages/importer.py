"""A `CoursePackage` → pages: made, changed, moved, published, in one transaction."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Locale, Page

from courses.domain.outline import forget_outline
from courses.interfaces.packages import layout
from courses.interfaces.packages.errors import PackageError, Problem, Problems
from courses.interfaces.packages.keys import key_for
from courses.interfaces.packages.media import MediaStore, check_files
from courses.interfaces.packages.pages import assign, came_from_package, identifier_of
from courses.interfaces.packages.plan import Part, parts_of, values_of
from courses.interfaces.packages.schema import CoursePackage, PluginEntry
from courses.models import CourseIndexPage, PackageRecord
from courses.plugin_api.packages import StoredActivityCodec
from courses.plugin_api.registries import activity_codecs


@dataclass
class ImportReport:
    """What an import did to pages, as (id, language) each. `drafts`: those whose unpublished changes were passed
    over; they are still in the history of the page.
    """

    course_key: UUID
    created: list[tuple[str, str]] = field(default_factory=list)
    updated: list[tuple[str, str]] = field(default_factory=list)
    unchanged: list[tuple[str, str]] = field(default_factory=list)
    moved: list[tuple[str, str]] = field(default_factory=list)
    unpublished: list[tuple[str, str]] = field(default_factory=list)
    drafts: list[tuple[str, str]] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        return bool(self.created or self.updated or self.moved or self.unpublished)


def import_package(
    package: CoursePackage, *, at: datetime, user: Any = None, dry_run: bool = False
) -> ImportReport:
    """Bring the pages of a course in line with a package, in each of its languages.

    Pages are found by their keys; what differs is changed and published with a new revision, what doesn't is
    left alone; order and place follow the package. A page that a package brought and this one doesn't hold is
    unpublished, never deleted; pages made on the site stay, behind the package's own. Learning records aren't
    touched. Atomic and idempotent; `dry_run` does everything and takes it back. `at` is noted as the time of the
    import, `user` as its author.

    Raises PackageError, with nothing written, where a language of the package or its catalogue page is missing on
    this site, an id or address belongs to something else, a picture is none, or no plugin takes an activity.
    """
    codecs = {codec.key: codec for codec in activity_codecs}
    problems = Problems()
    check_files(package.files, problems)
    _check_kinds(package, codecs, problems)
    problems.raise_if_any()
    media = MediaStore(user)
    with ExitStack() as stack:
        # Runs after the transaction has ended, unless all went well.
        stack.callback(media.discard)
        with transaction.atomic():
            work = _Import(package, codecs, media, user)
            work.run(at)
            if dry_run:
                transaction.set_rollback(True)
        if not dry_run:
            stack.pop_all()
    return work.report


def _check_kinds(
    package: CoursePackage, codecs: Mapping[str, StoredActivityCodec], problems: Problems
) -> None:
    for module in package.modules:
        for activity in module.activities:
            if isinstance(activity, PluginEntry) and activity.kind not in codecs:
                problems.add("", 0, f"no installed plugin takes the activity '{activity.kind}'")


class _Import:
    def __init__(
        self,
        package: CoursePackage,
        codecs: Mapping[str, StoredActivityCodec],
        media: MediaStore,
        user: Any,
    ) -> None:
        self.package = package
        self.codecs = codecs
        self.media = media
        self.user = user
        self.parts = list(parts_of(package, codecs))
        self.keys = {part.key for part in self.parts}
        self.course_key = key_for(package.id)
        self.report = ImportReport(self.course_key)
        self.problems = Problems()
        self.locales: dict[str, Locale] = {}
        self.catalogues: dict[str, int] = {}
        # Page ids by key and language.
        self.pages: dict[tuple[UUID, str], int] = {}

    def run(self, at: datetime) -> None:
        self.find_places()
        self.find_pages()
        self.problems.raise_if_any()
        self.free_slugs()
        self.problems.raise_if_any()
        self.media.add(self.package.files)
        for part in self.parts:
            self.bring(part)
        for language in self.package.languages:
            self.order(language)
        self.unpublish_removed()
        self.note(at)
        forget_outline(self.course_key)

    # What there is

    def find_places(self) -> None:
        """The languages, and the catalogue page of each, locked against another import."""
        locales = {locale.language_code: locale for locale in Locale.objects.all()}
        indexes = list(CourseIndexPage.objects.select_for_update(of=("self",)).order_by("path"))
        for language in self.package.languages:
            if language not in locales:
                self.problems.add(layout.COURSE, 0, f"this site has no language '{language}'")
                continue
            self.locales[language] = locales[language]
            found = [page.pk for page in indexes if page.locale_id == locales[language].pk]
            if found:
                self.catalogues[language] = found[0]
            else:
                reason = (
                    f"this site has no catalogue page in '{language}': make one below its front page first"
                )
                self.problems.add(layout.COURSE, 0, reason)

    def find_pages(self) -> None:
        """The pages that the package's keys have already; each must be of its type and in this course."""
        languages = {locale.pk: language for language, locale in self.locales.items()}
        found = {
            (page.translation_key, languages[page.locale_id]): page
            for page in Page.objects.filter(translation_key__in=self.keys, locale__in=list(languages))
        }
        for part in self.parts:
            for language in self.locales:
                page = found.get((part.key, language))
                if page is None:
                    continue
                course = found.get((self.course_key, language))
                if page.specific_class is not part.model:
                    self.problems.add(
                        part.path, 0, f"the id '{part.id}' belongs to a page of another type on this site"
                    )
                elif part.parent and (course is None or not page.path.startswith(course.path)):
                    self.problems.add(
                        part.path, 0, f"the id '{part.id}' belongs to a page of another course on this site"
                    )
                else:
                    self.pages[part.key, language] = page.pk

    def page(self, key: UUID, language: str) -> Page | None:
        """A page as the tree is now: every move changes the paths of others."""
        pk = self.pages.get((key, language))
        return None if pk is None else Page.objects.get(pk=pk)

    def parent_of(self, part: Part, language: str) -> Page | None:
        if part.parent is not None:
            return self.page(part.parent, language)
        course = self.page(part.key, language)
        return course.get_parent() if course else Page.objects.get(pk=self.catalogues[language])

    # Addresses

    def free_slugs(self) -> None:
        """Take an address from the page that has it now, where that page gets another one or is going.

        A page that was made on the site keeps its address: then the package is refused.
        """
        for part in self.parts:
            for language in self.locales:
                parent = self.parent_of(part, language)
                if parent is None:
                    continue
                own = self.pages.get((part.key, language))
                for other in parent.get_children().filter(slug=part.slug).exclude(pk=own).specific():
                    if other.translation_key not in self.keys and not self.is_ours(other):
                        reason = f"the address '{part.slug}' belongs to the page '{other.title}' on this site"
                        self.problems.add(part.path, 0, reason)
                    else:
                        other.slug = f"{other.slug}-{other.pk}"
                        other.save(clean=False)

    def is_ours(self, page: Page) -> bool:
        """Whether a page below this course came from a package."""
        course = self.page(self.course_key, _language(page))
        return came_from_package(page) and course is not None and page.path.startswith(course.path)

    # Content

    def bring(self, part: Part) -> None:
        """Make or change the pages of a part, and publish those that differ."""
        pages, changed = {}, set()
        for language, locale in self.locales.items():
            pk = self.pages.get((part.key, language))
            if pk is not None:
                self.place(part, pk, language)
            page = (
                part.model(locale=locale, translation_key=part.key, live=False, owner=self.user)
                if pk is None
                else part.model.objects.select_related("locale").get(pk=pk)
            )
            values = values_of(part, language, self.package, self.media.id_of)
            if page.alias_of_id is not None:
                page.alias_of = None
                changed.add(language)
            if assign(page, values) or not page.live:
                changed.add(language)
            pages[language] = page
        if isinstance(part.content, PluginEntry):
            changed |= self.codecs[part.content.kind].fill(
                part.content.entry, pages, self.user, image_id=self.media.id_of
            )
        for language, page in pages.items():
            if page.pk is None or language in changed:
                self.publish(part, page, language)
            else:
                self.report.unchanged.append((part.id, language))

    def place(self, part: Part, pk: int, language: str) -> None:
        """Bring a page that there is under its parent, which was brought before."""
        if part.parent is None:
            return
        parent_id = self.pages[part.parent, language]
        parent = Page.objects.get(pk=parent_id)
        if not parent.get_children().filter(pk=pk).exists():
            Page.objects.get(pk=pk).specific.move(parent, "last-child", user=self.user)
            self.report.moved.append((part.id, language))

    def publish(self, part: Part, page: Any, language: str) -> None:
        new = page.pk is None
        try:
            if new:
                parent = self.parent_of(part, language)
                assert parent is not None
                parent.add_child(instance=page)
                self.pages[part.key, language] = page.pk
            elif page.has_unpublished_changes and page.live:
                self.report.drafts.append((part.id, language))
            page.go_live_at = None
            revision = page.save_revision(user=self.user, clean=False)
            revision.publish(user=self.user, skip_permission_checks=True)
        except ValidationError as error:
            raise PackageError([Problem(part.path, 0, f"'{part.id}': {_in_one_line(error)}")]) from None
        (self.report.created if new else self.report.updated).append((part.id, language))

    # Order

    def order(self, language: str) -> None:
        """Put modules and activities in the package's order."""
        wanted: dict[UUID, list[Part]] = {}
        for part in self.parts:
            if part.parent is not None:
                wanted.setdefault(part.parent, []).append(part)
        for parent_key, parts in wanted.items():
            parent_id = self.pages[parent_key, language]
            ids = {self.pages[part.key, language]: part for part in parts}
            parent = Page.objects.get(pk=parent_id)
            current = [pk for pk in parent.get_children().values_list("pk", flat=True) if pk in ids]
            for position, pk in enumerate(ids):
                if position < len(current) and current[position] == pk:
                    continue
                self.move(pk, parent_id, after=current[position - 1] if position else None)
                if (ids[pk].id, language) not in self.report.moved:
                    self.report.moved.append((ids[pk].id, language))
                current = [other for other in current if other != pk]
                current.insert(position, pk)

    def move(self, pk: int, parent_id: int, after: int | None) -> None:
        page = Page.objects.get(pk=pk).specific
        if after is None:
            page.move(Page.objects.get(pk=parent_id), "first-child", user=self.user)
        else:
            page.move(Page.objects.get(pk=after), "right", user=self.user)

    # What is gone

    def unpublish_removed(self) -> None:
        """Unpublish what packages brought before and this one doesn't hold, with everything below it.

        A language that no package brought was translated on the site: it stays, but for what left the course.
        """
        record = PackageRecord.objects.filter(course_key=self.course_key).first()
        gone = set(record.languages if record else ()).difference(self.package.languages)
        courses = Page.objects.filter(translation_key=self.course_key).select_related("locale")
        for course in courses.order_by("locale__language_code"):
            language = course.locale.language_code
            if language in gone:
                self.unpublish(course, language)
                continue
            for page in course.get_descendants().live().specific():
                if page.translation_key not in self.keys and came_from_package(page):
                    self.unpublish(page, language)

    def unpublish(self, page: Page, language: str) -> None:
        going = page.get_descendants(inclusive=True).live().specific()
        for found in going.order_by("path"):
            UnpublishPageAction(found, user=self.user).execute(skip_permission_checks=True)
            self.report.unpublished.append((identifier_of(found), language))

    def note(self, at: datetime) -> None:
        """Keep what no page shows."""
        sheet = self.package.facts
        facts = sheet and {
            "note": sheet.note,
            "checked_to": sheet.checked_to,
            "facts": [
                {
                    "id": fact.id,
                    "confidence": fact.confidence,
                    "statement": fact.statement,
                    "source": fact.source,
                }
                for fact in sheet.facts
            ],
        }
        values = {
            "source_language": self.package.source_language,
            "languages": list(self.package.languages),
            "facts": facts,
        }
        record = PackageRecord.objects.filter(course_key=self.course_key).first()
        record = record or PackageRecord(course_key=self.course_key)
        if assign(record, values) or self.report.changed or record.pk is None:
            record.imported_at = at
            record.save()


def _language(page: Page) -> str:
    return Locale.objects.get(pk=page.locale_id).language_code


def _in_one_line(error: ValidationError) -> str:
    if not hasattr(error, "error_dict"):
        return " ".join(error.messages)
    return "; ".join(f"{name}: {' '.join(messages)}" for name, messages in error.message_dict.items())
