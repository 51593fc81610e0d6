from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.translation import gettext_lazy as _


class PersonSession(AbstractBaseSession):
    """A session that knows whose it is, so that closing an account ends all of them, on every device.

    `person_id` is no foreign key: a session must never stand in the way of a write on people.
    """

    person_id = models.BigIntegerField(_("person"), null=True, db_index=True)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")

    def __str__(self) -> str:
        return f"{self.person_id} {self.expire_date:%Y-%m-%d}"

    @classmethod
    def get_session_store_class(cls) -> type:
        from courses.accounts.interfaces.sessions import SessionStore

        return SessionStore
