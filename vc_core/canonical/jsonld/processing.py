"""Context processing, by PyLD (JSON-LD 1.1 Processing Algorithms and API, section 4).

PyLD has what is intricate here: term definitions, protected terms, property-scoped and type-scoped contexts.
It is used in this module only. It sees contexts and never a document, gets them from `Contexts` and from no
loader of its own, has no base IRI, and whatever it raises leaves as a `ProofTransformationError`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from types import MappingProxyType, ModuleType
from typing import Any, Final

from did.errors import shown
from vc_core.canonical import nquads
from vc_core.canonical.contexts import Contexts
from vc_core.canonical.jsonld.terms import ActiveContext, Term
from vc_core.document import Json
from vc_core.errors import ProofTransformationError, VCError

_KEPT: Final = 128
"""Active contexts that are kept. Each holds its terms, some 200 for a credential: a few megabytes in all."""
LARGEST: Final = 500
"""Members that the contexts of one document may have, if it writes them out."""
_DEEPEST: Final = 8
"""Objects and arrays in one another in such a context; a context scoped to a term begins at the third."""

_CONTEXT_KEYWORDS: Final = frozenset({"@language", "@protected", "@type", "@version", "@vocab"})
_ALIASED: Final = frozenset(
    {"@direction", "@graph", "@id", "@included", "@index", "@json", "@language", "@list", "@nest", "@none"}
    | {"@reverse", "@set", "@type", "@value"}
)
_CONTAINERS: Final = frozenset({"@graph", "@language", "@list", "@set"})
_KEYWORDS: Final = MappingProxyType({name: name for name in ("@id", "@language", "@type", "@value")})


@lru_cache(maxsize=8)
def initial(contexts: Contexts) -> ActiveContext:
    """The active context of a document that names none."""
    return ActiveContext(
        contexts=contexts,
        terms={},
        names={},
        keywords=_KEYWORDS,
        prefixes=frozenset(),
        vocabulary="",
        language="",
        scoped=frozenset(),
        previous=None,
        processed={"mappings": {}, "processingMode": "json-ld-1.1"},
    )


def followed(active: ActiveContext, local: Json, *, allow_inline_contexts: bool) -> ActiveContext:
    """The active context after the value of a member `@context`, of which `at` is the place in an error.

    Raises `ProofTransformationError` for a context that is not known, is not allowed, stands twice, or
    contradicts the ones before it.
    """
    entries = local if isinstance(local, list) else [local]
    for position, entry in enumerate(entries):
        try:
            if entry in entries[:position]:
                raise ProofTransformationError("a context stands twice")
            if isinstance(entry, str):
                active = _known(active, entry)
            else:
                active = _inline(active, entry, in_array=entry is not local, allowed=allow_inline_contexts)
        except VCError as error:
            error.at = f"/{position}" if isinstance(local, list) else ""
            raise
    return active


def _inline(base: ActiveContext, local: Json, *, in_array: bool, allowed: bool) -> ActiveContext:
    if in_array and isinstance(local, dict) and local.keys() == {"@context"}:
        local = local["@context"]  # processors take it with the document around it
    if not isinstance(local, dict):
        raise ProofTransformationError("a context is neither a URL nor an object")
    if not allowed:
        raise ProofTransformationError("a context is written out in the document")
    if _named_in(local):
        raise ProofTransformationError("a context that is written out in the document names another one")
    return _process(base, local)


@lru_cache(maxsize=_KEPT)
def _known(base: ActiveContext, url: str) -> ActiveContext:
    return _process(base, base.contexts[url]["@context"])


@lru_cache(maxsize=_KEPT)
def of_property(source: ActiveContext, base: ActiveContext, name: str) -> ActiveContext:
    """What `base` becomes below the property `name`, a term of `source` with a context of its own."""
    below = _process(base, _scoped(source, name), override_protected=True)
    if below.terms.get(name, source.terms[name]) != source.terms[name]:
        raise ProofTransformationError(f"the context of the term {shown(name)} redefines that term")
    return below


@lru_cache(maxsize=_KEPT)
def of_type(source: ActiveContext, base: ActiveContext, name: str) -> ActiveContext:
    """What `base` becomes in a node of the type `name`, a term of `source` with a context of its own."""
    return _process(base, _scoped(source, name), propagate=False)


def _scoped(source: ActiveContext, name: str) -> Json:
    local: Json = source.processed["mappings"][name]["@context"]
    return None if local is False else local


def _process(
    base: ActiveContext, local: Json, *, override_protected: bool = False, propagate: bool = True
) -> ActiveContext:
    pyld, contexts, named = _pyld(), base.contexts, _named_in(local)
    for url in named:
        if url not in contexts:
            contexts[url]  # raises, and says why

    def load(url: str, _options: object) -> dict[str, Any]:
        if url not in named:  # the processor resolves URLs, which gives others where they hold dots
            raise ProofTransformationError(f"the context {shown(url)} is not named in this form")
        document = contexts[url]
        named.update(_named_in(document["@context"]))
        return {"document": document, "documentUrl": url, "contextUrl": None}

    settings = {
        "base": None,
        "processingMode": "json-ld-1.1",
        "documentLoader": load,
        "contextResolver": pyld.ContextResolver({}, load),
    }
    try:
        processed = pyld.JsonLdProcessor()._process_context(  # noqa: SLF001  (no public method knows of scopes)
            base.processed, local, settings, override_protected=override_protected, propagate=propagate
        )
    except Exception as error:  # whatever a hostile context makes of the processor is one error here
        raise _refusal(error) from error
    return _active(base, processed, base.previous if propagate else base.previous or base)


@cache
def _pyld() -> ModuleType:
    try:
        from pyld import jsonld
    except ImportError as error:
        raise ProofTransformationError(
            "JSON-LD needs PyLD, which is not installed: install vc-core[rdf]",
            code="MISSING_DEPENDENCY",
            missing="vc-core[rdf]",
        ) from error
    module: ModuleType = jsonld
    return module


def _refusal(error: Exception) -> ProofTransformationError:
    """Our error for what was raised: what one of our own inside of it says, or the reason that is given."""
    cause: BaseException | None = error
    reason = "they cannot be processed"
    while cause is not None:
        if isinstance(cause, ProofTransformationError):
            return ProofTransformationError(cause.detail, code=cause.code, missing=cause.missing)
        reason = str(getattr(cause, "code", None) or reason)
        cause = cause.__cause__
    return ProofTransformationError(f"the contexts do not fit together: {reason}")


def _active(base: ActiveContext, processed: Mapping[str, Any], previous: ActiveContext | None) -> ActiveContext:
    """Our form of what PyLD made of `base`. Definitions that it left alone are the same objects still."""
    mappings: Mapping[str, Mapping[str, Any]] = processed["mappings"]
    before = base.processed["mappings"]
    language, vocabulary = processed.get("@language", ""), processed.get("@vocab", "")
    if vocabulary:
        nquads.iri(vocabulary)
    terms = {
        name: base.terms[name]
        if before.get(name) is definition and base.language == language
        else _term(definition, language)
        for name, definition in mappings.items()
    }
    names: dict[str, list[str]] = {}
    for name, term in terms.items():
        if ":" not in name:
            names.setdefault(term.iri, []).append(name)
    return ActiveContext(
        contexts=base.contexts,
        terms=terms,
        names=names,
        keywords=_KEYWORDS | {name: term.iri for name, term in terms.items() if term.iri.startswith("@")},
        prefixes=frozenset(name for name in terms if mappings[name]["_prefix"]),
        vocabulary=vocabulary,
        language=language,
        scoped=frozenset(name for name in terms if "@context" in mappings[name]),
        previous=previous,
        processed=processed,
    )


def _term(definition: Mapping[str, Any], default_language: str) -> Term:
    iri = definition["@id"]
    if iri is None or iri.startswith("_:"):
        return Term("", unusable="null, or a blank node")
    coercion = definition.get("@type", "")
    container = frozenset(definition.get("@container", ()))
    unusable = "@reverse" if definition["reverse"] else ""
    for keyword in ("@direction", "@index", "@nest"):
        if definition.get(keyword):
            unusable = keyword
    for keyword in container - _CONTAINERS:
        unusable = f"a container {keyword}"
    return Term(
        iri=iri,
        coercion="" if coercion == "@none" else coercion,
        language=(definition["@language"] or "") if "@language" in definition else default_language,
        container=container,
        unusable=unusable,
    )


def size(local: Json) -> int:
    """The members of a member `@context` and of all in it, or a number beyond `LARGEST` if they are more.

    256 characters of a text or a key count as a member. Raises `ProofTransformationError` where objects and
    arrays are in one another more than is needed.
    """
    members, pending = 0, [(local, 0)]
    while pending:
        value, depth = pending.pop()
        if isinstance(value, str):
            members += len(value) // 256
        elif isinstance(value, dict | list):
            if depth == _DEEPEST:
                raise ProofTransformationError("a context in the document is nested too deep")
            members += len(value)
            if members <= LARGEST:
                inside = (*value.keys(), *value.values()) if isinstance(value, dict) else value
                pending.extend((item, depth + 1) for item in inside)
    return members


def _named_in(local: Json) -> set[str]:
    """The URLs of the contexts that a context names.

    Refuses what it could say to import another one, or to be passed over in silence.
    """
    named: set[str] = set()
    pending = [local]
    while pending:
        value = pending.pop()
        if isinstance(value, str):
            named.add(value)
        elif isinstance(value, list):
            pending.extend(value)
        elif isinstance(value, dict):
            for name, definition in value.items():
                _check_definition(name, definition)
                if isinstance(definition, dict) and "@context" in definition:
                    pending.append(definition["@context"])
        elif value is not None:
            raise ProofTransformationError("a context is neither a URL nor an object")
    return named


def _check_definition(name: str, definition: Json) -> None:
    if name.startswith("@") and name not in _CONTEXT_KEYWORDS:
        raise ProofTransformationError(f"{shown(name)} is not processed in a context")
    meanings = [definition]
    if isinstance(definition, dict):
        meanings = [definition.get("@id"), definition.get("@reverse")]
    for meaning in meanings:
        if isinstance(meaning, str) and meaning.startswith("@") and meaning not in _ALIASED:
            raise ProofTransformationError(f"the term {shown(name)} stands for {shown(meaning)}")
