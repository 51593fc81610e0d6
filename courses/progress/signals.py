"""Facts that progress states, after commit, robustly. Receivers get ids and times."""

from django.dispatch import Signal

# An activity's rule was met for the first time in an enrolment.
# Arguments: enrolment_id (int), activity_key (UUID), at (aware UTC).
activity_completed = Signal()

# A course became complete, once for each enrolment. The sweep of whoever acts on it repairs a lost signal.
# Arguments: enrolment_id (int), at (aware UTC).
course_completed = Signal()
