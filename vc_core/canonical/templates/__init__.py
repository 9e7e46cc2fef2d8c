"""Canonical RDF of documents of one form: what is the same in all of them is worked out once.

`Templates.canonical` answers what the general path answers, `jsonld.to_quads` and `rdfc.canonicalize`, for every
document. The first document of a form takes the general path; with the second one a `Template` is made, which says
where in the canonical statements its texts stand. For the documents after these the holes are filled: first on trial,
beside the general path, and alone from then on.

Equality rests on three things:

- A document is cut into pieces that together are the document (`cutting`), and each piece is either compared with
  that of the document of which the template was made, or is in a hole (`form`). A piece is compared unless the
  reading says that nothing depends on it but the statements it is in.
- What may be in a hole is checked (`template`): identifiers have the scheme of the first and no unusual characters,
  those that were equal are equal, and all others are different, also from those that are in no hole; literals of one
  property of one thing are different.
- Labels are given by first degree hashes. Where two of these are equal, the general path decides.

What does not pass a check takes the general path, so a template never refuses anything.

Should a rule be missing all the same, two comparisons with the general path show it: a template is kept only if it
answers for the document that it was made of, and answers alone only when it did so for another one as well. Either way
one that was wrong is dropped, and none is made of its form again. This costs the general path for one document more of
each form.
"""

from __future__ import annotations

from vc_core.canonical.templates.templates import Templates

__all__ = ["Templates"]
