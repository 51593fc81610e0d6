"""Facts that accounts state, after commit, robustly. Receivers get ids and times."""

from django.dispatch import Signal

# A person confirmed the name to be printed on their certificates, the first time or again.
# Arguments: user_id (int), at (aware UTC).
certificate_name_confirmed = Signal()
