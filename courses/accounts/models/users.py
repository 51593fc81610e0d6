import uuid
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.accounts.enums import AssociationAnswer


class UserManager(BaseUserManager["User"]):
    use_in_migrations = True

    def create_user(self, email: str | None = None, password: str | None = None, **fields: object) -> "User":
        """An active user without rights. Needs an e-mail address or a `member_code`; ValueError without both."""
        if not email and not fields.get("member_code"):
            raise ValueError("A user needs an e-mail address or a member code.")
        user = self.model(email=self.normalize_email(email).lower() if email else None, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        return self.create_user(email, password, is_superuser=True, is_staff=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account, of 18 or more.

    Signs in by e-mail, or by a member code where the person has no address. `uuid` is the public identity in
    exports. An erased person keeps the row (records point to it) with every personal field emptied.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail address"), null=True, blank=True, unique=True)
    member_code = models.CharField(_("member code"), max_length=20, null=True, blank=True, unique=True)
    display_name = models.CharField(_("name shown on the site"), max_length=120, blank=True)
    certificate_name_latin = models.CharField(
        _("name on certificates, in Latin letters"), max_length=120, blank=True
    )
    certificate_name_arabic = models.CharField(
        _("name on certificates, in Arabic letters"), max_length=120, blank=True
    )
    # Empty: the person was never asked, or never answered; certificates wait for it.
    certificate_name_confirmed_at = models.DateTimeField(
        _("name on certificates confirmed"), null=True, blank=True, editable=False
    )
    language = models.CharField(_("preferred language"), max_length=10, default="fr")
    time_zone = models.CharField(_("time zone"), max_length=64, default="Africa/Tunis")
    region = models.ForeignKey(
        "courses_accounts.Region", on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("region")
    )
    # Empty: never asked, or a member of one (the memberships say which).
    association_answer = models.CharField(
        _("answer about the association"), max_length=20, choices=AssociationAnswer, blank=True
    )
    adult_declared_at = models.DateTimeField(_("declared to be 18 or more"), null=True, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may enter the admin"), default=False)
    date_joined = models.DateTimeField(_("date joined"), default=timezone.now)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_unique_ci"),
            models.UniqueConstraint(Lower("member_code"), name="user_member_code_unique_ci"),
        ]

    def __str__(self) -> str:
        return self.get_full_name()

    def save(self, *args: Any, **kwargs: Any) -> None:
        # Empty strings would collide in the unique columns; some writers (allauth, forms) send them.
        self.email = self.email or None
        self.member_code = self.member_code or None
        super().save(*args, **kwargs)

    def clean(self) -> None:
        # AbstractBaseUser.clean would turn a missing address into an empty string.
        self.email = self.email.strip().lower() if self.email else None
        self.member_code = self.member_code.strip().upper() if self.member_code else None

    def get_username(self) -> str:
        return self.email or self.member_code or str(self.uuid)

    def natural_key(self) -> tuple[str]:
        return (self.get_username(),)

    def get_full_name(self) -> str:
        """The name shown to the person and to coordinators; never the e-mail address."""
        return (
            self.display_name
            or self.certificate_name_latin
            or self.certificate_name_arabic
            or self.member_code
            or ""
        )

    def get_short_name(self) -> str:
        return self.get_full_name()

    @property
    def first_name(self) -> str:
        """Wagtail's screens read it; the product keeps one display name."""
        return self.display_name

    @property
    def last_name(self) -> str:
        return ""
