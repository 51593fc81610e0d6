"""Load the demonstration: a site in three languages, the shipped course, associations, people who learn."""

import io
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from elearn.celery import make_queue_folders
from elearn.demo.people import ACCOUNTS, DOMAIN, PASSWORD, make_accounts, make_associations, make_population
from elearn.starter.website import make_course, make_website

NEEDED = ("courses.progress", "courses.quizzes", "courses.certificates")
DONE = f"member.done@{DOMAIN}"


class Command(BaseCommand):
    # A second run takes a second; `make run` has just checked the configuration.
    requires_system_checks = ()
    help = "Load the demonstration's data. Safe to repeat: what is there stays. Refused in production."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.ELEARN_DEMO_ALLOWED:
            raise CommandError("The demonstration can't be loaded under these settings: nothing was written.")
        if missing := [name for name in NEEDED if not apps.is_installed(name)]:
            # No failure: a site without them still starts.
            self.stdout.write(
                f"Demo data: none, because these plugins are switched off: {', '.join(missing)}."
            )
            return
        # These hang on plugins that may be off.
        from elearn.demo.learning import complete_course, make_programme, teach_population

        now = timezone.now()
        make_queue_folders()
        call_command("load_regions", verbosity=0, stdout=io.StringIO())
        make_website()
        make_course(now)
        make_associations()
        make_accounts(now)
        make_programme(now)
        teach_population(make_population(now), now)
        certificate = complete_course(DONE, now)
        self.stdout.write(f"Demo data: sign in with one of these addresses and the password '{PASSWORD}'.")
        width = max(len(account.email) for account in ACCOUNTS)
        for account in ACCOUNTS:
            self.stdout.write(f"  {account.email:<{width}}  {account.says}")
        self.stdout.write(f"The certificate of {DONE} is checked at")
        self.stdout.write(f"  {certificate.snapshot['content']['verify_url']}")
