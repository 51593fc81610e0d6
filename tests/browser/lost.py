"""A learner, an attempt of one's own, and what must be true in the end: every answer that was shown as saved is in the
database exactly once, and the device keeps nothing any more."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, Response

from tests.browser.devices import PHONE, Device
from tests.browser.journal import Row, grades_of, rows_of
from tests.browser.planting import Planted, Sitting
from tests.browser.running import RunningSite
from tests.browser.saving import expect_state, kept_on, shown


@dataclass
class Scene:
    """What a scenario plays with. Devices are this learner's unless another `sitting` is named."""

    device: Callable[..., Device]
    site: RunningSite
    planted: Planted
    sitting: Sitting
    # (question, device, sequence, value) of every answer that a device was told is saved.
    receipts: list[tuple[str, str, int, Any]] = field(default_factory=list)

    def phone(self, *, sitting: Sitting | None = None, **options: Any) -> Device:
        phone = self.device("fr", storage=(sitting or self.sitting).storage, **PHONE, **options)
        if sitting is None:
            self.listen(phone.context)
        return phone

    def listen(self, context: BrowserContext) -> None:
        context.on("response", self._heard)

    def _heard(self, response: Response) -> None:
        if response.url.endswith(f"/{self.sitting.attempt}/answers/") and response.status == 200:
            sent = response.request.post_data_json
            self.receipts.append((sent["question"], sent["device"], sent["sequence"], sent["value"]))

    def path(self, kind: str = "single_choice") -> str:
        return f"{self.base}questions/{self.planted.types.index(kind) + 1}/"

    @property
    def base(self) -> str:
        return f"/fr/quizzes/attempts/{self.sitting.attempt}/"

    def opened(self, kind: str = "single_choice") -> Device:
        phone = self.phone()
        phone.go(self.path(kind))
        return phone

    # --- what the server holds ------------------------------------------------------------------

    def on_server(self, kind: str = "single_choice") -> list[Any]:
        """What another device is shown."""
        other = self.phone(script=False)
        other.go(self.path(kind))
        found = shown(other.page)
        other.close()
        return found

    def rows(self, kind: str = "single_choice") -> list[Row]:
        key = self.planted.questions[self.planted.types.index(kind)]
        return [row for row in rows_of(self.site, self.sitting.attempt) if row.question == key]

    def grades(self) -> list[tuple[str, int | None]]:
        return grades_of(self.site, self.sitting.attempt)

    def expect_saved(self, phone: Device, given: list[Any], kind: str = "single_choice") -> None:
        """The screen says so, the server shows it to others, and the device keeps nothing."""
        expect_state(phone.page, "saved")
        assert self.on_server(kind) == given
        assert kept_on(phone.page) == 0

    def judge(self) -> None:
        rows = rows_of(self.site, self.sitting.attempt)
        held = Counter((row.question, row.device, row.sequence) for row in rows)
        assert set(held.values()) <= {1}, held
        lost = [receipt for receipt in self.receipts if not any(_is(row, *receipt) for row in rows)]
        assert lost == [], f"shown as saved, and not in the database: {lost}"


def _is(row: Row, question: str, device: str, sequence: int, value: Any) -> bool:
    """Orders and places are stored in another form than they are sent in; what they say is asked of the page."""
    same = isinstance(value, dict) or row.value == value or str(row.value).lower() == str(value).lower()
    return (row.question, row.device, row.sequence) == (question, device, sequence) and same
