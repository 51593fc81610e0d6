"""Short text, matching, ordering, a passage with gaps and an open answer on a phone: no barrier, nothing cut off, answered by keyboard alone.

Their own templates on a bare page with the site's styles; the pages around them are judged with the rest of the site.
"""

import os
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from playwright.sync_api import Browser, Page

from courses.quizzes.domain.review import AskedQuestion, ReviewedQuestion
from courses.quizzes.types.base import question_types
from tests.architecture.sources import ROOT
from tests.browser.axe import run_axe
from tests.browser.devices import PHONE
from tests.browser.survey import MEASURE

LANGUAGES = ("ar", "fr")
STATES = ("asked", "not understood", "reviewed", "revealed")
STYLES = ROOT / "elearn" / "static" / "site" / "site.css"
WORDS: dict[str, dict[str, Any]] = {
    "ar": {
        "stems": (
            "ما هو النظام الذي يخضع له التأسيس؟",
            "المطابقة بين كل أجل وموضوعه.",
            "ترتيب مراحل التأسيس.",
            "تعمير الفراغات.",
            "ماذا تفعل الجمعية بعد توجيه التنبيه إليها؟",
        ),
        "pieces": (
            "تتأسس الجمعية بمجرد ",
            "، ويتمّ الدفع بوسيلة بنكية إذا بلغ المبلغ ",
            " دينار. ويُنشر الإعلان في ",
            ".",
        ),
        "gap_choices": ("التصريح", "الترخيص المسبق من السلطة الإدارية المختصة"),
        "gap_text": "الرائد الرسمي",
        "open": "تزيل الجمعية المخالفة في أجل ثلاثين يوما.\n\nوتحتفظ بما يثبت ذلك.",
        "comment": "جواب واضح. ينقصه ذكر الأجل.",
        "text": "التصريح",
        "prompts": ("7 أيام", "15 يوما", "30 يوما"),
        "options": (
            "إيداع الإعلان لدى المطبعة الرسمية للجمهورية التونسية",
            "نشر الإعلان بالرائد الرسمي",
            "اعتبار الرسالة قد بلغت",
            "انعقاد الجلسة العامة",
        ),
        "items": (
            "إرسال رسالة مضمونة الوصول مع الإعلام بالبلوغ يعاينها عدل تنفيذ",
            "تسلّم بطاقة الإعلام بالبلوغ",
            "إيداع الإعلان لدى المطبعة الرسمية",
        ),
    },
    "fr": {
        "stems": (
            "Quel régime s'applique à la création ?",
            "Associez chaque délai à son objet.",
            "Remettez les étapes dans l'ordre.",
            "Complétez le texte.",
            "Que fait l'association après l'avertissement ?",
        ),
        "pieces": (
            "L'association se constitue par ",
            " ; à partir de ",
            " dinars, on paie par un moyen bancaire. L'annonce paraît au ",
            ".",
        ),
        "gap_choices": ("déclaration", "autorisation préalable de l'autorité administrative compétente"),
        "gap_text": "Journal officiel",
        "open": "Elle fait cesser l'infraction dans les trente jours.\n\nElle en garde la preuve.",
        "comment": "Clair. Il manque le délai.",
        "text": "la déclaration",
        "prompts": ("7 jours", "15 jours", "30 jours"),
        "options": (
            "Dépôt de l'annonce à l'Imprimerie officielle de la République tunisienne",
            "Publication au JORT",
            "Réception réputée acquise",
            "Assemblée générale",
        ),
        "items": (
            "Envoi de la lettre recommandée, constaté par un huissier notaire",
            "Réception de l'accusé",
            "Dépôt de l'annonce",
        ),
    },
}


