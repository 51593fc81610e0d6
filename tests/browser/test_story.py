"""The main job, end to end: from signing up in Kasserine to the certificate, its check and the region's figures."""

import re
import shutil
import subprocess
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.answers import PACKAGE, course
from tests.browser.devices import DESKTOP, PHONE, Device
from tests.browser.journey import (
    START,
    answer,
    answer_all,
    page_language,
    passed,
    past_checklist,
    read_until_quiz,
    save_and_continue,
    shown_question,
    shows,
    submit,
    take_quiz,
)
from tests.browser.people import (
    NAME_FORM,
    NAME_LINK,
    PASSWORD,
    confirm_address,
    confirm_name,
    fill_sign_up,
    name_association,
    new_address,
    sign_in,
    sign_out,
)

Devices = Callable[..., Device]
KASSERINE = "TN-42"
# The language, the screen, and whether scripts run.
WAYS = {
    "arabic-phone": ("ar", PHONE, True),
    "french-desktop": ("fr", DESKTOP, True),
    "english-without-script": ("en", DESKTOP, False),
}


# Who confirms the name to be printed on the first day; the others do when the certificate waits for it.
CORRECTS_EARLY = "french-desktop"


@dataclass(frozen=True)
class Person:
    """`printed`: what they want on paper, by script."""

    name: str
    initials: str
    region: str
    printed: dict[str, str]


PEOPLE = {
    "ar": Person("مريم العبيدي", "م. ع.", "القصرين", {"arabic": "مريم العبيدي", "latin": "Mariem Labidi"}),
    "fr": Person("Mohamed Ali Haddad", "M. A. H.", "Kasserine", {"latin": "Mohamed Ali Haddad"}),
    "en": Person("Amel Ben Salah", "A. B. S.", "Kasserine", {"latin": "Amel Ben Salah"}),
}
WORDS = {
    "ar": {"signup": "إنشاء حساب", "enrol": "التسجيل في الدورة", "submit": "إرسال الإجابات"},
    "fr": {"signup": "Créer un compte", "enrol": "S'inscrire", "submit": "Remettre mes réponses"},
    "en": {"signup": "Create an account", "enrol": "Enrol", "submit": "Submit my answers"},
}


@pytest.mark.parametrize("way", WAYS)
def test_from_signing_up_to_the_regions_figures(device: Devices, way: str, tmp_path: Path):
    language, screen, script = WAYS[way]
    person, words = PEOPLE[language], WORDS[language]
    email = new_address("story")
    before = completed_in_kasserine(device(language), "coordinator.centre-ouest@demo.example")
    learner = device(language, script=script, **screen)

    # From the front page to an account.
    learner.go(f"/{language}/")
    assert learner.page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    learner.press_and_arrive("main a[href*='/catalogue/']")
    learner.press_and_arrive(learner.page.locator("h3.card__title a", has_text=course()["title"][language]))
    the_course = learner.path
    learner.press_and_arrive(learner.page.get_by_role("link", name=words["signup"], exact=True).first)
    fill_sign_up(learner, name=person.name, email=email, region=person.region)
    name_association(learner, association_in_kasserine(language))
    assert learner.path == the_course

    # The address is confirmed through the message.
    confirm_address(learner, email)

    # Enrol; the first module, its quiz failed and then passed.
    learner.go(the_course)
    learner.press_and_arrive(learner.page.get_by_role("button", name=words["enrol"], exact=True))
    if way == CORRECTS_EARLY:
        learner.go(the_course)
        learner.press_and_arrive(NAME_LINK)
        confirm_name(learner, **person.printed)
        assert learner.path == the_course
        learner.press_and_arrive("section.next-step a.btn--primary")
    assert read_until_quiz(learner) == lessons_in(0)
    learner.press_and_arrive(START)
    answer_all(learner, right=False)
    expect(learner.page.get_by_role("button", name=words["submit"], exact=True)).to_be_visible()
    submit(learner)
    assert not passed(learner)
    assert learner.page.locator(".choice--right").count() == 0
    learner.press_and_arrive("section.result form[action$='/start/'] button")
    answer_all(learner, before=interrupted(device, email) if script else interrupted_without_script)
    submit(learner)
    assert passed(learner)
    learner.press_and_arrive("section.result a.btn--primary")
    past_checklist(learner)

    # The other modules. At the end the course is complete, and the certificate waits for the name to be confirmed.
    last = len(course()["modules"]) - 1
    for number in range(1, last + 1):
        assert read_until_quiz(learner) == lessons_in(number)
        take_quiz(learner)
        assert passed(learner)
        if number < last:
            learner.press_and_arrive("section.result a.btn--primary")
            past_checklist(learner)
    result = learner.path
    assert learner.page.locator("section[aria-labelledby=complete-title]").count() == 1
    if way == CORRECTS_EARLY:
        confirmed_before(learner, the_course)
    else:
        confirm_name(learner, **person.printed)
        # The form stood under the result, and leads back there.
        assert learner.path == result

    # The certificate that the worker makes.
    learner.go(f"/{language}/my-learning/")
    download = learner.page.locator("a[href$='/download/']")
    assert learner.reload_until(lambda: download.count() == 1, seconds=60), learner.text()
    pdf = save_download(learner, download, tmp_path / "certificate.pdf")
    assert pdf.read_bytes().startswith(b"%PDF-")
    learner.press_and_arrive("section[aria-labelledby=certificates-title] h3 a")
    serial = learner.text(".serial")
    check_paper(pdf, person.printed.values(), serial, language)

    # The phone is handed on.
    sign_out(learner)
    assert person.name not in learner.page.content()

    # A stranger checks the paper.
    stranger = device(language, script=script, **screen)
    stranger.go(f"/{language}/verify/")
    stranger.page.fill("input[name=code]", serial.lower())
    stranger.press_and_arrive("main form button.btn--primary")
    assert stranger.page.locator("section.verdict--valid").count() == 1
    facts = stranger.text("dl.facts")
    assert person.initials in without_marks(facts)
    assert course()["title"][language] in facts
    assert person.name not in stranger.page.content()

    # The coordinator of the region sees it at once, the other one not at all.
    assert completed_in_kasserine(device(language), "coordinator.centre-ouest@demo.example") == before + 1
    elsewhere = device(language)
    sign_in(elsewhere, "coordinator.sud-est@demo.example")
    elsewhere.go(f"/{language}/reports/regions/")
    assert elsewhere.page.locator("table a[href*='/TN-8']").count() >= 1
    assert elsewhere.page.locator(f"a[href*='/{KASSERINE}/']").count() == 0
    assert person.region not in elsewhere.text()
    with elsewhere.expecting(404):
        assert elsewhere.go(f"/{language}/reports/regions/{KASSERINE}/") == 404
        assert elsewhere.go(f"/{language}/reports/regions/{KASSERINE}/totals.csv") == 404


