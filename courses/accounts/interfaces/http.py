"""Requests of people who are signed in."""

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from courses.accounts.models import User


class PersonRequest(HttpRequest):
    """For annotations: what a view behind `login_required` gets."""

    user: "User"
