"""The page tree, small."""

import uuid
from dataclasses import dataclass, field
from datetime import date
from types import SimpleNamespace
from typing import Any

from wagtail.models import Page, Site

from courses.models import ChecklistPage, CourseIndexPage, CoursePage, LessonPage, ModulePage
from home.models import HomePage

LANGUAGES = ("fr", "ar", "en")


def make_site(locales: SimpleNamespace) -> SimpleNamespace:
    """A default site: a front page and a catalogue in each language."""
    if not Page.objects.filter(depth=1).exists():
        # A test with real transactions emptied the database, the root of the tree included.
        Page.add_root(instance=Page(title="Root", slug="root", locale=locales.fr))
    root = Page.objects.get(depth=1)
    Site.objects.all().delete()
    for page in root.get_children():
        page.specific.delete()
    root = Page.objects.get(depth=1)
    home_key, index_key = uuid.uuid4(), uuid.uuid4()
    home, catalogue = {}, {}
    for code in LANGUAGES:
        locale = getattr(locales, code)
        page = HomePage(title=f"Accueil {code}", slug=f"home-{code}", locale=locale, translation_key=home_key)
        home[code] = root.add_child(instance=page)
        index = CourseIndexPage(
            title=f"Formations {code}", slug="courses", locale=locale, translation_key=index_key
        )
        catalogue[code] = home[code].add_child(instance=index)
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
        return {
            code: Page.objects.get(pk=self.modules[code][number].pk).specific.add_child(
                instance=model(locale=getattr(self.site.locales, code), translation_key=key, **fields)
            )
            for code in self.pages
        }


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
    for language in LANGUAGES:
        locale = getattr(site.locales, language)
        index = CourseIndexPage.objects.get(pk=site.catalogue[language].pk)
        page = index.add_child(
            instance=CoursePage(
                title=f"Course {code} {language}",
                slug=code.lower(),
                locale=locale,
                translation_key=tree.key,
                package_id=code,
                **fields,
            )
        )
        tree.pages[language] = page
        tree.modules[language], tree.lessons[language] = [], []
        for m in range(modules):
            module = page.add_child(
                instance=ModulePage(
                    title=f"Module {m + 1} {language}",
                    slug=f"module-{m + 1}",
                    locale=locale,
                    translation_key=module_keys[m],
                    package_id=f"{code}-M{m + 1}",
                )
            )
            tree.modules[language].append(module)
            for n in range(lessons):
                lesson = module.add_child(
                    instance=LessonPage(
                        title=f"Lesson {m + 1}.{n + 1} {language}",
                        slug=f"lesson-{n + 1}",
                        locale=locale,
                        translation_key=lesson_keys[m][n],
                        package_id=f"{code}-M{m + 1}-L{n + 1}",
                        body=lesson_body(f"Text {m + 1}.{n + 1} {language}"),
                        law_checked_to=date(2026, 2, 28),
                    )
                )
                tree.lessons[language].append(lesson)
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
