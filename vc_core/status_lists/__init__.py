"""Status lists as credentials and tokens: verified and opened for look-ups, made, checked and served.

>>> import datetime, pathlib, tempfile
>>> from functools import partial
>>> from did import PrivateKey, StaticResolver
>>> from status.store import Store
>>> from vc_core import DataIntegrity, LocalSigner
>>> signer = LocalSigner.of_did_key(PrivateKey.generate("Ed25519"))
>>> issuer, resolver = signer.verification_method.partition("#")[0], StaticResolver()
>>> url, folder = "https://example.org/status/3", pathlib.Path(tempfile.mkdtemp())
>>> now = datetime.datetime(2026, 1, 31, tzinfo=datetime.UTC)
>>> with Store.open(folder / "status.db") as store:
...     made = store.create(url, format="bitstring", purposes=["revocation"], actor="registrar", at=now)
...     entry = status_claims(made, 94567)
...     published = store.publish(
...         url,
...         folder,
...         seal=partial(seal_list, signer=signer, securing=DataIntegrity(cryptosuite="eddsa-jcs-2022")),
...         check=partial(check_list, issuer=issuer, resolver=resolver),
...         at=now,
...     )
>>> entry["credentialStatus"]["statusListIndex"]
'94567'
>>> describe(published.path.read_bytes()).media_type
'application/vc'

Who verifies takes the lists that were handed in, or those on the network:

    lists = status_lists(evidence, resolver=resolver, policy=policy)
    lists = LiveStatusLists(fetch, open_list(resolver, policy))     # see `status`
    verify(credential, status=lists, ...)
"""

from vc_core.status_lists.aggregation import read_aggregation, write_aggregation
from vc_core.status_lists.description import Description, describe
from vc_core.status_lists.entries import context_of_entries, status_claims
from vc_core.status_lists.evidence import EvidenceLists, status_lists
from vc_core.status_lists.making import ListSecuring, check_list, list_credential, media_type, seal_list
from vc_core.status_lists.opening import open_list
from vc_core.status_lists.serving import serving_application

__all__ = [
    "Description",
    "EvidenceLists",
    "ListSecuring",
    "check_list",
    "context_of_entries",
    "describe",
    "list_credential",
    "media_type",
    "open_list",
    "read_aggregation",
    "seal_list",
    "serving_application",
    "status_claims",
    "status_lists",
    "write_aggregation",
]
