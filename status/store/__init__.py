"""The issuer's side: a store of status lists that loses nothing that it has acknowledged.

>>> import datetime, pathlib, tempfile
>>> url, folder = "https://example.org/status/3", pathlib.Path(tempfile.mkdtemp())
>>> who = {"actor": "registrar", "at": datetime.datetime.now(datetime.UTC)}
>>> with Store.open(folder / "status.db") as store:
...     made = store.create(url, format="bitstring", purposes=["revocation"], **who)
...     index = store.allocate(url, credential="urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33", **who)
...     change = store.set(url, index, 1, reason="issued to the wrong person", **who)
...     store.snapshot(url).statuses[index]
1
"""

from status.errors import StoreError
from status.store.publishing import Check, Seal
from status.store.records import Change, ListInfo, Published, Snapshot, Standing
from status.store.store import Store

__all__ = ["Change", "Check", "ListInfo", "Published", "Seal", "Snapshot", "Standing", "Store", "StoreError"]
