"""`manage.py certificate_key generate|import|list|retire`: the organisation's keys. Never shows a private one."""

import getpass
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from courses.certificates.domain import keys
from courses.certificates.enums import KeyPurpose
from courses.certificates.interfaces.key_files import KeyFileError
from courses.certificates.models import SigningKey

PURPOSES = [purpose.value for purpose in KeyPurpose]
# Of a fingerprint, so many letters are enough to name a key.
SHORTEST_FINGERPRINT = 8
MAX_FILE_BYTES = 100_000


class Command(BaseCommand):
    help = "Makes, imports, lists and retires the organisation's keys: of PDFs, of Open Badges, of QR codes."

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="action", required=True, metavar="generate|import|list|retire")
        generate = commands.add_parser("generate", help="make new keys, and retire those before them")
        generate.add_argument("purpose", choices=[*PURPOSES, "all"])
        generate.add_argument(
            "--missing",
            action="store_true",
            help="only for purposes that have no active key: nothing is retired",
        )
        imported = commands.add_parser("import", help="take the key of a file, and retire the one before it")
        imported.add_argument("purpose", choices=PURPOSES)
        imported.add_argument(
            "file", type=Path, help="PKCS#12, or PEM with the private key (and certificates)"
        )
        imported.add_argument(
            "--passphrase-variable",
            metavar="NAME",
            help="environment variable that holds the file's passphrase; without it, a terminal is asked",
        )
        listed = commands.add_parser("list", help="list all keys, retired ones too")
        listed.add_argument(
            "--public", action="store_true", help="print the public keys and certificates too"
        )
        retire = commands.add_parser(
            "retire", help="take a key out of use for good; what it signed stays valid"
        )
        retire.add_argument("fingerprint", help=f"at least its first {SHORTEST_FINGERPRINT} letters")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        verbs: dict[str, Callable[..., None]] = {
            "generate": self._generate,
            "import": self._import,
            "list": self._list,
            "retire": self._retire,
        }
        try:
            verbs[action](**options)
        except keys.KeyLockedError as error:
            raise CommandError(
                f"{error}. Private keys are kept encrypted with it: set it as the site has it, and keep it."
            ) from error

    def _generate(self, purpose: str, missing: bool, **options: Any) -> None:
        for wanted in KeyPurpose if purpose == "all" else [KeyPurpose(purpose)]:
            if missing and (found := keys.of_purpose(wanted).filter(retired_at__isnull=True).first()):
                self.stdout.write(
                    f"{wanted.value}: {found.fingerprint[:16]} is active already{_expiry(found)}"
                )
                continue
            self._announce(keys.generate(wanted, timezone.now()))

    def _import(self, purpose: str, file: Path, passphrase_variable: str | None, **options: Any) -> None:
        try:
            with file.open("rb") as opened:
                data = opened.read(MAX_FILE_BYTES + 1)
        except OSError as error:
            raise CommandError(f"{file} can't be read: {error.strerror}.") from error
        if len(data) > MAX_FILE_BYTES:
            raise CommandError(f"{file} is larger than any file with a key.")
        passphrase = self._passphrase_of_file(passphrase_variable)
        try:
            self._announce(keys.import_key(KeyPurpose(purpose), data, passphrase, timezone.now()))
        except KeyFileError as error:
            raise CommandError(f"{file}: {error}") from error
        except keys.KeyKnownError as error:
            raise CommandError(
                f"{file}: this key was imported before, with the fingerprint {error}."
            ) from error

    def _list(self, public: bool, **options: Any) -> None:
        for key in SigningKey.objects.order_by("purpose", "-created_at", "-pk"):
            state = f"retired {key.retired_at:%Y-%m-%d %H:%M}" if key.retired_at else "active"
            since = f"since {key.created_at:%Y-%m-%d %H:%M}"
            end = keys.ends_at(key)
            until = f"until {end:%Y-%m-%d %H:%M}" if end else "without end"
            self.stdout.write(
                f"{key.purpose:6} {key.fingerprint[:16]}  {key.algorithm:9} {since}  {until:22}  {state}{_expiry(key)}"
            )
            if public:
                self.stdout.write(key.certificate_pem or key.public_pem)

    def _retire(self, fingerprint: str, **options: Any) -> None:
        if len(fingerprint) < SHORTEST_FINGERPRINT:
            raise CommandError(f"Give at least the first {SHORTEST_FINGERPRINT} letters of the fingerprint.")
        found = list(SigningKey.objects.filter(fingerprint__startswith=fingerprint.lower()))
        if len(found) != 1:
            raise CommandError(f"{len(found) or 'No'} keys have a fingerprint that begins so.")
        if not keys.retire(found[0], timezone.now()):
            raise CommandError("This key was retired before.")
        self.stdout.write(
            f"{found[0].purpose}: {found[0].fingerprint[:16]} is retired, and no key is active. "
            "What it signed stays verifiable; nothing new is signed until there is another."
        )

    def _announce(self, key: SigningKey) -> None:
        self.stdout.write(f"{key.purpose}: {key.fingerprint[:16]} is active ({key.algorithm})")

    def _passphrase_of_file(self, variable: str | None) -> str:
        if variable is None:
            return getpass.getpass("Passphrase of the file: ") if sys.stdin.isatty() else ""
        if variable not in os.environ:
            raise CommandError(f"The environment has no variable {variable}.")
        return os.environ[variable]


def _expiry(key: SigningKey) -> str:
    """What is to be said of the end of an active key, behind its state."""
    found = keys.expiry_of(key, timezone.now())
    if found is None:
        return ""
    return ", expired: nothing is sealed any more" if found.over else ", expires soon"
