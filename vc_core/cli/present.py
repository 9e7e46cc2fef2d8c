"""`vc-core present`: credentials in, a presentation out that their holder signed."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import click

import vc_core
from did import PrivateKey
from vc_core import Limits, LocalSigner, VCError, sd_jwt
from vc_core.cli.exit_codes import ExitCode, InputError
from vc_core.cli.files import read_secured, refuse_to_replace, write_secured
from vc_core.cli.key import key_urls, method_of, read_private_key
from vc_core.cli.mechanisms import PRESENTING, given, securing, unfit
from vc_core.cli.options import ContextFiles, context_option, now, one_text, profile_option, time, with_contexts
from vc_core.cli.terminal import note, printable
from vc_core.securing.envelopes import is_token, read_token

_KEY_BINDING: Final = "kb+jwt"
_SELECTED: Final = "It is bound to no holder and no verifier: whoever has this SD-JWT can present it."


@click.command()
@click.argument("credentials", nargs=-1, required=True, metavar="CREDENTIAL...")
@click.option("--key", "key_file", metavar="KEY", help="The holder's private key, a JWK file.")
@click.option(
    "--securing",
    "name",
    type=click.Choice([*PRESENTING, _KEY_BINDING]),
    metavar="NAME",
    help=f"The securing mechanism: {', '.join(PRESENTING)}; or {_KEY_BINDING} for one SD-JWT, which is its default.",
)
@click.option(
    "--nonce",
    "--challenge",
    "nonce",
    multiple=True,
    callback=one_text,
    metavar="TEXT",
    help="What the verifier gave out for this one presentation.",
)
@click.option(
    "--audience",
    "--domain",
    "audience",
    multiple=True,
    callback=one_text,
    metavar="TEXT",
    help="The verifier, by the name that it expects.",
)
@click.option(
    "--disclose",
    multiple=True,
    metavar="POINTER",
    help="The JSON pointer of a claim to show, where there is one SD-JWT; all others that can be are kept back. "
    "May be repeated.",
)
@click.option("--disclose-all", is_flag=True, help="Keep nothing back of the SD-JWTs.")
@click.option(
    "--verification-method", metavar="URL", help="The DID URL of the key.  [default: that of the holder's DID]"
)
@click.option("--holder", metavar="DID", help="Who presents.  [default: the DID of the verification method]")
@click.option("--id", "presentation_id", metavar="URL", help="The identifier of the presentation.")
@click.option("--created", callback=time, metavar="TIME", help="The time of the presentation.  [default: now]")
@click.option("--expires", callback=time, metavar="TIME", help="When the presentation expires.")
@profile_option
@context_option
@click.option("-o", "--out", metavar="OUT", help='The file to write; "-" is standard output.  [default: -]')
def present(
    *,
    credentials: tuple[str, ...],
    key_file: str | None,
    name: str | None,
    disclose: tuple[str, ...],
    disclose_all: bool,
    out: str | None,
    **options: Any,
) -> ExitCode:
    """Present credentials to one verifier.

    Each CREDENTIAL is a file; "-" is standard input. Of an SD-JWT nothing is shown that can be kept back, unless
    --disclose or --disclose-all says so. Without --key, one SD-JWT is brought into that form, and not signed.
    """
    refuse_to_replace(out, *credentials, *([key_file] if key_file else []))
    limits = Limits()
    data = [read_secured(file, largest=limits.document_bytes) for file in credentials]
    are_sd_jwts = [_is_sd_jwt(each, file, limits) for each, file in zip(data, credentials, strict=True)]
    if disclose and (disclose_all or are_sd_jwts.count(True) != 1):
        raise _usage("--disclose is for one SD-JWT. Of several, select each by itself, without --key.")
    if not disclose_all:
        data = [
            sd_jwt.select(each, disclose=disclose, limits=limits) if is_sd_jwt else each
            for each, is_sd_jwt in zip(data, are_sd_jwts, strict=True)
        ]
    if key_file is None:
        _require_selection(are_sd_jwts, name, options)
        write_secured(out, data[0])
        note(_SELECTED)
        return ExitCode.DONE
    name = name or (_KEY_BINDING if are_sd_jwts == [True] else None)
    if name is None:
        raise _usage("Say --securing NAME: there is a default for one SD-JWT alone.")
    if name == _KEY_BINDING and are_sd_jwts != [True]:
        raise _usage(f"{_KEY_BINDING} is for one SD-JWT alone.")
    write_secured(out, _secured(data, name, read_private_key(key_file), limits, **options))
    return ExitCode.DONE


def _usage(message: str) -> click.UsageError:
    return click.UsageError(message, click.get_current_context())


def _is_sd_jwt(data: bytes, file: str, limits: Limits) -> bool:
    """Whether it is an SD-JWT in any serialization; raises `InputError` for a token that cannot be read."""
    try:
        return read_token(data, limits=limits).securing.endswith("+sd-jwt")
    except VCError as error:
        if is_token(data):
            raise InputError(f"{printable(file)} is no credential: {error.detail}") from error
        return False


def _require_selection(are_sd_jwts: list[bool], name: str | None, options: dict[str, Any]) -> None:
    if are_sd_jwts != [True]:
        raise _usage("Missing option '--key': only one SD-JWT alone can be had without a signature.")
    for keyword in given({"name": name, **options}):
        raise unfit(keyword, "an SD-JWT without --key")


def _secured(
    data: list[bytes],
    name: str,
    private_key: PrivateKey,
    limits: Limits,
    *,
    nonce: str | None,
    audience: str | None,
    created: datetime | None,
    verification_method: str | None,
    holder: str | None,
    presentation_id: str | None,
    contexts: ContextFiles,
    **options: Any,
) -> bytes:
    """The presentation, by the mechanism of that name."""
    if name == _KEY_BINDING:
        for keyword in given(options | {"holder": holder, "presentation_id": presentation_id, "contexts": contexts}):
            raise unfit(keyword, name)
    if not nonce or not audience:
        raise _usage("Say --nonce TEXT and --audience TEXT, as you have them from the verifier.")
    moment = created or now()
    signer = LocalSigner(private_key, verification_method or _method_of_holder(holder, private_key))
    if name == _KEY_BINDING:
        return sd_jwt.bind(data[0], signer=signer, nonce=nonce, audience=audience, created=moment, limits=limits)
    common = {"nonce": nonce, "audience": audience, "contexts": with_contexts(contexts)}
    return vc_core.present(
        data,
        signer=signer,
        securing=securing(PRESENTING, name, options, **common),
        created=moment,
        holder=holder,
        presentation_id=presentation_id,
    )


def _method_of_holder(holder: str | None, key: PrivateKey) -> str:
    """The verification method of the key in the holder's DID, or in its first; raises `InputError`."""
    return next(iter(key_urls(key).values())) if holder is None else method_of("holder", holder, key)
