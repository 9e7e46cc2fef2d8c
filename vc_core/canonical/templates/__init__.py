"""Canonical RDF of documents of one form: what is the same in all of them is worked out once.

`Templates.canonical` answers what the general path answers, `jsonld.to_quads` and `rdfc.canonicalize`, for every
document. The first document of a form takes the general path; with the second one a `Template` is made, which says
where in the canonical statements its texts stand. For the documents after these the holes are filled: first on trial,
beside the general path, and alone from then on. Why the two answer the same is said in `compiling`. A document that
does not pass a check takes the general path, so a template never refuses anything.

Should a rule be missing all the same, two comparisons with the general path show it: a template is kept only if it
answers for the document that it was made of, and answers alone for others only when it did so for one with other texts
as well. One that was wrong is dropped with all of its shape, and none is made of its form again while that form is
among the few thousand that are remembered.

The first document of a form costs little more than the general path: some ten microseconds for a small one, a quarter
at most for a large one, unless it has very many escapes. The second one costs some four times the general path, or six
where it has lists, or says the same in several places. The trial costs the general path for one document more. By a
template a document costs a tenth of the general path, or a third to a half if it is very small.
"""

from __future__ import annotations

from vc_core.canonical.templates.deciding import Templates

__all__ = ["Templates"]
