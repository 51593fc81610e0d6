"""What all certificates of one course are built from: its rule, the frozen design and its outlines.

Read outside the transaction that asks for a certificate: pictures are copied into the private storage on the way, which
may be slow, and SQLite has one writer. What is written is named by its content, so it doesn't matter who writes it, how
often, and whether a certificate comes of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from courses.certificates.domain.designs import design_of, freeze
from courses.certificates.domain.queries import rule_of
from courses.certificates.domain.snapshot import outlines_of
from courses.certificates.models import CourseRule, DesignVersion
from courses.domain.outline import CourseOutline


@dataclass(frozen=True)
class CourseBasis:
    """As it was at one moment. Good for the certificates that are asked for at that moment, and for no others."""

    rule: CourseRule
    design: DesignVersion
    outlines: Mapping[str, CourseOutline]


# By the course's key. For one request, or those of one batch: they share the time of the request.
Bases = dict[UUID, CourseBasis]


def basis_of(course_key: UUID, at: datetime) -> CourseBasis:
    """Read afresh. Raises what `designs.freeze` raises where a picture of the design is lost or broken."""
    rule = rule_of(course_key)
    return CourseBasis(rule, freeze(design_of(rule), at), outlines_of(course_key))
