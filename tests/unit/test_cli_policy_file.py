"""The file of `--policy`."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import timedelta

import pytest

from vc_core import ANY_ISSUER, CRYPTOSUITES, ENVELOPES, Limits, Policy
from vc_core.cli.exit_codes import InputError
from vc_core.cli.policy_file import SETTINGS, read_policy


def test_every_setting_reaches_the_policy() -> None:
    file = {
        "acceptedIssuers": ["did:example:a", "did:example:b"],
        "requireIssuerControl": False,
        "keysAsOf": "issuance",
        "proofPurpose": "authentication",
        "challenge": "c",
        "domain": ["example.org"],
        "status": "skip",
        "statusIssuers": ["did:example:status"],
        "statusRegistries": ["https://registry.example/v5"],
        "resources": "require",
        "cryptosuites": ["eddsa-jcs-2022"],
        "envelopes": ["vc+jwt", "dc+sd-jwt"],
        "algorithms": ["ES256"],
        "jwtProfile": "EBSI registry",
        "allowInlineContexts": True,
        "clockSkewSeconds": 5,
        "limits": {"documentBytes": 1, "canonicalizationWork": 2, "tokenHeaderBytes": 3, "disclosures": 4},
    }
    assert file.keys() == SETTINGS.keys()
    policy = Policy(**read_policy(json.dumps(file).encode()))
    assert policy.accepted_issuers == {"did:example:a", "did:example:b"}
    assert (policy.require_issuer_control, policy.keys_as_of) == (False, "issuance")
    assert (policy.proof_purpose, policy.challenge, policy.domain) == ("authentication", "c", {"example.org"})
    assert (policy.status, policy.resources) == ("skip", "require")
    assert policy.status_issuers == {"did:example:status"}
    assert policy.status_registries == {"https://registry.example/v5"}
    assert dict(policy.cryptosuites) == {"eddsa-jcs-2022": CRYPTOSUITES["eddsa-jcs-2022"]}
    assert dict(policy.envelopes) == {name: ENVELOPES[name] for name in ("vc+jwt", "dc+sd-jwt")}
    assert list(policy.algorithms) == ["ES256"]
    assert policy.jwt_profile == "EBSI registry"
    assert policy.allow_inline_contexts is True
    assert policy.clock_skew == timedelta(seconds=5)
    assert policy.limits == Limits(document_bytes=1, canonicalization_work=2, token_header_bytes=3, disclosures=4)


def test_every_setting_of_the_policy_but_the_contexts_can_be_in_the_file() -> None:
    keywords = {setting.keyword for setting in SETTINGS.values()}
    assert keywords == {each.name for each in fields(Policy) if each.init} - {"contexts"}


def test_an_empty_file_sets_nothing() -> None:
    assert read_policy(b"{}") == {}


def test_accepting_every_issuer_is_spelled_out() -> None:
    assert read_policy(b'{"acceptedIssuers": "any"}') == {"accepted_issuers": ANY_ISSUER}
    assert read_policy(b'{"acceptedIssuers": []}') == {"accepted_issuers": frozenset()}


def test_an_empty_table_accepts_nothing() -> None:
    assert read_policy(b'{"cryptosuites": []}')["cryptosuites"] == {}
    assert read_policy(b'{"envelopes": []}')["envelopes"] == {}


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("", "cannot be read"),
        ("[]", "not a JSON object"),
        ('{"status": "skip", "status": "skip"}', "cannot be read"),
        ('{"acceptedissuers": []}', "no setting acceptedissuers"),
        ('{"contexts": {}}', "no setting contexts"),
        ('{"\\u202e\\u001b[2J": 1}', r"no setting \\u202e\\x1b"),
        ('{"acceptedIssuers": "did:example:a"}', 'acceptedIssuers has to be a list of identifiers, or "any"'),
        ('{"acceptedIssuers": [1]}', "acceptedIssuers has to be"),
        ('{"acceptedIssuers": [""]}', "acceptedIssuers has to be"),
        ('{"requireIssuerControl": 0}', "requireIssuerControl has to be true or false"),
        ('{"proofPurpose": ""}', "proofPurpose has to be"),
        ('{"challenge": null}', "challenge has to be"),
        ('{"domain": "example.org"}', "domain has to be a list"),
        ('{"keysAsOf": "then"}', 'keysAsOf has to be "now" or "issuance"'),
        ('{"status": "ignore"}', 'status has to be "require" or "skip"'),
        ('{"status": ["skip"]}', "status has to be"),
        ('{"resources": true}', "resources has to be"),
        ('{"cryptosuites": ["eddsa-2038"]}', "cryptosuites has to be a list of eddsa"),
        ('{"algorithms": ["none"]}', "algorithms has to be a list of"),
        ('{"envelopes": ["vc+jwe"]}', "envelopes has to be a list of jwt_vc, vc"),
        ('{"envelopes": "vc+jwt"}', "envelopes has to be a list"),
        ('{"jwtProfile": "ebsi"}', "jwtProfile has to be one of general, EBSI, EBSI registry"),
        ('{"clockSkewSeconds": 301}', "clockSkewSeconds has to be a whole number from 0 to 300"),
        ('{"clockSkewSeconds": -1}', "clockSkewSeconds"),
        ('{"clockSkewSeconds": 1.5}', "clockSkewSeconds"),
        ('{"clockSkewSeconds": true}', "clockSkewSeconds"),
        ('{"limits": {"bytes": 1}}', "limits has to be an object with whole numbers for documentBytes"),
        ('{"limits": []}', "limits has to be"),
        ('{"limits": {"depth": "1"}}', "limits has to be"),
    ],
)
def test_a_setting_that_is_unknown_or_unfit_is_refused(file: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read_policy(file.encode())
