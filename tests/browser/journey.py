"""What a learner does in a course: open it, read, answer, submit."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Locator, expect

from tests.browser.answers import Question, collapsed, course, question_shown
from tests.browser.devices import Device

SAVED = "[data-save-status][data-state=saved]"
MARK_AS_READ = "main form[action$='/complete/'] button"
START = "main form[action$='/start/'] button"


@dataclass(frozen=True)
class Addresses:
    """Paths of the shipped course in one language."""

    home: str
    modules: list[str]
    lessons: list[str]
    quizzes: list[str]
    checklists: list[str]


_known: dict[tuple[str, str], Addresses] = {}


def addresses(device: Device) -> Addresses:
    """The paths in the device's language, found through the catalogue (once) and the course's outline."""
    key = (device.base_url, device.language)
    if key not in _known:
        device.go(f"/{device.language}/catalogue/")
        title = course()["title"][device.language]
        device.press_and_arrive(device.page.locator("h3.card__title a", has_text=title))
        read = "all => all.map(a => a.pathname)"
        links = device.page.locator("ol.outline__list a").evaluate_all(read)
        quizzes = [link for link in links if link.endswith("/quiz/")]
        checklists = [link for link in links if link.endswith("/my-association/")]
        _known[key] = Addresses(
            home=device.path,
            modules=device.page.locator("h3.outline__title a").evaluate_all(read),
            lessons=[link for link in links if link not in {*quizzes, *checklists}],
            quizzes=quizzes,
            checklists=checklists,
        )
    return _known[key]


def shown_question(device: Device) -> Question:
    case = device.page.locator(".question .case")
    legend = device.page.locator(".question legend").first
    return question_shown(
        page_language(device), case.first.inner_text() if case.count() else "", legend.inner_text()
    )


def page_language(device: Device) -> str:
    return str(device.page.locator("html").get_attribute("lang"))


def answer_fields(device: Device, question: Question, *, right: bool = True) -> list[Locator]:
    """The inputs that this answer ticks, the one it fills, or the lists it chooses from."""
    wanted = question.right if right else question.wrong
    scope = device.page.locator(".question").first
    if question.type == "numeric":
        return [scope.locator("input[name=answer]")]
    if question.type == "true_false":
        return [scope.locator(f"input[value={wanted[0]}]")]
    if question.lines:
        labels = [collapsed(text) for text in scope.locator(".field__label").all_inner_texts()]
        return [scope.locator("select").nth(labels.index(line)) for line in question.lines]
    return [scope.locator("label.choice", has_text=_exactly(text)).first.locator("input") for text in wanted]


def _exactly(text: str) -> re.Pattern[str]:
    words = r"\s+".join(map(re.escape, text.split()))
    return re.compile(rf"^\s*{words}\s*$")


def chosen(field: Locator) -> str:
    """What a list shows as chosen."""
    return collapsed(str(field.evaluate("list => list.selectedOptions[0].text")))


def choose(field: Locator, text: str) -> None:
    """Choose in a list what it shows by this text."""
    options = [collapsed(option) for option in field.locator("option").all_inner_texts()]
    field.select_option(index=options.index(text))


def shows(device: Device, question: Question, *, right: bool = True) -> bool:
    """Whether the screen shows this answer, whole and nothing more."""
    fields, wanted = answer_fields(device, question, right=right), question.right if right else question.wrong
    if question.type == "numeric":
        return fields[0].input_value() == wanted[0]
    if question.lines:
        return [chosen(field) for field in fields] == list(wanted)
    ticked = device.page.locator(".question").first.locator("input:checked").count()
    return ticked == len(fields) and all(field.is_checked() for field in fields)


def give(device: Device, question: Question, *, right: bool = True) -> None:
    """Put an answer on the screen, in place of what is there."""
    fields, wanted = answer_fields(device, question, right=right), question.right if right else question.wrong
    if question.type == "numeric":
        fields[0].fill(wanted[0])
    elif question.lines:
        for field, text in zip(fields, wanted, strict=True):
            # No place is given twice on the way.
            if chosen(field) not in ("", text):
                field.select_option(index=0)
        for field, text in zip(fields, wanted, strict=True):
            choose(field, text)
    else:
        scope = device.page.locator(".question").first
        others = scope.locator("input[type=checkbox]:checked").all()
        values = [field.get_attribute("value") for field in fields]
        for other in others:
            if other.get_attribute("value") not in values:
                device.press(other.locator("xpath=.."))
        for field in fields:
            if not field.is_checked():
                device.press(field.locator("xpath=.."))


def answer(device: Device, question: Question, *, right: bool = True) -> None:
    """Give an answer; with JavaScript, wait until the screen says that it is saved."""
    give(device, question, right=right)
    if device.script:
        expect(device.page.locator(SAVED)).to_be_visible()


def save_and_continue(device: Device) -> None:
    device.press_and_arrive("form[data-answers] button.btn--primary")


def answer_all(
    device: Device, *, right: bool = True, before: Callable[[Device, int], None] | None = None
) -> list[Question]:
    """From the question on the screen to the summary. `before(device, position)` runs before each answer."""
    asked: list[Question] = []
    while device.page.locator(".question").count():
        if before is not None:
            before(device, len(asked) + 1)
        question = shown_question(device)
        answer(device, question, right=right)
        asked.append(question)
        save_and_continue(device)
    assert device.path.endswith("/summary/")
    return asked


def submit(device: Device) -> None:
    device.press_and_arrive("main form[action$='/submit/'] button.btn--primary")
    assert device.path.endswith("/review/")


def take_quiz(device: Device, *, right: bool = True) -> None:
    """From a quiz's page to the review."""
    device.press_and_arrive(START)
    answer_all(device, right=right)
    submit(device)


def passed(device: Device) -> bool:
    return device.page.locator("section.result--passed").count() == 1


def read_until_quiz(device: Device) -> int:
    """Mark lessons as read until the next step isn't a lesson; how many were read."""
    read = 0
    while device.page.locator(MARK_AS_READ).count():
        device.press_and_arrive(MARK_AS_READ)
        read += 1
    return read


def past_checklist(device: Device) -> None:
    """From a module's checklist to what follows it; stays anywhere else, and where nothing follows."""
    following = device.page.locator("nav.pager a.pager__next")
    if device.page.locator("ol.checklist").count() and following.count():
        device.press_and_arrive(following)
