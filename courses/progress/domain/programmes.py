"""The programme that an invitation link names, kept in the session until the person enrols."""

from uuid import UUID

from django.http import HttpRequest

SESSION_KEY = "programme"
MAX_LENGTH = 40


def remember_programme(request: HttpRequest, course_key: UUID, programme: str) -> None:
    """Keep the code (upper case, at most 40 characters) for the enrolment in this course."""
    request.session[SESSION_KEY] = {str(course_key): programme.upper()[:MAX_LENGTH]}


def programme_of_request(request: HttpRequest, course_key: UUID) -> str:
    """The code remembered for this course; empty for none."""
    remembered = request.session.get(SESSION_KEY, {})
    return str(remembered.get(str(course_key), ""))
