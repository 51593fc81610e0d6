"""Pages of several questions, checked answers, hints and no way back: on a phone, by keyboard, with the script.

The real template, styles and script on a page whose server is played by the test.
"""

import json
import os
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.template import Context, Engine, engines
from django.utils import translation
from playwright.sync_api import Browser, Page, Route, expect

from courses.quizzes.domain.feedback import Try
from courses.quizzes.domain.paper import Paper
from courses.quizzes.domain.review import asked
from courses.quizzes.domain.review_rules import EVERYTHING
from tests.architecture.sources import ROOT
from tests.browser.axe import run_axe
from tests.browser.devices import PHONE
from tests.browser.survey import MEASURE

LANGUAGES = ("ar", "fr")
STATES = ("to check", "told", "try again", "all on one page", "no way back")
SITE = "http://quiz.test"
FILES = {
    "/static/courses_quizzes/": ROOT / "courses" / "quizzes" / "static" / "courses_quizzes",
    "/static/site/": ROOT / "elearn" / "static" / "site",
}
BARE = """{% load static i18n %}{% get_current_language as LANGUAGE_CODE %}<!doctype html>
<html lang="{{ LANGUAGE_CODE }}" dir="{{ direction }}"><head><meta charset="utf-8"><title>{% block title %}{% endblock %}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">{% block meta %}{% endblock %}
<link rel="stylesheet" href="{% static 'site/site.css' %}"></head>
<body data-person="p1"><main class="wrap main" id="main">{% block content %}{% endblock %}</main>{% block scripts %}{% endblock %}</body></html>"""
WORDS: dict[str, dict[str, Any]] = {
    "ar": {
        "title": "تأسيس الجمعية",
        "section": "الخطوات الأولى",
        "case": (
            "حالة جمعية الأمل",
            "أرسلت جمعية الأمل تصريحها يوم 3 مارس 2026 ولم تتسلّم بطاقة الإعلام بالبلوغ.",
        ),
        "stems": (
            "هل يُعتبر التصريح قد بلغ؟",
            "بعد كم يوما تُعتبر الرسالة قد بلغت؟",
            "ما هو النظام المعمول به؟",
        ),
        "choices": ("نعم، بعد 30 يوما", "لا، إلا بعد تسلّم البطاقة", "لا، ما لم يصدر قرار"),
        "remark": "البطاقة ليست شرطا.",
        "explanation": "إذا لم تصل البطاقة في أجل ثلاثين يوما اعتُبر الإعلام قد بلغ.",
        "provision": "المرسوم عدد 88 لسنة 2011، الفصل 11",
        "hints": "الأجل بالأيام.\nهو شهر تقريبا.",
        "unit": "يوما",
    },
    "fr": {
        "title": "Créer une association",
        "section": "Les premiers pas",
        "case": (
            "Le cas d'Al Amal",
            "L'association a envoyé sa déclaration le 3 mars 2026 ; l'accusé n'est pas revenu.",
        ),
        "stems": (
            "La déclaration est-elle réputée reçue ?",
            "Après combien de jours ?",
            "Quel est le régime ?",
        ),
        "choices": ("Oui, après 30 jours", "Non, sans l'accusé", "Non, sans décision"),
        "remark": "L'accusé n'est pas une condition.",
        "explanation": "Sans accusé dans les trente jours, la réception est réputée acquise.",
        "provision": "Décret-loi n° 2011-88, article 11",
        "hints": "Le délai se compte en jours.\nC'est à peu près un mois.",
        "unit": "jours",
    },
}