def lessons_in(number: int) -> int:
    """How many lessons the module of this number (from 0) has."""
    return len(list((PACKAGE / "modules" / course()["modules"][number] / "lessons").glob("*.fr.md")))


def association_in_kasserine(language: str) -> str:
    return "القصرين" if language == "ar" else "Kasserine"


def interrupted(device: Devices, email: str) -> Callable[[Device, int], None]:
    """Things that happen in the middle of an attempt, on a device with scripts: nothing of it may be lost."""

    def interrupt(learner: Device, position: int) -> None:
        if position == 3:
            reload_keeps_an_answer_that_was_only_given(learner)
        elif position == 4:
            other_language_keeps_answers(learner)
        elif position == 5:
            other_device_has_the_answers(device, learner, email)

    return interrupt


def interrupted_without_script(learner: Device, position: int) -> None:
    if position == 3:
        # Back to the question before: what was saved is there, and saying nothing keeps it.
        learner.press_and_arrive("form[data-answers] button[name=go][value='2']")
        question = shown_question(learner)
        assert shows(learner, question)
        save_and_continue(learner)
    elif position == 4:
        other_language_keeps_answers(learner)


def reload_keeps_an_answer_that_was_only_given(learner: Device) -> None:
    question = shown_question(learner)
    answer(learner, question, right=False)
    learner.page.reload()
    assert shows(learner, question, right=False)


def other_language_keeps_answers(learner: Device) -> None:
    """Switch on the question itself, look at the answer before, and come back."""
    own = learner.language
    other = "fr" if own == "ar" else "ar"
    position = learner.path.rstrip("/").rsplit("/", 1)[1]
    learner.press_and_arrive(f"ul.languages a[hreflang={other}]")
    assert page_language(learner) == other
    assert learner.path.rstrip("/").rsplit("/", 1)[1] == position
    learner.press_and_arrive(f"form[data-answers] button[name=go][value='{int(position) - 1}']")
    question = shown_question(learner)
    assert shows(learner, question)
    learner.press_and_arrive(f"form[data-answers] button[name=go][value='{position}']")
    learner.press_and_arrive(f"ul.languages a[hreflang={own}]")
    assert page_language(learner) == own


def other_device_has_the_answers(device: Devices, learner: Device, email: str) -> None:
    """A second device opens the quiz and goes on at the first question without an answer."""
    second = device(learner.language, **DESKTOP)
    sign_in(second, email, PASSWORD)
    second.page.goto(learner.page.url)
    assert second.page.locator("ol.qnav button.is-answered").count() == 4
    second.press_and_arrive("form[data-answers] button[name=go][value='1']")
    question = shown_question(second)
    assert shows(second, question)
    second.close()


def completed_in_kasserine(looking: Device, email: str) -> int:
    """The figure 'completed' in the row of Kasserine, as this coordinator sees it."""
    sign_in(looking, email)
    looking.go(f"/{looking.language}/reports/regions/")
    row = looking.page.locator("table tr", has=looking.page.locator(f"a[href*='/{KASSERINE}/']")).first
    figure = int(re.sub(r"\D", "", row.locator("td").nth(3).inner_text()))
    looking.page.goto("about:blank")
    return figure


def save_download(device: Device, link: Any, path: Path) -> Path:
    with device.page.expect_download() as started:
        device.press(link)
    assert re.fullmatch(r"certificate-[0-9A-Z-]+\.pdf", started.value.suggested_filename)
    started.value.save_as(path)
    return path


def without_marks(text: str) -> str:
    """Without direction marks, in the compatibility form that extracted Arabic needs."""
    plain = "".join(char for char in text if unicodedata.category(char) != "Cf")
    return unicodedata.normalize("NFKC", plain)


def confirmed_before(learner: Device, the_course: str) -> None:
    """Who confirmed the name on the first day isn't asked at the end, on no page."""
    for path in (learner.path, the_course):
        learner.go(path)
        assert learner.page.locator(NAME_FORM).count() == 0


def check_paper(pdf: Path, names: Iterable[str], serial: str, language: str) -> None:
    """The words on the paper, where poppler is installed."""
    if shutil.which("pdftotext") is None:
        return
    extracted = subprocess.run(
        ["pdftotext", "-layout", str(pdf), "-"], capture_output=True, check=True
    ).stdout
    words = set(without_marks(extracted.decode()).split())
    assert {part for name in names for part in name.split()} <= words
    assert set(course()["title"][language].split()) <= words
    assert serial in words
