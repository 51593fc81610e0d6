"""Who is signed in, read with what nearly every page asks next."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import Exists, OuterRef

from courses.accounts.models import RoleGrant, User


class PersonBackend(AuthenticationBackend):
    """allauth's sign-in. The person of a session comes with `holds_a_role`, so that a learner's pages, the most by
    far, needn't ask for roles (see `domain.queries.has_role`).
    """

    def get_user(self, user_id: Any) -> User | None:
        grants = RoleGrant.objects.filter(user_id=OuterRef("pk"))
        person = User.objects.annotate(holds_a_role=Exists(grants)).filter(pk=user_id).first()
        return person if person is not None and self.user_can_authenticate(person) else None
