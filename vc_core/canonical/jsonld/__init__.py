"""JSON-LD documents as RDF, in safe mode, and back in one form.

`to_quads` states everything that a document says or refuses it; `vc_core.canonical.jsonld.reading` lists
the rules. `compacted` writes the same statements in the one form that all documents with these statements
share.
"""

from __future__ import annotations

from vc_core.canonical.contexts import Contexts
from vc_core.canonical.jsonld.compaction import compact
from vc_core.canonical.jsonld.reading import Reading
from vc_core.canonical.nquads import Quad
from vc_core.document import Json, copy_json
from vc_core.limits import Limits


def to_quads(
    document: dict[str, Json], *, contexts: Contexts, limits: Limits, allow_inline_contexts: bool = False
) -> list[Quad]:
    """The RDF dataset of a document, each quad once; blank nodes are `_:b0`, `_:b1`, ...

    `document` is made of what `read_json` returns, has its contexts in a member `@context`, all of them in
    `contexts` or, if `allow_inline_contexts`, written out. Language tags are in lower case, JSON literals in
    the form of RFC 8785.

    Raises `ProofTransformationError`: DATA_LOSS_DETECTION_ERROR where something would be dropped,
    UNKNOWN_CONTEXT, MISSING_DEPENDENCY without PyLD, PROOF_TRANSFORMATION_ERROR for what is not accepted;
    `LimitExceeded` for more than `limits` has of contexts, depth or quads, and for quads so long that to canonicalize
    them is more work than it has. `at` is the place.
    """
    reading = Reading.of(document, contexts=contexts, limits=limits, allow_inline_contexts=allow_inline_contexts)
    return list(reading.dataset.quads)


def compacted(
    document: dict[str, Json], *, contexts: Contexts, limits: Limits, allow_inline_contexts: bool = False
) -> dict[str, Json]:
    """What the document states, in the compact form of its own contexts (JSON-LD 1.1 API, section 6).

    Two documents with these contexts whose datasets are isomorphic have the same compact form up to the order
    of members and of arrays that are no lists. A single value stands without an array, unless the contexts
    want one; a language tag is in lower case; a thing with an identifier is described where it stands closest
    to the top, and only referred to elsewhere. `@context` is as it was.

    Raises what `to_quads` raises; the answer is the caller's own.
    """
    reading = Reading.of(document, contexts=contexts, limits=limits, allow_inline_contexts=allow_inline_contexts)
    return {"@context": copy_json(document["@context"], limits=limits), **compact(reading)}
