"""`vc-core key`: private keys in files, and the names of the public keys that belong to them."""

from __future__ import annotations

import json

import click

from did import DIDError, PrivateKey, PublicKey, did_jwk, did_key, did_key_jwk_jcs
from did.errors import shown
from did.jwk import MAX_JWK, parse_jwk
from did.key_types import KEY_TYPES
from vc_core.cli import terminal
from vc_core.cli.exit_codes import ExitCode, InputError
from vc_core.cli.files import STANDARD_STREAM, read_file, read_secret, write_secret


@click.group(no_args_is_help=False)
def key() -> None:
    """Make a key, or show its names."""


@key.command()
@click.option(
    "--type",
    "key_type",
    type=click.Choice(list(KEY_TYPES)),
    default="Ed25519",
    show_default=True,
    help="The key type.",
)
@click.option("--out", required=True, metavar="KEY", help="The file to write; one that is there is never overwritten.")
def generate(*, key_type: str, out: str) -> ExitCode:
    """Write a new private key, and print its did:key.

    The file holds a private JWK (RFC 7517) and only its owner can open it: whoever reads it can issue in your
    name.
    """
    if out == STANDARD_STREAM:
        raise InputError("a private key is not printed: name a file with --out")
    private_key = PrivateKey.generate(key_type)
    write_secret(out, json.dumps(private_key.jwk).encode() + b"\n")
    terminal.note(f"Wrote a private key to {terminal.printable(out)}. Keep it to yourself; its did:key is:")
    terminal.result(did_key(private_key.public_key))
    return ExitCode.DONE


@key.command()
@click.argument("key_file", metavar="KEY")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--jwk", "only_jwk", is_flag=True, help="Print the public JWK alone, as issue --holder-key reads it.")
def show(*, key_file: str, as_json: bool, only_jwk: bool) -> ExitCode:
    """Print the public names of a key.

    They are the DIDs, the Multikey and the public JWK of the private key in the file KEY.
    """
    public_key = read_private_key(key_file).public_key
    if only_jwk:
        terminal.json_result(public_key.jwk)
        return ExitCode.DONE
    names = (
        ("type", "type", public_key.type),
        ("didKey", "did:key", did_key(public_key)),
        ("didKeyJwkJcs", "did:key (EBSI)", did_key_jwk_jcs(public_key)),
        ("didJwk", "did:jwk", did_jwk(public_key)),
        ("publicKeyMultibase", "Multikey", public_key.multikey),
    )
    if as_json:
        members = {member: value for member, _, value in names}
        terminal.json_result(members | {"publicKeyJwk": public_key.jwk})
        return ExitCode.DONE
    for _, name, value in (*names, ("publicKeyJwk", "public JWK", json.dumps(public_key.jwk))):
        terminal.result(f"{name:<16}{value}")
    return ExitCode.DONE


def read_private_key(path: str) -> PrivateKey:
    """The key in a file with a private JWK that only its owner can open; raises `InputError`."""
    if path == STANDARD_STREAM:
        raise InputError("a private key is read from a file of its own, not from standard input")
    try:
        return PrivateKey.from_jwk(parse_jwk(read_secret(path, largest=MAX_JWK)))
    except DIDError as error:
        raise InputError(f"{terminal.printable(path)} does not hold a private JWK: {error.detail}") from error


def read_public_key(path: str) -> PublicKey:
    """The key in a file with a public JWK; raises `InputError`, for one with a private key too, and quotes neither."""
    try:
        return PublicKey.from_jwk(parse_jwk(read_file(path, largest=MAX_JWK)))
    except DIDError as error:
        raise InputError(f"{terminal.printable(path)} does not hold a public JWK: {error.detail}") from error


def method_of(party: str, identifier: str, private_key: PrivateKey) -> str:
    """The verification method of the key in the DID `identifier` of that party; raises `InputError`.

    What a key of somebody else signed would be rejected by every verifier that asks whose key it was.
    """
    urls = key_urls(private_key)
    if identifier in urls:
        return urls[identifier]
    raise InputError(
        f"the {party} is {shown(identifier)}, which is no DID of this key: name one that vc-core key show prints, "
        "or give the DID URL of the key with --verification-method"
    )


def key_urls(private_key: PrivateKey) -> dict[str, str]:
    """The DIDs that contain the public key, each with the DID URL of its verification method."""
    public_key = private_key.public_key
    by_codec, by_jwk, as_jwk = did_key(public_key), did_key_jwk_jcs(public_key), did_jwk(public_key)
    return {
        by_codec: f"{by_codec}#{by_codec.removeprefix('did:key:')}",
        by_jwk: f"{by_jwk}#{by_jwk.removeprefix('did:key:')}",
        as_jwk: f"{as_jwk}#0",
    }
