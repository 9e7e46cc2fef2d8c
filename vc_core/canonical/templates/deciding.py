"""The templates that are kept, and the one place where it is decided which way a document takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from vc_core.canonical import rdfc
from vc_core.canonical.contexts import Contexts
from vc_core.canonical.jsonld.reading import Reading
from vc_core.canonical.templates.compiling import Marked, compiled, said_again
from vc_core.canonical.templates.cutting import Cut, cut, kinds
from vc_core.canonical.templates.form import Example, Form
from vc_core.canonical.templates.kept import Kept
from vc_core.canonical.templates.template import Template, Trial
from vc_core.document import Json
from vc_core.errors import VCError
from vc_core.limits import Limits

_SEEN: Final = 2048
"""Forms of which it is remembered how often they were seen: the hash of each. Beyond that it begins anew."""
_SHARE: Final = 8
_FEW: Final = 64
"""There is a template only where one of `_SHARE` texts is in a hole, beside the first `_FEW`: else it saves nothing."""
_TRIES: Final = frozenset(2**exponent for exponent in range(1, 11))
"""How often a form was seen when a template of it is made: so one that is of no use is not made forever."""
_SETTINGS: Final = 16
"""Pairs of contexts and limits that have templates. All of these together take up to 16 times `kept.BYTES`, 64 MiB."""


@dataclass(slots=True, eq=False)
class Templates:
    """Canonicalizes documents, under the same contexts and limits.

    Threads may share it, and a process may be forked at any time: there is no lock, see `Kept`.
    """

    contexts: Contexts
    limits: Limits
    allow_inline_contexts: bool
    kept: Kept = field(default_factory=Kept)
    _seen: dict[int, int] = field(default_factory=dict)
    """How often a form was seen on the general path, by its hash."""

    @classmethod
    def shared(cls, contexts: Contexts, limits: Limits, *, allow_inline_contexts: bool) -> Templates:
        """The ones for these contexts and limits, the same for all who ask."""
        return _shared(contexts, limits, allow_inline_contexts)

    def __reduce__(self) -> tuple[Callable[..., Templates], tuple[Contexts, Limits, bool]]:
        """In another process they are those that this process shares."""
        return _shared, (self.contexts, self.limits, self.allow_inline_contexts)

    def canonical(self, document: dict[str, Json], *, hash_algorithm: str = "sha256") -> bytes:
        """The canonical form of the dataset of a document, as canonical N-Quads in UTF-8.

        The document is made of exactly what `read_json` makes documents of. Raises what `jsonld.to_quads` and
        `rdfc.canonicalize` raise.
        """
        in_two = cut(document) if hash_algorithm in rdfc.HASH_ALGORITHMS else None
        if in_two is None:
            return self._canonical(self._read(document), hash_algorithm)
        template, filled = self._filled(in_two, hash_algorithm)
        if template is None:
            reading = self._read(document)
            canonical = self._canonical(reading, hash_algorithm)
            self._learn(document, in_two, reading, hash_algorithm, canonical)
            return canonical
        if template.is_proven_for(in_two.texts, hash_algorithm):
            return filled
        return self._tried(template, filled, document, in_two, hash_algorithm)

    def _filled(self, in_two: Cut, hash_algorithm: str) -> tuple[Template, bytes] | tuple[None, bytes]:
        """A template that fits a document, and what it answers."""
        for template in self.kept.of(in_two):
            filled = template.canonical(in_two.texts, hash_algorithm, self.limits.canonicalization_work)
            if filled is not None:
                return template, filled
        return None, b""

    def _learn(
        self, document: dict[str, Json], in_two: Cut, reading: Reading, hash_algorithm: str, canonical: bytes
    ) -> None:
        """Keeps a template of the form of a document, if one is worth it and it answers for the document itself."""
        if len(in_two.texts) > _FEW + _SHARE * len(reading.free):
            return  # it is JSON for the most part, which the general path is done with sooner
        try:
            example = Example(document, in_two, reading.free, kinds(document, reading.free), reading.dataset.quads)
            form = Form.of(example)
            if not self._is_worth_a_template(form):
                return
            made = self._template(example, form)
            if made is None:
                return
            answer = made.canonical(in_two.texts, hash_algorithm, self.limits.canonicalization_work)
            if answer is None:
                return  # a later document of the form may show whether it is right
            made.trial = Trial(hash_algorithm, made.filling(in_two.texts))
            # no rule rests on the answer: it shows a rule that was overlooked, and keeps it from doing harm
            if answer != canonical or not self.kept.keep(made):
                self._give_up(form)
        except RecursionError:  # what called this has left little room, but the document was answered
            return

    def _tried(
        self, template: Template, filled: bytes, document: dict[str, Json], in_two: Cut, hash_algorithm: str
    ) -> bytes:
        """The canonical form of a document, with which a template is tried that answers `filled`.

        Its trial ends when the answer is wrong, or right for another document than its example.
        """
        try:
            canonical = self._canonical(self._read(document), hash_algorithm)
        except VCError as error:
            if error.code != "NESTING_TOO_DEEP":  # the example was as deep: what called this has left little room
                self._drop(template)
            raise
        if filled != canonical:
            self._drop(template)
        elif template.trial is not None and template.trial.filling != template.filling(in_two.texts):
            template.trial = None
        return canonical

    def _drop(self, template: Template) -> None:
        """Drops a template that is wrong."""
        self.kept.drop(template)
        self._give_up(template.form)

    def _read(self, document: dict[str, Json]) -> Reading:
        return Reading.of(
            document,
            contexts=self.contexts,
            limits=self.limits,
            allow_inline_contexts=self.allow_inline_contexts,
        )

    def _canonical(self, reading: Reading, hash_algorithm: str) -> bytes:
        work = self.limits.canonicalization_work
        quads = reading.dataset.quads
        return rdfc.canonicalize(quads, hash_algorithm=hash_algorithm, work_limit=work).nquads.encode()

    def _give_up(self, form: Form) -> None:
        """Makes no template of a form again, as long as it is remembered."""
        self._seen[hash(form)] = max(_TRIES)

    def _is_worth_a_template(self, form: Form) -> bool:
        """Whether the general path sees a form for the second, fourth, eighth time, and so on, as `_TRIES` says.

        So a form that comes once costs next to nothing, nor does one whose template is of no use or was dropped.
        """
        key = hash(form)
        times = self._seen.get(key, 0) + 1
        if times == 1 and len(self._seen) >= _SEEN:
            self._seen.clear()
        self._seen[key] = times
        return times in _TRIES

    def _template(self, example: Example, form: Form) -> Template | None:
        """The template of the form of a document; None if it cannot be made from this one."""
        try:
            template = self._compiled(example, form)
            again = {} if template is None else said_again(template, example.cut.texts)
            return self._compiled(example, Form.of(example, again)) if again else template
        except VCError:  # the document with markers is refused
            return None

    def _compiled(self, example: Example, form: Form) -> Template | None:
        marked = Marked.of(example, form)
        if marked is None:
            return None
        reading = self._read(marked.document)
        return compiled(form, marked.names, reading.dataset.quads) if reading.free == example.free else None


@lru_cache(maxsize=_SETTINGS)
def _shared(contexts: Contexts, limits: Limits, allow_inline_contexts: bool) -> Templates:  # noqa: FBT001  (a key)
    return Templates(contexts, limits, allow_inline_contexts)
