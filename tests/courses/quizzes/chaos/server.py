"""The server at the other end: the real views at their real addresses."""

import json
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.contrib.messages.storage.base import BaseStorage
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import ResolverMatch, resolve

from courses.accounts.models import User
from tests.courses.quizzes.chaos.network import Reply

_requests = RequestFactory()
_resolve = lru_cache(maxsize=1024)(resolve)


@dataclass
class Server:
    """`whole`: asked through Django's test client, with every middleware and the session in the database. Otherwise the
    view that the address resolves to is called at once, for the same learner; that takes a third of the time.
    """

    learner: User
    whole: bool = True
    _client: Client = field(default_factory=Client)

    def __post_init__(self) -> None:
        self._client.force_login(self.learner)

    def handle(self, method: str, path: str, body: Any) -> Reply:
        """`method` FORM: fields of a page, answered by a redirect or a page; JSON: text of an entry, answered in JSON."""
        kind = {} if method == "FORM" else {"content_type": "application/json"}
        response = (
            self._client.post(path, body, **kind)
            if self.whole
            else self._call(_requests.post(path, body, **kind), _resolve(path))
        )
        data = None if method == "FORM" else json.loads(response.content)
        return Reply(response.status_code, data, response.headers.get("Location", ""))

    def _call(self, request: HttpRequest, match: ResolverMatch) -> HttpResponse:
        request.user = self.learner
        request._messages = _Unread(request)  # type: ignore[attr-defined]
        return match.func(request, *match.args, **match.kwargs)


class _Unread(BaseStorage):
    """Messages for a next page that nobody asks for."""

    def _get(self, *args: Any, **kwargs: Any) -> tuple[list[Any], bool]:
        return [], True

    def _store(self, messages: Any, response: Any, *args: Any, **kwargs: Any) -> list[Any]:
        return []
