"""JSON-LD in the one form that is hashed and signed. Knows the bundled contexts and no network."""

import json
import threading
from functools import cache
from pathlib import Path
from typing import Any

CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"

_FOLDER = Path(__file__).parent / "contexts"
_FILES = {CREDENTIALS: "credentials-v2.json", OPEN_BADGES: "open-badges-3.0.3.json"}
# PyLD keeps the contexts that it has read in caches of the module, which aren't made for threads.
_PYLD = threading.Lock()


class UnknownContextError(Exception):
    """A document names a context that isn't bundled."""


def canonical(document: dict[str, Any]) -> str:
    """The document's RDF dataset as canonical N-Quads (RDFC-1.0, which PyLD calls URDNA2015).

    Raises pyld.jsonld.JsonLdError, with UnknownContextError as its cause for a context that isn't bundled.
    """
    from pyld import jsonld

    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": _load}
    with _PYLD:
        return str(jsonld.normalize(document, options))


def _load(address: str, options: object = None) -> dict[str, Any]:
    """PyLD's document loader: the bundled contexts, and nothing else."""
    if address not in _FILES:
        raise UnknownContextError(address)
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": address,
        "document": _context(address),
    }


@cache
def _context(address: str) -> Any:
    return json.loads((_FOLDER / _FILES[address]).read_bytes())
