"""Bring a site to the point where courses can be imported and trainers can write."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from elearn.starter.website import make_website


class Command(BaseCommand):
    help = (
        "Makes what is missing: the locales, the front page, catalogue and plain pages of each language, and the "
        "rights of trainers (also those that a newer version or a plugin asks for), and two designs of certificates "
        "where there is none. Changes no page that is there."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            make_website()
        self.stdout.write("The site has its first pages in every language, and trainers have their rights.")
