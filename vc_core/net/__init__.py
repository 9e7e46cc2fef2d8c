"""The one door to the network: GET over https, within a time, a size and the public Internet.

    >>> from vc_core.net import Fetcher
    >>> fetch = Fetcher()
    >>> response = fetch("https://www.example.org/did.json", accept="application/did")

No other package of this distribution opens a socket: what needs something from the network is handed a function, and
`Fetcher` is that function. A host is reached only if it has a domain name, if every address of it is one of the public
Internet, and if it proves its name with TLS. It needs the extra `net`. Importing this package does not.

    url.py         which URLs are fetched
    names.py       names to addresses, in time
    addresses.py   which addresses are connected to
    connection.py  TLS to one address, in time
    exchange.py    one request and its answer, bounded
    hosts.py       how many at a time, and the circuit breaker
    fetcher.py     one after the other
"""

from vc_core.net.addresses import PURPOSES
from vc_core.net.connection import trust
from vc_core.net.errors import FETCH_CODES, FetchError, FetchPostponed
from vc_core.net.fetcher import Fetcher
from vc_core.net.names import Lookup

__all__ = ["FETCH_CODES", "PURPOSES", "FetchError", "FetchPostponed", "Fetcher", "Lookup", "trust"]
