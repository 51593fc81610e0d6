"""The door of certificates."""

from courses.certificates.domain.designs import ship as ship_designs
from courses.certificates.domain.eligibility import blockers_of
from courses.certificates.domain.issue import issue_now, request
from courses.certificates.domain.keys import complete_set
from courses.certificates.domain.queries import certificate_for, certificates_of, issued, issued_for
from courses.certificates.enums import Blocker, CertificateState
from courses.certificates.models import Certificate

__all__ = [
    "Blocker",
    "Certificate",
    "CertificateState",
    "blockers_of",
    "certificate_for",
    "certificates_of",
    "complete_set",
    "issue_now",
    "issued",
    "issued_for",
    "request",
    "ship_designs",
]