def paper_of(language: str, **policy: Any) -> Paper:
    """Three questions: a choice and a number on one case, and a text in a section of its own."""
    words = WORDS[language]
    bodies = (
        (
            "single_choice",
            {"choices": ["a", "b", "c"]},
            {"choices": dict(zip("abc", words["choices"], strict=True))},
        ),
        ("numeric", {}, {"unit": words["unit"]}),
        ("short_text", {}, {}),
    )
    answers = ({"correct": ["a"]}, {"number": "30", "tolerance": "0"}, {"accepted": ["x"]})
    rows = [
        {
            "key": str(UUID(int=number)),
            "type": kind,
            "points": 1,
            "version": "",
            "language": language,
            "facts": [],
            "body": body,
            "texts": {language: {"stem": words["stems"][number - 1], "case": "", **texts}},
            "scenario": "s" if number < 3 else None,
        }
        for number, (kind, body, texts) in enumerate(bodies, start=1)
    ]
    remarks = {
        "explanation": words["explanation"],
        "provisions": [words["provision"]],
        "hints": words["hints"].splitlines(),
        "choices": {"b": words["remark"]},
    }
    key = {
        row["key"]: {"answer": answer, "remarks": {language: remarks}}
        for row, answer in zip(rows, answers, strict=True)
    }
    title, text = words["case"]
    return Paper.load(
        {
            "pass_mark": 70,
            "titles": {language: words["title"]},
            "questions": rows,
            "policy": policy,
            "scenarios": {"s": {"language": language, "texts": {language: {"title": title, "text": text}}}},
            "sections": [{"at": 3, "words": {language: words["section"]}}],
        },
        key,
    )


def page_of(state: str, language: str) -> str:
    """The page of a state, as the view would fill it."""
    rules: dict[str, Any] = {
        "to check": {"feedback_mode": "immediate"},
        "told": {"feedback_mode": "immediate"},
        "try again": {"feedback_mode": "interactive"},
        "all on one page": {"feedback_mode": "immediate", "layout": "all"},
        "no way back": {"forward_only": True},
    }[state]
    paper = paper_of(language, **rules)
    checks = "feedback_mode" in rules
    at = {"all on one page": (1, 2, 3), "try again": (2,), "no way back": (3,)}.get(state, (1,))
    tried = {
        "told": {1: (Try("b", Fraction(0)),)},
        "try again": {2: (Try("31", Fraction(0)), Try("29", Fraction(0)))},
    }.get(state, {})
    with translation.override(language):
        items = [
            asked(
                paper,
                paper.questions[number - 1],
                tried[number][-1].value if number in tried else None,
                language,
                field="answer" if len(at) == 1 else f"q-{paper.questions[number - 1].key}",
                checkable=checks,
                tried=tried.get(number, ()),
                shown=EVERYTHING,
            )
            for number in at
        ]
        context = {
            "direction": "rtl" if language == "ar" else "ltr",
            "attempt": SimpleNamespace(uuid=UUID(int=9), deadline_at=None, paper={}, is_submitted=False),
            "title": paper.title_in(language),
            "questions": items,
            "question": items[0] if len(items) == 1 else None,
            "total": 3,
            "first": at[0],
            "last": at[-1],
            "positions": [
                {"number": number, "answered": number == 1, "current": number in at} for number in (1, 2, 3)
            ],
            "no_way_back": state == "no way back",
            "hints": state == "try again",
            "open": any(item is not None and item.told is None for item in items),
            "checkable": [item.position for item in items if item is not None and item.checkable],
            "max_sequence": 4,
            "previous": at[0] - 1,
        }
        return engine().get_template("courses_quizzes/question.html").render(Context(context))


def engine() -> Engine:
    """The site's templates on a bare page, which asks no database for menus."""
    own = engines["django"].engine
    loaders = [
        ("django.template.loaders.locmem.Loader", {"base.html": BARE}),
        "django.template.loaders.filesystem.Loader",
        "django.template.loaders.app_directories.Loader",
    ]
    return Engine(dirs=own.dirs, loaders=loaders, libraries=own.libraries, builtins=own.builtins)


