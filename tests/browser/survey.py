"""Every type of page, in every language, signed out and in: opened once on a phone, and looked at in several ways.

What is found is kept, so that the tests of accessibility, languages, layout and policy judge one visit together.
Records that pages need (an attempt passed, another failed, a third under way) are made by walking, once.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser

from tests.browser.answers import Question
from tests.browser.axe import AxeFindings, run_axe
from tests.browser.devices import PHONE, Device
from tests.browser.journey import (
    START,
    Addresses,
    addresses,
    answer,
    answer_all,
    save_and_continue,
    shown_question,
    submit,
    take_quiz,
)
from tests.browser.people import new_address, sign_in, sign_up

LANGUAGES = ("ar", "fr", "en")
COORDINATOR = "coordinator.centre-ouest@demo.example"
KASSERINE = "TN-42"

# Texts of a page that its interface is responsible for: not names (bdi), not what is marked as another language,
# not the words of lessons, questions and messages.
READ_TEXTS = """() => {
  const own = document.documentElement.lang;
  const skipped = "bdi, code, noscript, script, style, .serial, .prose, .question, .checklist, .mail, [dir=ltr], [data-content]";
  const foreign = (element) => { const marked = element.closest("[lang]"); return marked && marked.lang !== own; };
  // A title that begins with a name (of an association, a course) is judged without it.
  const name = document.querySelector("h1 bdi")?.textContent.trim();
  const texts = [name && document.title.startsWith(name) ? document.title.slice(name.length) : document.title];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (element.closest(skipped) || foreign(element)) continue;
    texts.push(walker.currentNode.data);
  }
  const named = ["aria-label", "placeholder", "title", "alt", "data-label", "data-saved", "data-saving",
    "data-waiting", "data-failed", "data-signed-out", "data-overtaken"];
  for (const element of document.body.querySelectorAll("*")) {
    if (element.closest(skipped) || foreign(element)) continue;
    for (const name of named) {
      const text = element.getAttribute(name);
      // A sentence with its plural forms stands there as JSON.
      if (text) texts.push(...(text.startsWith("{") ? Object.values(JSON.parse(text)) : [text]));
    }
  }
  return texts.map((text) => text.replace(/\\s+/g, " ").trim()).filter(Boolean);
}"""

# Elements that stick out of the screen, for the message; what scrolls inside its own box doesn't count.
MEASURE = """() => {
  const width = window.innerWidth;
  const scrolls = (element) => {
    for (let one = element; one && one !== document.body; one = one.parentElement)
      if (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(one).overflowX)) return true;
    return false;
  };
  const wide = document.scrollingElement.scrollWidth > width
    ? [...document.body.querySelectorAll("*")].filter((element) => {
        const box = element.getBoundingClientRect();
        return box.width && (box.right > width + 1 || box.left < -1) && !scrolls(element);
      }).slice(0, 5).map((element) => element.outerHTML.slice(0, 120))
    : [];
  return { scroll: document.scrollingElement.scrollWidth, inner: width, wide };
}"""


@dataclass(frozen=True)
class PageType:
    """name: for reports. who: whose session. path: from the survey and a language to an address. act: what is
    done on the page before it is looked at."""

    name: str
    who: str
    path: Callable[["Survey", str], str]
    status: int = 200
    act: Callable[[Device], None] | None = None


@dataclass(frozen=True)
class Visit:
    """What was found on one page in one language."""

    url: str
    status: int
    language: str
    direction: str
    texts: list[str]
    scroll_width: int
    inner_width: int
    too_wide: list[str]
    complaints: list[str]
    axe: AxeFindings = field(repr=False)


class Survey:
    """Devices for each person, the records they made, and the visits so far."""

    def __init__(self, browser: Browser, base_url: str) -> None:
        self.browser = browser
        self.base_url = base_url
        self._devices: dict[str, Device] = {}
        self._visits: dict[tuple[str, str], Visit] = {}
        self._questions: dict[int, str] = {}

    def close(self) -> None:
        for device in self._devices.values():
            device.close()

    def visit(self, name: str, language: str) -> Visit:
        """Open the page and look, unless it was looked at before."""
        if (name, language) not in self._visits:
            self._visits[name, language] = self._look(PAGES[name], language)
        return self._visits[name, language]

    def device(self, who: str) -> Device:
        """The phone of a person, signed in where they have an account."""
        if who not in self._devices:
            device = Device.open(self.browser, self.base_url, "fr", **PHONE)
            self._devices[who] = device
            _PEOPLE[who](self, device)
        return self._devices[who]

    def storage(self, who: str) -> Any:
        """The person's session, for a device of another size or scheme."""
        return self.device(who).context.storage_state()

    def _look(self, page_type: PageType, language: str) -> Visit:
        path = page_type.path(self, language)
        device = self.device(page_type.who)
        device.language = language
        device.complaints.clear()
        device.expected_statuses = {page_type.status}
        status = device.go(path)
        if page_type.act is not None:
            page_type.act(device)
        page = device.page
        root = page.locator("html")
        measured = page.evaluate(MEASURE)
        return Visit(
            url=page.url,
            status=status,
            language=root.get_attribute("lang") or "",
            direction=root.get_attribute("dir") or "",
            texts=page.evaluate(READ_TEXTS),
            scroll_width=measured["scroll"],
            inner_width=measured["inner"],
            too_wide=measured["wide"],
            complaints=list(device.complaints),
            axe=run_axe(page),
        )

    # Addresses and records.

    def course(self, language: str) -> Addresses:
        device = self.device("visitor")
        device.language = language
        return addresses(device)

    @cached_property
    def failed_review(self) -> str:
        """The address, without language, of a review of the learner's failed attempt."""
        learner = self.device("learner")
        learner.language = "fr"
        learner.go(self.course("fr").quizzes[0])
        take_quiz(learner, right=False)
        return learner.path.removeprefix("/fr")

    @cached_property
    def passed_review(self) -> str:
        address = self.failed_review
        learner = self.device("learner")
        learner.language = "fr"
        learner.go(f"/fr{address}")
        learner.press_and_arrive("section.result form[action$='/start/'] button")
        answer_all(learner)
        submit(learner)
        return learner.path.removeprefix("/fr")

    @cached_property
    def attempt(self) -> str:
        """The address, without language, of an attempt under way, with the first answers given."""
        learner = self.device("learner")
        learner.language = "fr"
        learner.go(self.course("fr").quizzes[1])
        learner.press_and_arrive(START)
        for _ in range(2):
            answer(learner, shown_question(learner))
            save_and_continue(learner)
        return learner.path.removeprefix("/fr").rsplit("/questions/", 1)[0]

    def question(self, quiz: int, fits: Callable[[Question], bool]) -> str:
        """The address, without language, of a question in an attempt under way at a quiz (by its module, from 0).

        A new attempt asks what wasn't seen, so after some of them each question of a module was asked.
        """
        if quiz not in self._questions:
            taker = self.device("taker")
            taker.language = "fr"
            taker.go(self.course("fr").quizzes[quiz])
            taker.press_and_arrive(START)
            self._questions[quiz] = self._find_question(taker, fits)
        return self._questions[quiz]

    def _find_question(self, taker: Device, fits: Callable[[Question], bool]) -> str:
        for _attempt in range(5):
            questions = taker.path.rsplit("/questions/", 1)[0] + "/questions"
            for position in range(1, taker.page.locator("ol.qnav li").count() + 1):
                taker.go(f"{questions}/{position}/")
                if fits(shown_question(taker)):
                    return taker.path.removeprefix("/fr")
            taker.go(questions.removesuffix("questions") + "summary/")
            submit(taker)
            taker.press_and_arrive("section.result form[action$='/start/'] button")
        raise LookupError("no such question in five attempts")

    @cached_property
    def certificate(self) -> str:
        """The address, without language, of the certificate of the demo's graduate."""
        done = self.device("graduate")
        done.go("/fr/my-learning/")
        done.press_and_arrive("section[aria-labelledby=certificates-title] h3 a")
        return done.path.removeprefix("/fr")

    @cached_property
    def verification(self) -> str:
        self.device("graduate").go(f"/fr{self.certificate}")
        link = self.device("graduate").page.locator("main a[href*='/verify/']").first.get_attribute("href")
        return str(link).removeprefix("/fr")

    @cached_property
    def confirmation(self) -> str:
        """The address, without language, that confirms the newcomer's e-mail address."""
        newcomer = self.device("newcomer")
        newcomer.go("/fr/mailbox/")
        mail = newcomer.page.locator("article.mail", has_text="newcomer.").first
        link = mail.locator("a[href*='confirm-email']").first.get_attribute("href")
        return urlsplit(str(link)).path.removeprefix("/fr")

    @cached_property
    def association(self) -> str:
        coordinator = self.device("coordinator")
        coordinator.go(f"/fr/reports/regions/{KASSERINE}/")
        link = coordinator.page.locator("table a[href*='/reports/associations/']").first.get_attribute("href")
        return str(link).removeprefix("/fr").split("?")[0]

    @cached_property
    def plain(self) -> str:
        """The address of a plain page in French, from the footer or the main menu."""
        visitor = self.device("visitor")
        visitor.go("/fr/")
        known = {"/fr/", "/fr/catalogue/"}
        links = visitor.page.locator(".site-footer nav a, .site-nav a").evaluate_all(
            "all => all.map(a => a.pathname)"
        )
        for link in links:
            if link not in known:
                visitor.go(link)
                if visitor.page.locator("main > .prose").count():
                    return str(link)
        raise LookupError(f"no plain page among {links}")

    def in_language(self, path: str, language: str) -> str:
        """Where the language switch of a page leads."""
        if language == "fr":
            return path
        visitor = self.device("visitor")
        visitor.go(path)
        link = visitor.page.locator(f"ul.languages a[hreflang={language}]").get_attribute("href")
        return str(link)


