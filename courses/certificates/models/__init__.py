"""The records of certificates."""

from courses.certificates.models.certificates import Certificate, CertificateEvent, NameLink
from courses.certificates.models.designs import CertificateDesign, DesignLogo, DesignSignatory
from courses.certificates.models.keys import SigningKey
from courses.certificates.models.rules import CourseRule, DesignVersion
from courses.certificates.models.runs import Archive, IssueItem, IssueRun

__all__ = [
    "Archive",
    "Certificate",
    "CertificateDesign",
    "CertificateEvent",
    "CourseRule",
    "DesignLogo",
    "DesignSignatory",
    "DesignVersion",
    "IssueItem",
    "IssueRun",
    "NameLink",
    "SigningKey",
]
