"""The first pages of a site, and the course that is shipped with the product. What is there is left as it is."""

from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

import yaml
from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from wagtail.models import Locale, Page, Site, Task, Workflow

from courses.accounts.api import ensure_trainers_group
from courses.interfaces.packages.importer import import_package
from courses.interfaces.packages.keys import key_for
from courses.interfaces.packages.reader import read_package
from courses.models import CourseIndexPage, CoursePage
from home.models import HomePage, PlainPage

DATA = Path(__file__).parent / "data"
COURSE = "JUR"
PACKAGE = settings.BASE_DIR / "courses" / "packages" / "legal-obligations"
# How Wagtail's first migration names the workflow of pages and its one task: data, which nothing translates.
DEFAULT_WORKFLOW = "Moderators approval"
LANGUAGES: tuple[str, ...] = tuple(code for code, _name in settings.LANGUAGES)


def make_website() -> None:
    """The front page, plain pages and catalogue of each language, and the site that leads to them; the designs of
    certificates where there is none; a name in the site's language for the review of pages.
    """
    texts: dict[str, Any] = yaml.safe_load((DATA / "pages.yaml").read_text(encoding="utf-8"))
    locales = {code: Locale.objects.get_or_create(language_code=code)[0] for code in LANGUAGES}
    homes = {}
    root = Page.objects.get(depth=1)
    for code, locale in locales.items():
        home = HomePage.objects.filter(locale=locale).order_by("path").first()
        homes[code] = home or _publish(
            root, HomePage(slug=f"home-{code}", locale=locale, **_named("home"), **texts["home"][code])
        )
    _lead_to(homes[settings.LANGUAGE_CODE])
    for code, home in homes.items():
        if not CourseIndexPage.objects.filter(locale=locales[code]).exists():
            index = CourseIndexPage(slug="courses", locale=locales[code], **_named("courses"))
            index.title, index.intro = texts["catalogue"][code]["title"], texts["catalogue"][code]["intro"]
            _publish(home, index)
        for page in texts["plain"]:
            if not PlainPage.objects.filter(locale=locales[code], slug=page["slug"]).exists():
                plain = PlainPage(
                    slug=page["slug"], locale=locales[code], **_named(page["slug"]), **page[code]
                )
                plain.show_in_menus = True
                _publish(home, plain)
    ensure_trainers_group(CourseIndexPage.objects.all())
    for model in (Workflow, Task):
        # Renamed by nobody yet.
        model.objects.filter(name=DEFAULT_WORKFLOW).update(name=texts["review"][settings.LANGUAGE_CODE])
    if apps.is_installed("courses.certificates"):
        from courses.certificates.api import ship_designs

        ship_designs()


def _named(name: str) -> dict[str, Any]:
    """The key that a page has in all languages; where such a page was made by hand, that one's key."""
    models: dict[str, Any] = {"home": HomePage, "courses": CourseIndexPage}
    found = models[name].objects.all() if name in models else PlainPage.objects.filter(slug=name)
    made = found.order_by("path").first()
    return {"translation_key": made.translation_key if made else uuid5(NAMESPACE_URL, f"ilmam:demo:{name}")}


def _publish(parent: Page, page: Page) -> Page:
    page.live = False
    Page.objects.get(pk=parent.pk).add_child(instance=page)
    page.save_revision().publish()
    return type(page).objects.get(pk=page.pk)


def _lead_to(home: Page) -> None:
    """Make the front page the site's root, in place of the page that Wagtail's first migration leaves."""
    base = urlsplit(settings.WAGTAILADMIN_BASE_URL)
    address = {
        "hostname": base.hostname or "localhost",
        "port": base.port or (443 if base.scheme == "https" else 80),
    }
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True, **address)
    former = site.root_page if site.root_page_id else None
    if former is None or former.specific_class is not HomePage:
        site.root_page, site.site_name = home, settings.WAGTAIL_SITE_NAME
        site.hostname, site.port = address["hostname"], address["port"]
        site.save()
    plain_page = ContentType.objects.get_for_model(Page)
    if former is not None and former.content_type_id == plain_page.pk and former.numchild == 0:
        former.delete()


def make_course(at: datetime) -> None:
    """Import the shipped course, unless a course with its key is there: what was changed on the site stays."""
    there = CoursePage.objects.filter(translation_key=key_for(COURSE)).values_list(
        "locale__language_code", flat=True
    )
    if not set(LANGUAGES) <= set(there):
        import_package(read_package(PACKAGE), at=at)
