"""What a name means at one place of a JSON-LD document, in safe mode.

Names are the keys of a document, its types, identifiers and the values that contexts declare to be words.
Each one has a meaning that the contexts state, or is refused: nothing is guessed, resolved or dropped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from did.errors import shown
from vc_core.canonical.contexts import Contexts
from vc_core.canonical.nquads import iri
from vc_core.errors import ProofTransformationError

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
TYPE: Final = RDF + "type"
_WRITTEN_OTHERWISE: Final = frozenset({TYPE, RDF + "first", RDF + "rest"})
"""Properties that JSON-LD has its own syntax for."""

_OWN_VOCABULARIES: Final = (
    "https://www.w3.org/2018/credentials#",
    "https://www.w3.org/ns/credentials/status#",
    "https://w3id.org/vc/status-list#",
)
"""The vocabularies of credentials and of their status: a name in them is the name that the rules look for."""
_OWN_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {f"https://w3id.org/security#{name}": name for name in ("proof", "digestMultibase")}
)


@dataclass(frozen=True, slots=True)
class Term:
    """A term definition (JSON-LD 1.1, section 9.15.1).

    `iri` is an IRI or a keyword, or empty if the term stands for nothing that has a name; `coercion` is
    empty, `@id`, `@vocab`, `@json` or a datatype; `language` the tag of its plain strings in lower case, or
    empty; `container` holds `@list`, `@set`, `@language` or `@graph`. `unusable` names what is not processed
    in it as a property.
    """

    iri: str
    coercion: str = ""
    language: str = ""
    container: frozenset[str] = frozenset()
    unusable: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class ActiveContext:
    """What names mean at one place. It is made once for each way to it, is never changed, and is shared."""

    contexts: Contexts = field(repr=False)
    terms: Mapping[str, Term] = field(repr=False)
    names: Mapping[str, Sequence[str]] = field(repr=False)
    """The terms that stand for an IRI or a keyword, in no order."""
    keywords: Mapping[str, str]
    """The terms that stand for a keyword, and the keywords that a document may use themselves."""
    prefixes: frozenset[str]
    """The terms that can begin a compact IRI."""
    vocabulary: str
    """What precedes a key that is no term (`@vocab`), or empty."""
    language: str
    """The tag of plain strings under such a key, or empty."""
    scoped: frozenset[str]
    """The terms that have a context of their own."""
    previous: ActiveContext | None
    """The context that nodes below return to, where types changed this one."""
    processed: Mapping[str, Any] = field(repr=False)
    """The form in which PyLD has it."""

    def property(self, key: str) -> Term:
        """The definition of the term that a key is, to be used as a property.

        Raises `ProofTransformationError` for a key that is no term of the contexts
        (DATA_LOSS_DETECTION_ERROR), that is a keyword or an IRI, or that hides what the rules on credentials
        look for behind another name.
        """
        if key.startswith("@"):
            raise ProofTransformationError(f"{shown(key)} has no place in a document")
        if ":" in key:
            raise ProofTransformationError(f"the property {shown(key)} is written as an IRI, not as a term")
        term = self.terms.get(key)
        if term is None:
            if not self.vocabulary:
                raise _lost(f"no context defines the term {shown(key)}")
            term = Term(self.vocabulary + key, language=self.language)
        if term.unusable:
            raise _lost(f"the term {shown(key)} is defined as {term.unusable}, which is not processed")
        if term.iri in _WRITTEN_OTHERWISE:
            raise ProofTransformationError(f"{shown(key)} stands for {term.iri}, which JSON-LD writes otherwise")
        own_name = own_name_of(term.iri)
        if own_name not in {"", key}:
            raise ProofTransformationError(f"{shown(key)} stands for the property {shown(own_name)}, and hides it")
        return term

    def word(self, text: str) -> str:
        """The IRI of a type, or of another word of the contexts; raises `ProofTransformationError`.

        What the contexts have a word for has to be written with that word.
        """
        term = self.terms.get(text)
        if term is not None and term.iri and not term.iri.startswith("@"):
            word = term.iri
        elif ":" in text:
            word = self.identifier(text)
        elif term is not None or not self.vocabulary or text.startswith("@"):
            raise _lost(f"no context defines {shown(text)}")
        else:
            word = self.vocabulary + text
        if self.word_for(word) != text:
            raise ProofTransformationError(f"{shown(text)} is written {shown(self.word_for(word))} here")
        return word

    def word_for(self, word: str) -> str:
        """How a type or another word is written: with a term, its own name or one with a capital first."""
        names = self.names.get(word)
        if names:
            own_name = own_name_of(word)
            return min(names, key=lambda name: (name != own_name, not name[0].isupper(), len(name), name))
        return self.in_vocabulary(word) or word

    def keyword_for(self, keyword: str) -> str:
        """How a keyword is written."""
        own_name = keyword[1:]
        if self.keywords.get(own_name) == keyword:
            return own_name
        return min(self.names.get(keyword, [keyword]), key=lambda name: (len(name), name))

    def in_vocabulary(self, word: str) -> str:
        """What has to follow `@vocab` to give an IRI, if it is written in no other way; else empty."""
        rest = word.removeprefix(self.vocabulary)
        return "" if ":" in rest or rest.startswith("@") or rest in self.terms else rest

    def identifier(self, text: str) -> str:
        """An absolute IRI, which is what it says; raises `ProofTransformationError`.

        One that begins with a term as with a prefix would be another IRI than is written, and is refused.
        """
        scheme, _, rest = text.partition(":")
        if scheme == "_":
            raise ProofTransformationError("a document does not name its blank nodes")
        if scheme in self.prefixes and not rest.startswith("//"):
            detail = f"the identifier {shown(text)} begins with a term of the contexts: write it in full"
            raise ProofTransformationError(detail)
        iri(text)
        return text

    def require_own_name(self, key: str, keyword: str) -> None:
        """Refuses a key for `@id` or `@type` beside `id` or `type`, where the contexts have these."""
        if key != keyword[1:] and self.keywords.get(keyword[1:]) == keyword:
            raise ProofTransformationError(f"{shown(key)} is written {keyword[1:]} under these contexts")


def own_name_of(word: str) -> str:
    """The name by which the rules on credentials look for a property or a type; empty if they do not."""
    for vocabulary in _OWN_VOCABULARIES:
        if word.startswith(vocabulary):
            return word.removeprefix(vocabulary)
    return _OWN_NAMES.get(word, "")


def _lost(detail: str) -> ProofTransformationError:
    return ProofTransformationError(detail, code="DATA_LOSS_DETECTION_ERROR")
