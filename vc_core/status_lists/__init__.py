"""Status lists as credentials and tokens: verified and opened for look-ups, made and checked for publishing.

lists = status_lists(evidence, resolver=resolver, policy=policy)       # those that were handed in
lists = LiveStatusLists(fetch, open_list(resolver, policy))            # those on the network, see `status`
verify(credential, status=lists, ...)

store.publish(url, folder, seal=partial(seal_list, signer=signer, securing=DataIntegrity(cryptosuite="eddsa-jcs-2022")),
              check=partial(check_list, issuer=issuer, resolver=resolver), at=now)
"""

from vc_core.status_lists.aggregation import read_aggregation, write_aggregation
from vc_core.status_lists.evidence import EvidenceLists, status_lists
from vc_core.status_lists.making import ListSecuring, check_list, list_credential, media_type, seal_list
from vc_core.status_lists.opening import open_list

__all__ = [
    "EvidenceLists",
    "ListSecuring",
    "check_list",
    "list_credential",
    "media_type",
    "open_list",
    "read_aggregation",
    "seal_list",
    "status_lists",
    "write_aggregation",
]
