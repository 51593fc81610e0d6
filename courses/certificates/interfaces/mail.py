"""Letters to holders, in their own language. Plain text; who is written to, and when, is decided in `domain`."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from types import MappingProxyType
from urllib.parse import urljoin

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language, override

from courses.accounts.api import User, has_consent
from courses.accounts.enums import ConsentKind
from courses.certificates.domain.queries import issued
from courses.certificates.enums import Supersession
from courses.certificates.models import Certificate
from courses.lib.site_name import site_name

CORRECTIONS = frozenset({Supersession.CORRECTED, Supersession.AMENDED})


def wants_reminders(user: User) -> bool:
    """Whether the person agreed to be reminded by e-mail, and it stands."""
    return has_consent(user, ConsentKind.REMINDERS)


class Post:
    """An open connection to the mail server. A server that isn't there shows before any letter is claimed."""

    def __init__(self, connection: BaseEmailBackend) -> None:
        self._connection = connection

    def certificate_issued(self, user: User, certificate: Certificate) -> Callable[[], object]:
        """That the certificate is there, or that a corrected one took another one's place; sent by the call of what
        is returned.
        """
        corrected = certificate.supersedes_because in CORRECTIONS and _took_a_place(certificate)
        return self._letter("corrected" if corrected else "issued", user, certificate)

    def certificate_expiring(self, user: User, certificate: Certificate) -> Callable[[], object]:
        """That the certificate will soon not count any more, and what to do."""
        last_day = date.fromisoformat(certificate.snapshot["content"]["valid_until"])
        return self._letter("expiring", user, certificate, {"last_day": last_day})

    def _letter(
        self,
        name: str,
        user: User,
        certificate: Certificate,
        values: Mapping[str, object] = MappingProxyType({}),
    ) -> Callable[[], object]:
        with override(user.language):
            titles = certificate.snapshot["content"]["course_title"]
            context = {
                **values,
                "title": titles.get(get_language()) or next(iter(titles.values())),
                "url": urljoin(
                    settings.WAGTAILADMIN_BASE_URL,
                    reverse("certificates:certificate", args=[certificate.uuid]),
                ),
                "site_name": site_name(),
            }
            subject = render_to_string(f"courses_certificates/email/{name}_subject.txt", context)
            message = render_to_string(f"courses_certificates/email/{name}_message.txt", context)
        letter = EmailMessage(
            f"{' '.join(subject.split())} · {context['site_name']}",
            message.strip() + "\n",
            None,
            [str(user.email)],
            connection=self._connection,
        )
        return letter.send


def _took_a_place(certificate: Certificate) -> bool:
    """Whether a version before it was issued: an amended first one that couldn't be made is nobody's successor."""
    versions = issued().filter(enrolment_id=certificate.enrolment_id, version__lt=certificate.version)
    return versions.exists()


@contextmanager
def post() -> Iterator[Post]:
    """Raises what the mail server's absence raises, at once."""
    connection = get_connection()
    connection.open()
    try:
        yield Post(connection)
    finally:
        connection.close()
