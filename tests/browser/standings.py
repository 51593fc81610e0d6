"""A certificate in each standing, written straight into a running site's database.

    python -m tests.browser.standings      (under the settings of the site)

Prints JSON: see `Shown`. A process of its own: while Playwright is open, Django refuses its database in that thread.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from tests.browser.planting import planted_course, session_of, storage_of
from tests.browser.running import ROOT, RunningSite


@dataclass(frozen=True)
class Shown:
    """One certificate. `link` is the path, without language, of a link with the full name; empty where none is made.
    `storage` signs its holder in.
    """

    serial: str
    uuid: str
    link: str
    session: str

    @property
    def storage(self) -> dict[str, Any]:
        return storage_of(self.session)


def plant_standings(site: RunningSite) -> dict[str, Shown]:
    """By the word of the standing. Raises RuntimeError with what the process printed."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.browser.standings"],
        cwd=ROOT,
        env=site.environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    return {word: Shown(**one) for word, one in json.loads(done.stdout.splitlines()[-1]).items()}


def main() -> None:
    import django

    django.setup()
    from django.db import transaction
    from django.utils import timezone

    from courses.accounts.enums import MembershipStatus
    from courses.accounts.models import Association, Membership, User
    from courses.certificates.domain.privacy import make_name_link, show_association
    from courses.certificates.enums import Standing
    from tests.factories.certificates import certificate_in

    key, now = uuid4(), timezone.now()
    shown = {}
    for number, standing in enumerate(Standing):
        # A course for each: the validity of one isn't the others'.
        course = planted_course()
        user = User.objects.create(
            display_name="Zohra Trabelsi",
            member_code=f"ST{key.hex[:6]}{number}",
            certificate_name_latin="Zohra Trabelsi",
            certificate_name_arabic="زهرة الطرابلسي",
            certificate_name_confirmed_at=now,
            adult_declared_at=now,
        )
        association = Association.objects.filter(status="approved").order_by("pk")[0]
        Membership.objects.create(
            user=user, association=association, status=MembershipStatus.CONFIRMED, started_on=now.date()
        )
        session = session_of(user)
        # In one transaction: the worker of the site hears of it when it is done, and doesn't issue one of its own.
        with transaction.atomic():
            certificate = certificate_in(standing, user, course)
        link = ""
        if standing in (Standing.VALID, Standing.EXPIRING, Standing.EXPIRED):
            show_association(certificate.pk, True, now, user.pk)
            token = make_name_link(certificate.pk, 7, now, user.pk)
            link = f"/verify/{certificate.serial}/name/{token}/"
        shown[standing.value] = {
            "serial": certificate.serial,
            "uuid": str(certificate.uuid),
            "link": link,
            "session": session,
        }
    print(json.dumps(shown))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elearn.settings.local")
    main()
