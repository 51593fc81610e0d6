"""The proof, against the published example of the cryptosuite."""

import json
import socket
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pyld.jsonld import JsonLdError

from courses.certificates.interfaces.badges import linked_data
from courses.certificates.interfaces.badges.linked_data import CREDENTIALS, UnknownContextError, canonical
from courses.certificates.interfaces.badges.proof import signed, stamp

EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"
# Data Integrity EdDSA Cryptosuites v1.0 (W3C Recommendation), TestVectors/eddsa-rdfc-2022.
SEED = bytes.fromhex("c96ef9ea10c5e414c471723aff9de72c35fa5b70fae97e8832ecac7d2e2b8ed6")
KEY = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
VECTOR = {
    "@context": [CREDENTIALS, EXAMPLES],
    "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    "type": ["VerifiableCredential", "AlumniCredential"],
    "name": "Alumni Credential",
    "description": "A minimum viable example of an Alumni Credential.",
    "issuer": "https://vc.example/issuers/5678",
    "validFrom": "2023-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
}
PROOF_VALUE = "z2YwC8z3ap7yx1nZYCg4L3j3ApHsF8kgPdSb5xoS1VR7vPG3F561B52hYnQF9iseabecm3ijx4K1FBTQsCZahKZme"


def test_proof_is_the_published_one(monkeypatch, tmp_path):
    examples = tmp_path / "examples.json"
    examples.write_text(json.dumps({"@context": {"@vocab": "https://www.w3.org/ns/credentials/examples#"}}))
    monkeypatch.setitem(linked_data._FILES, EXAMPLES, str(examples))

    document = signed(
        VECTOR,
        Ed25519PrivateKey.from_private_bytes(SEED),
        method=f"did:key:{KEY}#{KEY}",
        created=datetime(2023, 2, 24, 23, 36, 38, tzinfo=UTC),
    )

    assert document == {
        **VECTOR,
        "proof": [
            {
                "type": "DataIntegrityProof",
                "cryptosuite": "eddsa-rdfc-2022",
                "created": "2023-02-24T23:36:38Z",
                "verificationMethod": f"did:key:{KEY}#{KEY}",
                "proofPurpose": "assertionMethod",
                "proofValue": PROOF_VALUE,
            }
        ],
    }


def test_time_is_written_in_utc_to_the_second():
    assert stamp(datetime.fromisoformat("2026-03-01T00:30:15.987654+01:00")) == "2026-02-28T23:30:15Z"


def test_context_that_is_not_bundled_is_refused_without_asking_the_network(monkeypatch):
    monkeypatch.setattr(socket, "socket", lambda *_args, **_named: pytest.fail("asked the network"))
    document = {**VECTOR, "@context": [CREDENTIALS, "https://www.w3.org/ns/credentials/undefined/v2"]}

    with pytest.raises(JsonLdError) as refused:
        canonical(document)

    causes = []
    error = refused.value
    while error is not None:
        causes.append(type(error))
        error = error.__cause__ or error.__context__
    assert UnknownContextError in causes
