"""The status of badges: W3C's Bitstring Status List, one bit for each certificate."""

import gzip
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from courses.certificates.interfaces.badges.issuer import issuer_id, site
from courses.certificates.interfaces.badges.linked_data import CREDENTIALS
from courses.certificates.interfaces.badges.multibase import base64url
from courses.certificates.interfaces.badges.proof import stamp

# The least that the recommendation allows, so that nobody stands alone in a list: 16 KiB before compression.
LIST_SIZE = 131_072
# How long a list may be kept, and after which time an old copy says nothing any more.
KEPT = timedelta(minutes=5)
LASTS = timedelta(days=1)


def place_of(position: int) -> tuple[int, int]:
    """The number of the list and the index in it, of a certificate's `badge_position`."""
    return divmod(position, LIST_SIZE)


def random_position(number: int) -> int:
    """One of those in list `number`."""
    return number * LIST_SIZE + secrets.randbelow(LIST_SIZE)


def list_address(number: int) -> str:
    return site() + reverse("badges:status", args=[number])


def status_entry(position: int) -> dict[str, Any]:
    """What a credential says of where its status is."""
    number, index = place_of(position)
    address = list_address(number)
    return {
        "id": f"{address}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(index),
        "statusListCredential": address,
    }


def status_list(number: int, withdrawn: Iterable[int], at: datetime) -> dict[str, Any]:
    """List `number` as an unsigned credential. `withdrawn`: the indexes whose badge isn't good any more."""
    address = list_address(number)
    return {
        "@context": [CREDENTIALS],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer_id(),
        "validFrom": stamp(at),
        "validUntil": stamp(at + LASTS),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": _encoded(withdrawn),
            "ttl": int(KEPT.total_seconds() * 1000),
        },
    }


def _encoded(withdrawn: Iterable[int]) -> str:
    """The first index is the leftmost bit of the first byte. Raises IndexError beyond LIST_SIZE."""
    bits = bytearray(LIST_SIZE // 8)
    for index in withdrawn:
        bits[index // 8] |= 0x80 >> (index % 8)
    return base64url(gzip.compress(bytes(bits), mtime=0))
