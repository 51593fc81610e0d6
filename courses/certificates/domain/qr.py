"""What stands in the QR code of a certificate, and the keys with which anybody checks it."""

from datetime import datetime
from typing import TYPE_CHECKING, cast

from courses.certificates.domain import keys
from courses.certificates.domain.snapshot import content_of
from courses.certificates.enums import KeyPurpose
from courses.certificates.interfaces.qr_payload import QrFacts, fragment, jwk
from courses.certificates.models import Certificate

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey, EllipticCurvePublicKey


def qr_text(certificate: Certificate, at: datetime) -> str:
    """The printed address, and behind `#` the facts that a phone without a connection can check.

    Signed anew at each call. Raises what `keys.active` and `keys.private_half` raise without a key.
    """
    content, initials = content_of(certificate.snapshot), certificate.snapshot["initials"]
    key = keys.active(KeyPurpose.QR, at)
    facts = QrFacts(
        serial=certificate.serial,
        course_code=content.course_code,
        initials_latin=initials["latin"],
        initials_arabic=initials["arabic"],
        completed_on=content.completed_on,
        issued_on=content.issued_on,
        valid_until=content.valid_until,
    )
    private = cast("EllipticCurvePrivateKey", keys.private_half(key))
    return f"{content.verify_url}#{fragment(facts, private, key.fingerprint)}"


def public_keys() -> list[dict[str, str]]:
    """All keys for QR codes, retired ones included, as JWK; newest first. One query."""
    return [
        jwk(cast("EllipticCurvePublicKey", keys.public_half(key)), key.fingerprint)
        for key in keys.of_purpose(KeyPurpose.QR)
    ]
