"""`vc-core issue`: claims in, a secured credential out."""

from __future__ import annotations

import sys
from datetime import datetime

import click

import vc_core
from did import PrivateKey
from did.errors import shown
from vc_core import CRYPTOSUITES, DataIntegrity, Json, Limits, LocalSigner, VCError
from vc_core.cli.exit_codes import ExitCode, InputError
from vc_core.cli.files import STANDARD_STREAM, read_file, refuse_to_replace, write_file
from vc_core.cli.key import key_urls, read_private_key
from vc_core.cli.options import ContextFiles, context_option, now, time, with_contexts
from vc_core.cli.terminal import note, printable
from vc_core.credential import issuer_of
from vc_core.document import read_json


@click.command()
@click.argument("claims", metavar="CLAIMS")
@click.option("--key", "key_file", required=True, metavar="KEY", help="The issuer's private key, a JWK file.")
@click.option(
    "--securing",
    required=True,
    type=click.Choice(list(CRYPTOSUITES)),
    metavar="NAME",
    help=f"The cryptosuite: {', '.join(CRYPTOSUITES)}.",
)
@click.option(
    "--verification-method", metavar="URL", help="The DID URL of the key.  [default: that of the issuer's DID]"
)
@click.option("--created", callback=time, metavar="TIME", help="The time of the proof.  [default: now]")
@context_option
@click.option("-o", "--out", metavar="OUT", help='The file to write; "-" is standard output.  [default: -]')
def issue(
    *,
    claims: str,
    key_file: str,
    securing: str,
    verification_method: str | None,
    created: datetime | None,
    contexts: ContextFiles,
    out: str | None,
) -> ExitCode:
    """Secure claims with a proof.

    CLAIMS is a JSON file with an unsecured credential; "-" is standard input. The credential is handed out
    only after its proof was verified.
    """
    limits = Limits()
    try:
        tree = read_json(read_file(claims, largest=limits.document_bytes), limits=limits)
    except VCError as error:
        raise InputError(f"the claims in {printable(claims)} cannot be read: {error.detail}") from error
    if not isinstance(tree, dict):
        raise InputError(f"the claims in {printable(claims)} are not a JSON object")
    refuse_to_replace(out, key_file, claims)
    private_key = read_private_key(key_file)
    credential = vc_core.issue(
        tree,
        signer=LocalSigner(private_key, verification_method or _method_of_issuer(tree, private_key)),
        securing=DataIntegrity(cryptosuite=securing, contexts=with_contexts(contexts)),
        created=created or now(),
    )
    if out is None or out == STANDARD_STREAM:
        if not sys.stdout:
            raise InputError("there is no standard output to write the credential to: name a file with -o")
        click.echo(credential)
    else:
        write_file(out, credential + b"\n")
        note(f"Wrote {printable(out)}.")
    return ExitCode.DONE


def _method_of_issuer(claims: dict[str, Json], key: PrivateKey) -> str:
    """The verification method of the key in the DID that the claims name as their issuer; raises `InputError`.

    A credential whose issuer is somebody else would be rejected by every verifier that asks whose key signed.
    """
    issuer, urls = issuer_of(claims), key_urls(key)
    if issuer is None:  # which is refused as the data model does it
        return next(iter(urls.values()))
    if issuer in urls:
        return urls[issuer]
    raise InputError(
        f"the issuer of the claims is {shown(issuer)}, which is no DID of this key: name one that vc-core key show "
        "prints, or give the DID URL of the key with --verification-method"
    )