def questions(
    words: dict[str, Any],
) -> list[tuple[str, str, dict[str, Any], dict[str, Any], dict[str, Any], Any]]:
    """Type, stem, body, answer, texts and a given value of each."""
    prompts = {f"p{number}": text for number, text in enumerate(words["prompts"])}
    options = {f"o{number}": text for number, text in enumerate(words["options"])}
    items = {f"i{number}": text for number, text in enumerate(words["items"])}
    pairs = {"p0": "o0", "p1": "o1", "p2": "o2"}
    text, match, order, passage, answer = words["stems"]
    return [
        ("short_text", text, {}, {"accepted": [words["text"]]}, {}, "x"),
        (
            "matching",
            match,
            {"prompts": list(prompts), "options": ["o2", "o0", "o3", "o1"]},
            {"pairs": pairs, "partial": True},
            {"prompts": prompts, "options": options},
            {"p0": "o0", "p1": "o2"},
        ),
        (
            "ordering",
            order,
            {"items": ["i2", "i0", "i1"]},
            {"order": ["i0", "i1", "i2"], "partial": True},
            {"items": items},
            ["i0", "i2", None],
        ),
        (
            "cloze",
            passage,
            {"gaps": [{"kind": "choice", "options": ["c1", "c0"]}, {"kind": "number"}, {"kind": "text"}]},
            {
                "gaps": [
                    {"option": "c0"},
                    {"number": "500", "tolerance": "0"},
                    {"accepted": [words["gap_text"]]},
                ],
                "partial": True,
            },
            {
                "pieces": words["pieces"],
                "kinds": ["choice", "number", "text"],
                "options": {f"c{number}": text for number, text in enumerate(words["gap_choices"])},
            },
            ["c1", "500", None],
        ),
        (
            "open_answer",
            answer,
            {},
            {
                "criteria": [{"id": "a", "points": 2}, {"id": "b", "points": 1}],
                "marking": {"marks": {"a": 2, "b": 0}, "comment": words["comment"]},
            },
            {},
            words["open"],
        ),
    ]


def page_of(state: str, language: str) -> str:
    parts = []
    with translation.override(language):
        for position, (key, stem, body, answer, texts, value) in enumerate(
            questions(WORDS[language]), start=1
        ):
            kind = question_types[key]
            if state in ("asked", "not understood"):
                asked = AskedQuestion(
                    position=position,
                    key=None,  # type: ignore[arg-type]
                    language=language,
                    stem=stem,
                    case="",
                    hint=kind.hint(body),
                    template=kind.template,
                    field=f"answer-{position}",
                    context=kind.input_context(body, texts, value),
                    error=kind.not_understood if state == "not understood" else "",
                )
                context = {"question": asked, "total": 5}
                parts.append(render_to_string("courses_quizzes/includes/asked.html", context))
            else:
                shown = kind.review_context(body, answer, texts, {}, value, reveal=state == "revealed")
                row = ReviewedQuestion(
                    position,
                    language,
                    stem,
                    "",
                    "",
                    kind.review_template,
                    shown,
                    True,
                    False,
                    position > 1,
                    1,
                )
                parts.append(
                    render_to_string("courses_quizzes/includes/reviewed.html", {"row": row, "total": 5})
                )
    direction = "rtl" if language == "ar" else "ltr"
    return (
        f'<!doctype html><html lang="{language}" dir="{direction}"><head><meta charset="utf-8"><title>{state}</title>'
        f"<style>{STYLES.read_text(encoding='utf-8')}</style></head>"
        f'<body><main class="wrap"><h1>1</h1><h2>2</h2>{"".join(parts)}</main></body></html>'
    )


@pytest.fixture
def phone(chromium: Browser) -> Any:
    page = chromium.new_page(viewport={"width": PHONE["width"], "height": PHONE["height"]})
    yield page
    page.close()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", STATES)
def test_a_type_has_no_barrier_on_a_phone(phone: Page, state: str, language: str) -> None:
    phone.set_content(page_of(state, language))
    found = run_axe(phone)
    measured = phone.evaluate(MEASURE)
    if folder := os.environ.get("ELEARN_SCREENSHOTS"):
        name = f"types-{state.replace(' ', '-')}.{language}.png"
        phone.screenshot(path=Path(folder) / name, full_page=True)

    assert found.violations == []
    assert found.passes > 10
    assert measured["wide"] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_type_is_answered_by_keyboard_alone(phone: Page, language: str) -> None:
    phone.set_content(page_of("asked", language))
    reached = []
    for _ in range(11):
        phone.keyboard.press("Tab")
        reached.append(phone.evaluate("document.activeElement.id"))
        if phone.evaluate("document.activeElement.tagName") == "SELECT":
            phone.keyboard.press("Home")
            phone.keyboard.press("ArrowDown")
        else:
            phone.keyboard.type("abc")

    # One stop for each text, list and gap, in the order of the page; each list holds what the arrows chose.
    assert reached == [
        "answer-1",
        *[f"answer-2-{number}" for number in (1, 2, 3)],
        *[f"answer-3-{number}" for number in (1, 2, 3)],
        *[f"answer-4-{number}" for number in (1, 2, 3)],
        "answer-5",
    ]
    values = phone.locator("select").evaluate_all("lists => lists.map((list) => list.value)")
    assert values == ["p0 o2", "p1 o2", "p2 o2", "i2 1", "i0 1", "i1 1", "c1"]
