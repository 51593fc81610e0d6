"""Saving people from forms: only what the form asks, and never over an account that was closed meanwhile."""

from django.db import transaction
from django.forms import ModelForm
from django.http import Http404

from courses.accounts.models import User


class PersonSavingMixin(ModelForm):
    """A form was filled from a row read earlier. Writing that row whole would bring back a closed account's name
    or a right that was taken away in between; so the row is locked, and only the form's columns are written."""

    def save(self, commit: bool = True) -> User:
        """Atomic. Http404 if the account is closed."""
        if not commit or self.instance.pk is None:
            return super().save(commit=commit)
        with transaction.atomic():
            standing = self.lock()
            if standing is None or standing.erased_at is not None:
                raise Http404
            person: User = super().save(commit=False)
            person.save(update_fields=self.columns())
            self.save_m2m()
            self.after_save(person, standing)
        return person

    def lock(self) -> User | None:
        """The row as it stands, held until the end of the transaction; None if there is none."""
        return User.objects.select_for_update().filter(pk=self.instance.pk).first()

    def columns(self) -> list[str]:
        """The names of the columns that the form writes."""
        names = [field.name for field in User._meta.concrete_fields if field.name in self.fields]
        if self.cleaned_data.get("password1"):
            names.append("password")
        return names

    def after_save(self, person: User, before: User) -> None:
        """What follows from the change, in the same transaction; `before` is the row as it stood."""


def set_password(person: User, password: str) -> None:
    """Write the password alone. Atomic. Http404 if the account is closed."""
    with transaction.atomic():
        if not User.objects.select_for_update().filter(pk=person.pk, erased_at__isnull=True).exists():
            raise Http404
        person.set_password(password)
        person.save(update_fields=["password"])


def replace_address(person: User, *, keep_session: str | None = None) -> None:
    """Make `person.email` the only address, unconfirmed, and end the person's sessions but `keep_session`.

    The former address must neither sign in nor get a link for a new password. Runs in the caller's transaction.
    """
    from allauth.account.models import EmailAddress

    from courses.accounts.models import PersonSession

    EmailAddress.objects.filter(user=person).delete()
    if person.email:
        EmailAddress.objects.create(user=person, email=person.email, verified=False, primary=True)
    PersonSession.objects.filter(person_id=person.pk).exclude(session_key=keep_session or "").delete()
