"""Repairs of the summaries: what a lost signal, a killed process or a changed course left behind."""

from datetime import datetime

from courses.progress.domain.audit import summaries_out_of_line
from courses.progress.domain.recording import recompute


def heal_progress(*, at: datetime) -> int:
    """Recompute every unfinished enrolment whose summary differs from its ledger; how many were."""
    healed = 0
    for enrolment in summaries_out_of_line():
        recompute(enrolment, at=at)
        healed += 1
    return healed