def _visitor(survey: Survey, device: Device) -> None:
    """Nobody is signed in."""


def _newcomer(survey: Survey, device: Device) -> None:
    sign_up(device, name="Salma Gharbi", email=new_address("newcomer"), region="Kasserine")


def _learner(survey: Survey, device: Device) -> None:
    sign_up(device, name="Hédi Trabelsi", email=new_address("learner"), region="Kasserine")
    device.go(survey.course("fr").home)
    device.press_and_arrive("main form[action$='/enrol/'] button")


def _taker(survey: Survey, device: Device) -> None:
    sign_up(device, name="Ines Jlassi", email=new_address("taker"), region="Kasserine")


def _demo(address: str) -> Callable[[Survey, Device], None]:
    def arrive(survey: Survey, device: Device) -> None:
        sign_in(device, address)

    return arrive


_PEOPLE: dict[str, Callable[[Survey, Device], None]] = {
    "visitor": _visitor,
    "newcomer": _newcomer,
    "learner": _learner,
    "taker": _taker,
    "graduate": _demo("member.done@demo.example"),
    "coordinator": _demo(COORDINATOR),
    "administrator": _demo("admin@demo.example"),
}


def _at(path: str) -> Callable[[Survey, str], str]:
    return lambda survey, language: f"/{language}{path}"


