"""How allauth's accounts are ours."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from courses.accounts.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up by e-mail; a member code is only ever given out by a coordinator."""

    def populate_username(self, request: HttpRequest, user: User) -> None:
        """allauth would invent a user name from the address; the member code stays empty."""
