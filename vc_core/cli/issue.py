"""`vc-core issue`: claims in, a secured credential out."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

import click

import vc_core
from did import PrivateKey
from vc_core import Json, Limits, LocalSigner, Securing, VCError
from vc_core.cli.exit_codes import ExitCode, InputError
from vc_core.cli.files import read_file, refuse_to_replace, write_secured
from vc_core.cli.key import key_urls, method_of, read_private_key, read_public_key
from vc_core.cli.mechanisms import ISSUING, securing
from vc_core.cli.options import ContextFiles, context_option, now, profile_option, time, with_contexts
from vc_core.cli.status.embedding import with_status
from vc_core.cli.status.stores import STORE_VARIABLE, actor_option
from vc_core.cli.terminal import printable
from vc_core.credential import issuer_of
from vc_core.document import read_json


@click.command()
@click.argument("claims", metavar="CLAIMS")
@click.option("--key", "key_file", required=True, metavar="KEY", help="The issuer's private key, a JWK file.")
@click.option(
    "--securing",
    "name",
    required=True,
    type=click.Choice(list(ISSUING)),
    metavar="NAME",
    help=f"The securing mechanism: {', '.join(ISSUING)}.",
)
@click.option(
    "--verification-method", metavar="URL", help="The DID URL of the key.  [default: that of the issuer's DID]"
)
@click.option("--created", callback=time, metavar="TIME", help="The time of the proof.  [default: now]")
@click.option("--expires", callback=time, metavar="TIME", help="When the proof expires. Not for jwt_vc.")
@click.option(
    "--disclosable",
    multiple=True,
    metavar="POINTER",
    help="The JSON pointer of a claim that the holder may keep back. For SD-JWTs; may be repeated.",
)
@click.option(
    "--decoys",
    type=click.IntRange(min=0),
    metavar="N",
    help="How many digests of nothing to mix into each object and array with such claims. For SD-JWTs.",
)
@click.option(
    "--holder-key",
    metavar="FILE",
    help="The public JWK of the holder, who has to prove to have the private one. For SD-JWTs.",
)
@click.option(
    "--type-metadata",
    multiple=True,
    metavar="FILE",
    help="The metadata of the type, and of each that it extends. For dc+sd-jwt; may be repeated.",
)
@click.option(
    "--status-list",
    "status_lists",
    multiple=True,
    metavar="URL",
    help="A list of the store: the credential gets an index in it, and the entry. May be repeated.",
)
@click.option(
    "--status-store", envvar=STORE_VARIABLE, metavar="STORE", help="The store of the lists: see vc-core status."
)
@actor_option
@profile_option
@context_option
@click.option("-o", "--out", metavar="OUT", help='The file to write; "-" is standard output.  [default: -]')
def issue(
    *,
    claims: str,
    key_file: str,
    name: str,
    verification_method: str | None,
    created: datetime | None,
    holder_key: str | None,
    type_metadata: tuple[str, ...],
    status_lists: tuple[str, ...],
    status_store: str | None,
    actor: str | None,
    contexts: ContextFiles,
    out: str | None,
    **options: Any,
) -> ExitCode:
    """Secure claims with a proof, or as a token.

    CLAIMS is a JSON file with an unsecured credential; "-" is standard input. The credential is handed out
    only after its signature was verified.
    """
    if status_lists and status_store is None:
        raise click.UsageError("Say --status-store with --status-list.", click.get_current_context())
    refuse_to_replace(out, key_file, claims, *type_metadata, *([holder_key] if holder_key else []))
    options["holder_key"] = None if holder_key is None else read_public_key(holder_key)
    options["type_metadata"] = dict(map(_type_metadata, type_metadata)) or None
    mechanism = securing(ISSUING, name, options, contexts=with_contexts(contexts))
    tree = _object(_read(claims), f"the claims in {printable(claims)}")
    private_key = read_private_key(key_file)
    signer = LocalSigner(private_key, verification_method or _method_of_issuer(tree, mechanism, private_key))
    issued = partial(vc_core.issue, signer=signer, securing=mechanism, created=created or now())
    if status_lists and status_store is not None:
        tree = with_status(tree, name, urls=status_lists, store=status_store, actor=actor, attempt=issued)
    write_secured(out, issued(tree))
    return ExitCode.DONE


def _read(file: str) -> bytes:
    return read_file(file, largest=Limits().document_bytes)


def _object(data: bytes, what: str) -> dict[str, Json]:
    """The JSON object that the bytes are; raises `InputError`."""
    try:
        tree = read_json(data, limits=Limits())
    except VCError as error:
        raise InputError(f"{what} cannot be read: {error.detail}") from error
    if not isinstance(tree, dict):
        raise InputError(f"{what} are not a JSON object")
    return tree


def _type_metadata(file: str) -> tuple[str, bytes]:
    """The type that the metadata in the file are about, and their bytes; raises `InputError`."""
    data, what = _read(file), f"the type metadata in {printable(file)}"
    vct = _object(data, what).get("vct")
    if not isinstance(vct, str):
        raise InputError(f"{what} do not say in vct what type they are about")
    return vct, data


def _method_of_issuer(claims: dict[str, Json], mechanism: Securing, key: PrivateKey) -> str:
    """The verification method of the key in the DID that the claims name as their issuer; raises `InputError`."""
    issuer = issuer_of(claims) if mechanism.data_model == "VCDM" else claims.get("iss")
    if not isinstance(issuer, str):  # which is refused as the data model does it
        return next(iter(key_urls(key).values()))
    return method_of("issuer of the claims", issuer, key)
