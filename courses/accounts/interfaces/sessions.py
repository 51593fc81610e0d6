"""The session engine (SESSION_ENGINE): Django's database sessions with the person beside them."""

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from courses.accounts.models.sessions import PersonSession


class SessionStore(DatabaseStore):
    @classmethod
    def get_model_class(cls) -> type[PersonSession]:
        return PersonSession

    def create_model_instance(self, data: dict[str, Any]) -> PersonSession:
        session = super().create_model_instance(data)
        assert isinstance(session, PersonSession)
        person = data.get(SESSION_KEY)
        session.person_id = int(person) if person else None
        return session
