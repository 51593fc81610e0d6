"""What people do about their account, by its fields and addresses: the same in every language."""

import re
from uuid import uuid4

from tests.browser.devices import Device

DEMO_PASSWORD = "demo"
PASSWORD = "trois palmiers et un puits"


# The form that asks for the name to be printed, and the link to its page.
NAME_FORM = "main form[action$='/certificate-name/']"
NAME_LINK = "main a[href*='/certificate-name/']"


def new_address(name: str) -> str:
    return f"{name}.{uuid4().hex[:8]}@example.org"


def sign_in(device: Device, login: str, password: str = DEMO_PASSWORD, *, after: str = "") -> None:
    """Through the form; lands on `after` (a path) or on the learner's home."""
    query = f"?next={after}" if after else ""
    device.go(f"/{device.language}/accounts/login/{query}")
    device.page.fill("input[name=login]", login)
    device.page.fill("input[name=password]", password)
    device.press_and_arrive("main form button[type=submit]")
    assert "/accounts/login/" not in device.page.url, device.text()


def sign_out(device: Device) -> None:
    device.press("details.menu--account summary")
    device.press_and_arrive("details.menu--account form[action$='/logout/'] button")


def fill_sign_up(device: Device, *, name: str, email: str, region: str) -> None:
    """Fill the form that is on the screen, and send it."""
    page = device.page
    page.fill("input[name=display_name]", name)
    page.fill("input[name=email]", email)
    page.fill("input[name=password1]", PASSWORD)
    page.select_option("select[name=region]", label=region)
    page.check("input[name=adult]")
    device.press_and_arrive("main form[action$='/signup/'] button[type=submit]")
    assert "/accounts/signup/" not in page.url, device.text()


def sign_up(device: Device, *, name: str, email: str, region: str, association: str = "") -> None:
    """Create an account and name an association, or answer that there is none."""
    device.go(f"/{device.language}/accounts/signup/")
    fill_sign_up(device, name=name, email=email, region=region)
    name_association(device, association)


def name_association(device: Device, association: str) -> None:
    """On the page that follows sign-up: search for the association and choose it, or say that there is none."""
    page = device.page
    if association:
        page.fill("main form[role=search] input[name=q]", association)
        device.press_and_arrive("main form[role=search] button")
        page.locator("label.choice", has_text=association).first.locator("input").check()
    else:
        page.check("input[name=choice][value=none]")
    device.press_and_arrive("main form[method=post] button.btn--primary")


def confirm_address(device: Device, email: str) -> None:
    """Open the confirmation link from the mailbox page and confirm."""
    device.go(f"/{device.language}/mailbox/")
    mail = device.page.locator("article.mail", has_text=email).first
    link = mail.locator("pre a[href*='confirm-email']").first.get_attribute("href")
    assert link is not None
    device.go(re.sub(r"^https?://[^/]+", "", link))
    device.press_and_arrive("main form button")


def confirm_name(device: Device, *, latin: str = "", arabic: str = "") -> None:
    """In the form on the screen, say which name is printed on certificates; what is left out stays as proposed."""
    for field, text in (("latin", latin), ("arabic", arabic)):
        if text:
            device.page.fill(f"{NAME_FORM} input[name=certificate_name_{field}]", text)
    device.press_and_arrive(f"{NAME_FORM} button")
