"""The public surface, and what an import costs."""

from __future__ import annotations

import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import did
import status.store
import vc_core.batch
import vc_core.status_lists
from did.methods import METHODS
from vc_core import ALGORITHMS, CODES, CRYPTOSUITES

HEAVY = ("pyld", "numpy", "click", "jsonschema_rs", "requests", "httpx", "aiohttp", "urllib3", "socket", "http.client")


@pytest.mark.parametrize("package", [vc_core, vc_core.batch, did, status, status.store, vc_core.status_lists])
def test_all_is_sorted_complete_and_exact(package: object) -> None:
    names = package.__all__
    assert len(set(names)) == len(names)
    assert set(names) == {name for name in names if hasattr(package, name)}
    assert package.__doc__
    assert ">>>" in package.__doc__


def test_vc_core_exports_these_names() -> None:
    """A name that goes, or comes, is a change for users: it is made here as well, and in the changelog."""
    assert sorted(vc_core.__all__) == [
        *("ALGORITHMS", "ANY_ISSUER", "Algorithm", "CODES", "CRYPTOSUITES", "Check", "Contexts"),
        *("Credential", "Cryptosuite", "DataIntegrity", "ED25519_OPENSSL", "ENVELOPES", "Envelope"),
        *("Evidence", "JWTVC", "JWTVP", "Json", "LimitExceeded", "Limits", "LocalSigner", "MemoryNonces"),
        *("NO_EVIDENCE", "Nonces", "Outcome", "PINNED_CONTEXTS", "ParsingError", "Policy", "Presentation"),
        *("PresentationPolicy", "PresentationResult", "Problem", "ProofGenerationError"),
        *("ProofTransformationError", "ProofVerificationError", "ProvenMethod", "SDJWTVC", "SQLiteNonces"),
        *("Securing", "Signer", "VCCOSE", "VCError", "VCJWT", "VCSDJWT", "VPCOSE", "VPJWT", "VPSDJWT"),
        *("Verdict", "VerificationError", "VerificationResult", "is_presentation", "issue", "present"),
        *("sd_jwt", "verify", "verify_presentation"),
    ]


def test_status_lists_exports_these_names() -> None:
    assert sorted(vc_core.status_lists.__all__) == [
        *("Description", "EvidenceLists", "ListSecuring", "check_list", "context_of_entries", "describe"),
        *("list_credential", "media_type", "open_list", "read_aggregation", "seal_list", "serving_application"),
        *("status_claims", "status_lists", "write_aggregation"),
    ]


def test_batch_exports_these_names() -> None:
    assert sorted(vc_core.batch.__all__) == ["JOB_CODES", "JobError", "WorkerLimits", "verify_many"]


def test_importing_the_core_loads_nothing_heavy() -> None:
    code = f"import sys, vc_core; print([name for name in {HEAVY!r} if name in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "[]"


def test_tables_cannot_be_changed() -> None:
    for table in (ALGORITHMS, CRYPTOSUITES, METHODS, CODES):
        with pytest.raises(TypeError):
            table["new"] = None


def test_every_module_says_what_it_is() -> None:
    names = [
        module.name
        for package in (vc_core, did, status)
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        if not module.name.endswith("__main__")
    ]
    assert [name for name in names if not importlib.import_module(name).__doc__] == []


def test_the_packages_are_typed() -> None:
    for package in (vc_core, did, status):
        assert (Path(package.__file__).parent / "py.typed").is_file()


def test_no_code_that_could_run_data() -> None:
    """No pickle for data, no eval, no HMAC verifier: what is not in the package cannot be reached."""
    forbidden = ("import pickle", "import marshal", "import shelve", "yaml", "eval(", "exec(", "import hmac")
    found = [
        f"{path.name}: {word}"
        for package in (vc_core, did, status)
        for path in Path(package.__file__).parent.rglob("*.py")
        for word in forbidden
        if word in path.read_text(encoding="utf-8")
    ]
    # a process of ours tells those that it starts what to do; nothing comes back that way, and nothing from outside
    assert found == ["portable.py: import pickle"]
