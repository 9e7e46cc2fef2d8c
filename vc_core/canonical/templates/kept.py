"""The templates at hand, by shape and frame, within bounds on their number and their size."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from vc_core.canonical.templates.cutting import Cut
from vc_core.canonical.templates.form import framed
from vc_core.canonical.templates.template import Pick, Template, picked

SHAPES: Final = 1024
"""Shapes of which there may be templates."""
BYTES: Final = 4 * 1024 * 1024
"""What all templates together may take, roughly."""
SHARE: Final = 4
"""The part of `BYTES` that the templates of one shape may take: this is how many such parts there are."""
FRAMES: Final = 4
"""Frames of a shape. They differ in where there are holes, as other types may make another one of them."""
ALIKE: Final = 4
"""Templates with the same shape, frame and texts in it. They differ in what is asked of the holes."""


class _Frame(NamedTuple):
    """Where the texts of a shape are that are in no hole, and the templates by what these texts are."""

    positions: tuple[int, ...]
    pick: Pick
    templates: dict[bytes, tuple[Template, ...]]

    @property
    def size(self) -> int:
        """Bytes that its templates take, roughly."""
        return sum(template.size for alike in self.templates.values() for template in alike)


@dataclass(slots=True, eq=False)
class _OfShape:
    """The templates of a shape. It is made anew when there is another one."""

    frames: tuple[_Frame, ...]
    """That which got a template last is the first."""
    size: int
    used: bool = False
    """Whether there was a template for a document since there last was too little room."""

    @classmethod
    def only(cls, template: Template) -> _OfShape:
        """With one template."""
        form = template.form
        return cls((_Frame(form.frame, picked(form.frame), {form.in_frame: (template,)}),), template.size)

    def with_another(self, template: Template) -> _OfShape:
        """With a template more, in place of the oldest one, or frame, where there are too many.

        With this one only if all together are too large.
        """
        form, size = template.form, self.size + template.size
        same = next((frame for frame in self.frames if frame.positions == form.frame), None)
        found = same or _Frame(form.frame, picked(form.frame), {})
        others = tuple(frame for frame in self.frames if frame is not same)
        alike = found.templates.get(form.in_frame, ())
        if any(other.form == form for other in alike):
            return self
        if len(alike) == ALIKE:
            size, alike = size - alike[0].size, alike[1:]
        if len(others) == FRAMES:
            size, others = size - others[-1].size, others[:-1]
        if size > BYTES // SHARE:
            return self.only(template)
        frame = found._replace(templates={**found.templates, form.in_frame: (*alike, template)})
        return _OfShape((frame, *others), size, self.used)


@dataclass(slots=True, eq=False)
class Kept:
    """Templates at hand. Threads may share it, and a process may be forked at any time.

    That takes no lock: an entry is put in, replaced or taken out as a whole, and nothing has to agree with another
    thing. Of two threads that keep templates of one shape at the same time, one may have done so in vain.
    """

    shapes: dict[bytes, _OfShape] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes that all of them take, roughly."""
        return sum(len(shape) + of_shape.size for shape, of_shape in self.shapes.copy().items())

    def of(self, cut: Cut) -> Sequence[Template]:
        """The templates with the shape of a document, and with its texts where there are no holes."""
        of_shape = self.shapes.get(cut.shape)
        if of_shape is None:
            return ()
        for frame in of_shape.frames:
            found = frame.templates.get(framed(frame.pick(cut.texts)))
            if found is not None:
                of_shape.used = True
                return found
        return ()

    def keep(self, template: Template) -> bool:
        """Keeps a template, unless it is very large; where there are too many, others go for it.

        Answers whether it is small enough.
        """
        shape = template.form.shape
        if template.size > BYTES // SHARE:
            return False
        before = self.shapes.get(shape)
        of_shape = _OfShape.only(template) if before is None else before.with_another(template)
        self.shapes.pop(shape, None)
        self._make_room(len(shape) + of_shape.size)
        self.shapes[shape] = of_shape
        return True

    def drop(self, template: Template) -> None:
        """Drops a template, with all others of its shape."""
        self.shapes.pop(template.form.shape, None)

    def _make_room(self, size: int) -> None:
        """Drops the shapes that were here first, until there is room; one that was of use since is passed over once."""
        here = self.shapes.copy()
        number = len(here)
        size += sum(len(shape) + of_shape.size for shape, of_shape in here.items())
        queue = deque(here.items())
        while queue and (number >= SHAPES or size > BYTES):
            shape, of_shape = queue.popleft()
            self.shapes.pop(shape, None)
            if of_shape.used:
                of_shape.used = False
                queue.append((shape, of_shape))
                self.shapes[shape] = of_shape
            else:
                number, size = number - 1, size - len(shape) - of_shape.size
