"""The page tree, small."""

import uuid
from dataclasses import dataclass, field
from datetime import date
from types import SimpleNamespace
from typing import Any

from wagtail.models import Page, Site

from courses.models import ChecklistPage, CourseIndexPage, CoursePage, LessonPage, ModulePage
from home.models import HomePage
from tests.factories.trees import Branch, plant

LANGUAGES = ("fr", "ar", "en")


def make_site(locales: SimpleNamespace) -> SimpleNamespace:
    """A default site: a front page and a catalogue in each language."""
    if not Page.objects.filter(depth=1).exists():
        # A test with real transactions emptied the database, the root of the tree included.
        Page.add_root(instance=Page(title="Root", slug="root", locale=locales.fr))
    root = Page.objects.get(depth=1)
    Site.objects.all().delete()
    # The welcome page of a new database: nothing points to it any more.
    Page.objects.filter(depth=2, numchild=0, content_type__model="page")._raw_delete("default")
    for page in root.get_children():
        page.specific.delete()
    Page.objects.filter(pk=root.pk).update(numchild=0)
    home_key, index_key = uuid.uuid4(), uuid.uuid4()
    home, catalogue = {}, {}
    for code in LANGUAGES:
        locale = getattr(locales, code)
        home[code] = HomePage(
            title=f"Accueil {code}", slug=f"home-{code}", locale=locale, translation_key=home_key
        )
        catalogue[code] = CourseIndexPage(
            title=f"Formations {code}", slug="courses", locale=locale, translation_key=index_key
        )
    plant([(root, [Branch(home[code], [Branch(catalogue[code])]) for code in LANGUAGES])])
    Site.objects.create(hostname="localhost", root_page=home["fr"], is_default_site=True)
    Site.clear_site_root_paths_cache()
    return SimpleNamespace(root=root, home=home, catalogue=catalogue, locales=locales)


@dataclass
class CourseTree:
    """A course in the three languages: `course.pages["fr"]`, `course.modules["fr"][0]`, `course.lessons["fr"][3]`."""

    site: SimpleNamespace
    key: uuid.UUID
    pages: dict[str, CoursePage] = field(default_factory=dict)
    modules: dict[str, list[ModulePage]] = field(default_factory=dict)
    lessons: dict[str, list[LessonPage]] = field(default_factory=dict)

    def url(self, page: Page) -> str:
        return Page.objects.get(pk=page.pk).url

    def add_to_module(self, model: type[Page], number: int, **fields: Any) -> dict[str, Page]:
        """Add the same page to module `number` (from 0) in each language; returned by language."""
        key = fields.pop("translation_key", None) or uuid.uuid4()
        if model is LessonPage:
            # What publication asks for.
            fields = {"body": lesson_body("Text"), **fields}
        pages = {
            code: model(locale=getattr(self.site.locales, code), translation_key=key, **fields)
            for code in self.pages
        }
        plant([(self.modules[code][number], [Branch(page)]) for code, page in pages.items()])
        return pages


def lesson_body(text: str) -> list[dict[str, Any]]:
    return [{"type": "paragraph", "value": f"<p>{text}</p>", "id": str(uuid.uuid4())}]


def make_course(
    site: SimpleNamespace, *, code: str = "JUR", modules: int = 2, lessons: int = 2, **fields: Any
) -> CourseTree:
    """A published course with `modules` modules of `lessons` lessons each, in the three languages."""
    tree = CourseTree(site=site, key=uuid.uuid4())
    module_keys = [uuid.uuid4() for _ in range(modules)]
    lesson_keys = [[uuid.uuid4() for _ in range(lessons)] for _ in range(modules)]
    fields.setdefault("law_checked_to", date(2026, 2, 28))
    branches = []
    for language in LANGUAGES:
        locale = getattr(site.locales, language)
        page = CoursePage(
            title=f"Course {code} {language}",
            slug=code.lower(),
            locale=locale,
            translation_key=tree.key,
            package_id=code,
            **fields,
        )
        tree.pages[language] = page
        tree.modules[language] = [
            ModulePage(
                title=f"Module {m + 1} {language}",
                slug=f"module-{m + 1}",
                locale=locale,
                translation_key=module_keys[m],
                package_id=f"{code}-M{m + 1}",
            )
            for m in range(modules)
        ]
        in_modules = [
            [
                LessonPage(
                    title=f"Lesson {m + 1}.{n + 1} {language}",
                    slug=f"lesson-{n + 1}",
                    locale=locale,
                    translation_key=lesson_keys[m][n],
                    package_id=f"{code}-M{m + 1}-L{n + 1}",
                    body=lesson_body(f"Text {m + 1}.{n + 1} {language}"),
                    law_checked_to=date(2026, 2, 28),
                )
                for n in range(lessons)
            ]
            for m in range(modules)
        ]
        tree.lessons[language] = [lesson for module in in_modules for lesson in module]
        under = [
            Branch(module, [Branch(lesson) for lesson in its_lessons])
            for module, its_lessons in zip(tree.modules[language], in_modules, strict=True)
        ]
        branches.append((site.catalogue[language], [Branch(page, under)]))
    plant(branches)
    return tree


def make_checklist(tree: CourseTree, module: int = 0, **fields: Any) -> dict[str, Page]:
    """A checklist of two questions at the end of a module, in each language."""
    item = {
        "question": "Avons-nous un registre ?",
        "if_no": "Ouvrir un registre.",
        "if_unknown": "Demander au secrétaire général.",
        "text": "Décret-loi n° 2011-88",
        "article": "Art. 40",
        "deadline": "",
        "facts": [],
    }
    items = [{"type": "item", "value": item, "id": str(uuid.uuid4())} for _ in range(2)]
    return tree.add_to_module(
        ChecklistPage, module, title="Mon association", slug="my-association", items=items, **fields
    )
