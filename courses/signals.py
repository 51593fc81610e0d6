"""Facts that the core states. Receivers get ids and times, never pages."""

from django.dispatch import Signal

# A signed-in person was shown a lesson. Sent after the response was made, outside any transaction.
# Arguments: request (the HttpRequest, for what was already looked up in it), user_id (int), course_key (UUID),
# activity_key (UUID), locale (language code), revision_id (int or None).
lesson_opened = Signal()
