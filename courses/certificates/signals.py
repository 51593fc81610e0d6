"""Facts that certificates state, after commit, robustly. Receivers get ids and times."""

from django.dispatch import Signal

# A certificate was asked for and waits to be made; sent once. The sweep repairs a lost signal. Not sent by an issue in
# bulk, which makes each one at once.
# Arguments: certificate_id (int), at (aware UTC).
certificate_requested = Signal()

# A certificate is READY; sent once for each certificate.
# Arguments: certificate_id (int), enrolment_id (int), at (aware UTC).
certificate_issued = Signal()