class Server:
    """Answers what the page asks for; `entries` are the answers that its script sent."""

    def __init__(self, page: Page) -> None:
        self.body = ""
        self.entries: list[dict[str, Any]] = []
        self.up = True
        page.route(f"{SITE}/**", self.serve)

    def serve(self, route: Route) -> None:
        path = route.request.url.removeprefix(SITE).split("?")[0].split("#")[0]
        for prefix, folder in FILES.items():
            if path.startswith(prefix):
                route.fulfill(path=folder / path.removeprefix(prefix))
                return
        if path.endswith("/answers/"):
            if not self.up:
                route.abort()
                return
            entry = json.loads(route.request.post_data or "")
            self.entries.append(entry)
            receipt = {"saved": True, "current": True, "max_sequence": entry["sequence"], "clock": "10:42"}
            route.fulfill(json=receipt)
            return
        route.fulfill(body=self.body, content_type="text/html; charset=utf-8")


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page(viewport={"width": PHONE["width"], "height": PHONE["height"]})
    yield page
    page.close()


def opened(phone: Page, state: str, language: str, fragment: str = "") -> Server:
    server = Server(phone)
    server.body = page_of(state, language)
    phone.goto(f"{SITE}/quiz/{fragment}")
    return server


def focused(phone: Page) -> str:
    return str(phone.evaluate("(document.activeElement.id || document.activeElement.name)"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", STATES)
def test_a_page_has_no_barrier_on_a_phone(phone: Page, state: str, language: str) -> None:
    opened(phone, state, language)
    found = run_axe(phone)
    measured = phone.evaluate(MEASURE)
    if folder := os.environ.get("ELEARN_SCREENSHOTS"):
        phone.screenshot(
            path=Path(folder) / f"feedback-{state.replace(' ', '-')}.{language}.png", full_page=True
        )

    assert found.violations == []
    assert found.passes > 10
    assert measured["wide"] == []


def test_the_verdict_has_the_focus_and_the_way_on_comes_next(phone: Page) -> None:
    opened(phone, "told", "ar", "#q1-told")
    assert focused(phone) == "q1-told"
    phone.keyboard.press("Tab")
    button = phone.locator("button.btn--primary")
    assert button.evaluate("button => button === document.activeElement")


def test_after_a_wrong_try_the_field_and_the_check_come_next(phone: Page) -> None:
    opened(phone, "try again", "fr", "#q2-told")
    assert focused(phone) == "q2-told"
    phone.keyboard.press("Tab")
    assert focused(phone) == "answer"
    phone.keyboard.press("Tab")
    assert focused(phone) == "check"


def test_each_question_of_a_page_is_saved_on_its_own(phone: Page) -> None:
    server = opened(phone, "all on one page", "fr")
    phone.get_by_text(WORDS["fr"]["choices"][1]).click()
    status = phone.locator("[data-save-status]")
    expect(status).to_have_attribute("data-state", "saved")
    phone.locator("input[inputmode=decimal]").fill("30")
    phone.locator("input[inputmode=decimal]").blur()
    expect(status).to_have_attribute("data-state", "saved")
    assert [(UUID(entry["question"]).int, entry["value"]) for entry in server.entries] == [
        (1, "b"),
        (2, "30"),
    ]
    assert [entry["sequence"] for entry in server.entries] == [5, 6]


def test_unsent_answers_come_back_to_their_questions(phone: Page) -> None:
    server = opened(phone, "all on one page", "ar")
    server.up = False
    phone.get_by_text(WORDS["ar"]["choices"][2]).click()
    phone.locator("input[inputmode=decimal]").fill("12")
    expect(phone.locator("[data-save-status]")).to_have_attribute("data-state", "waiting")
    phone.goto(f"{SITE}/quiz/")
    expect(phone.locator("input[inputmode=decimal]")).to_have_value("12")
    expect(phone.locator("input[value=c]")).to_be_checked()
    assert server.entries == []


def test_the_enter_key_checks_no_other_question(phone: Page) -> None:
    opened(phone, "all on one page", "fr")
    posted: list[str] = []
    phone.on(
        "request",
        lambda request: posted.append(request.post_data or "") if request.is_navigation_request() else None,
    )
    phone.locator("input[inputmode=decimal]").fill("30")
    with phone.expect_navigation():
        phone.locator("input[inputmode=decimal]").press("Enter")
    assert len(posted) == 1
    assert "check=" not in posted[0]
