"""The organisation's keys. Public halves stay for ever: what was signed with them must stay verifiable."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.certificates.enums import KeyPurpose


class SigningKey(models.Model):
    """One key pair for one purpose; at most one of each purpose is active, the others are retired.

    `fingerprint` is the SHA-256 of the public key (DER, SubjectPublicKeyInfo) in hexadecimal. `private_pem` is PKCS#8,
    encrypted with ELEARN_KEY_PASSPHRASE; a retired key has lost it. `certificate_pem` is the X.509 chain of a PDF
    key, the key's own certificate first.
    """

    purpose = models.CharField(_("purpose"), max_length=10, choices=KeyPurpose)
    algorithm = models.CharField(_("algorithm"), max_length=20)
    fingerprint = models.CharField(_("fingerprint"), max_length=64, unique=True)
    public_pem = models.TextField(_("public key"))
    private_pem = models.TextField(_("private key, encrypted"), blank=True)
    certificate_pem = models.TextField(_("X.509 certificates"), blank=True)
    created_at = models.DateTimeField(_("created"))
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True)

    class Meta:
        verbose_name = _("key")
        verbose_name_plural = _("keys")
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["purpose"],
                condition=models.Q(retired_at__isnull=True),
                name="signing_key_one_active_per_purpose",
            ),
            models.CheckConstraint(
                condition=models.Q(retired_at__isnull=False) | ~models.Q(private_pem=""),
                name="signing_key_active_has_private_half",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.fingerprint[:16]}"