def _send_empty(device: Device) -> None:
    device.press_and_arrive("main form[method=post] button.btn--primary")


def _ask_for_an_archive(device: Device) -> None:
    device.page.select_option("select[name=region]", index=1)
    device.page.fill("textarea[name=reason]", "For the auditors of the donor")
    _send_empty(device)


def _send_wrong_sign_in(device: Device) -> None:
    device.page.fill("input[name=login]", new_address("nobody"))
    device.page.fill("input[name=password]", "not the password")
    device.press_and_arrive("main form button[type=submit]")


def _open_menus(device: Device) -> None:
    if device.page.locator("details.menu--main summary").is_visible():
        device.press("details.menu--main summary")


def _question(quiz: int, fits: Callable[[Question], bool]) -> Callable[["Survey", str], str]:
    return lambda survey, language: f"/{language}{survey.question(quiz, fits)}"


def _not_a_number(device: Device) -> None:
    """An answer that can't be understood, sent by the form itself."""
    device.page.fill("input[name=answer]", "?")
    with device.expecting(422):
        device.press_and_arrive("form[data-answers] button.btn--primary")


_TYPES = [
    PageType("home", "visitor", _at("/")),
    PageType("home with its menu open", "visitor", _at("/"), act=_open_menus),
    PageType("home, signed in", "learner", _at("/")),
    PageType("catalogue", "visitor", lambda s, g: f"{s.course(g).home.rstrip('/').rsplit('/', 1)[0]}/"),
    PageType(
        "search results",
        "visitor",
        lambda s, g: f"/{g}/catalogue/",
        act=lambda d: _search(d, WORD[d.language]),
    ),
    PageType(
        "search without results",
        "visitor",
        lambda s, g: f"/{g}/catalogue/",
        act=lambda d: _search(d, "xyzzy"),
    ),
    PageType("course", "visitor", lambda s, g: s.course(g).home),
    PageType("course, not enrolled", "newcomer", lambda s, g: s.course(g).home),
    PageType("course, enrolled", "learner", lambda s, g: s.course(g).home),
    PageType("course, complete", "graduate", lambda s, g: s.course(g).home),
    PageType("module", "visitor", lambda s, g: s.course(g).modules[0]),
    PageType("module, enrolled", "learner", lambda s, g: s.course(g).modules[0]),
    PageType("lesson", "visitor", lambda s, g: s.course(g).lessons[0]),
    PageType("lesson, enrolled", "learner", lambda s, g: s.course(g).lessons[1]),
    PageType("lesson, done", "graduate", lambda s, g: s.course(g).lessons[2]),
    PageType("lesson on neighbouring duties", "visitor", lambda s, g: s.course(g).lessons[-1]),
    PageType("checklist", "visitor", lambda s, g: s.course(g).checklists[0]),
    PageType("quiz", "visitor", lambda s, g: s.course(g).quizzes[0]),
    PageType("quiz, not started", "learner", lambda s, g: s.course(g).quizzes[2]),
    PageType("quiz, under way", "learner", lambda s, g: (s.attempt, s.course(g).quizzes[1])[1]),
    PageType("quiz, passed", "learner", lambda s, g: (s.passed_review, s.course(g).quizzes[0])[1]),
    PageType("practice", "visitor", lambda s, g: s.course(g).quizzes[1], act=lambda d: _practise(d)),
    PageType(
        "practice, reviewed",
        "visitor",
        lambda s, g: s.course(g).quizzes[1],
        act=lambda d: _practise(d, send=True),
    ),
    PageType("question: number", "taker", _question(0, lambda asked: asked.type == "numeric")),
    PageType(
        "question: several answers", "taker", _question(1, lambda asked: asked.type == "multiple_choice")
    ),
    PageType("question: matching", "taker", _question(2, lambda asked: asked.type == "matching")),
    PageType(
        "question: a case",
        "taker",
        _question(3, lambda asked: asked.type == "true_false" and bool(asked.case)),
    ),
    PageType("question: putting in order", "taker", _question(4, lambda asked: asked.type == "ordering")),
    PageType(
        "question with an error",
        "taker",
        _question(0, lambda asked: asked.type == "numeric"),
        act=_not_a_number,
    ),
    PageType("summary", "learner", lambda s, g: f"/{g}{s.attempt}/summary/"),
    PageType("review, failed", "learner", lambda s, g: f"/{g}{s.failed_review}"),
    PageType("question contested", "learner", lambda s, g: f"/{g}{s.failed_review}../questions/1/contest/"),
    PageType("review, passed", "learner", lambda s, g: f"/{g}{s.passed_review}"),
    PageType("my learning, empty", "newcomer", _at("/my-learning/")),
    PageType("my learning, under way", "learner", _at("/my-learning/")),
    PageType("my learning, complete", "graduate", _at("/my-learning/")),
    PageType("certificate", "graduate", lambda s, g: f"/{g}{s.certificate}"),
    PageType("sign in", "visitor", _at("/accounts/login/")),
    PageType("sign in, refused", "visitor", _at("/accounts/login/"), act=_send_wrong_sign_in),
    PageType("sign up", "visitor", _at("/accounts/signup/")),
    PageType("sign up, with errors", "visitor", _at("/accounts/signup/"), act=_send_empty),
    PageType("password forgotten", "visitor", _at("/accounts/password/reset/")),
    PageType("password forgotten, sent", "visitor", _at("/accounts/password/reset/done/")),
    PageType("confirm an address", "newcomer", lambda s, g: f"/{g}{s.confirmation}"),
    PageType("association", "newcomer", _at("/account/association/?q=a")),
    PageType("profile", "learner", _at("/account/profile/")),
    PageType("my data", "learner", _at("/account/data/")),
    PageType("close account", "learner", _at("/account/close/")),
    PageType("privacy", "visitor", _at("/account/privacy/")),
    PageType("e-mail addresses", "learner", _at("/accounts/email/")),
    PageType("change password", "learner", _at("/accounts/password/change/")),
    PageType("second step", "coordinator", _at("/accounts/2fa/")),
    PageType("second step, to set up", "coordinator", _at("/accounts/2fa/totp/activate/")),
    PageType("password again", "learner", _at("/accounts/reauthenticate/")),
    PageType("sign out", "learner", _at("/accounts/logout/")),
    PageType("check a certificate", "visitor", _at("/verify/")),
    PageType("valid certificate", "visitor", lambda s, g: f"/{g}{s.verification}"),
    PageType("unknown certificate", "visitor", _at("/verify/0000000000000000/"), status=404),
    PageType("mistyped certificate", "visitor", _at("/verify/?code=12345")),
    PageType("check without a connection", "visitor", _at("/verify/offline/")),
    PageType("name link that has ended", "visitor", _at("/verify/0000000000000000/name/x/"), status=404),
    PageType("report: regions", "coordinator", _at("/reports/regions/")),
    PageType("report: whole country", "administrator", _at("/reports/regions/")),
    PageType("report: region", "coordinator", _at(f"/reports/regions/{KASSERINE}/")),
    PageType("report: association", "coordinator", lambda s, g: f"/{g}{s.association}"),
    PageType("report: people", "coordinator", _at("/reports/people/?words=a")),
    PageType("report: export with names", "coordinator", _at(f"/reports/regions/{KASSERINE}/names/")),
    PageType("report: names exported", "administrator", _at("/reports/name-exports/")),
    PageType("archives", "coordinator", _at("/certificates/archives/")),
    PageType("archives, with errors", "coordinator", _at("/certificates/archives/"), act=_send_empty),
    PageType("archives, asked for", "coordinator", _at("/certificates/archives/"), act=_ask_for_an_archive),
    PageType("associations to decide", "coordinator", _at("/associations/pending/")),
    PageType("members to decide", "coordinator", _at("/associations/pending/?show=memberships")),
    PageType("mailbox", "visitor", _at("/mailbox/")),
    PageType("not found", "visitor", _at("/no-such-page/"), status=404),
    PageType("not found, signed in", "learner", _at("/no-such-page/"), status=404),
    PageType("plain page", "visitor", lambda s, g: s.in_language(s.plain, g)),
]
WORD = {"ar": "الجمعية", "fr": "association", "en": "association"}


def _search(device: Device, words: str) -> None:
    device.page.fill("input[name=q]", words)
    device.press_and_arrive("form[role=search] button")


def _practise(device: Device, *, send: bool = False) -> None:
    device.press_and_arrive("main a[href*='/practice/']")
    if send:
        device.page.locator(".question input[type=radio]").first.check()
        device.press_and_arrive("main form button.btn--primary")


PAGES = {page_type.name: page_type for page_type in _TYPES}
CASES = [(name, language) for name in PAGES for language in LANGUAGES]
