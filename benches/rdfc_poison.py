"""What RDFC-1.0 costs on datasets made to exhaust it: processor time and memory until each is refused.

    python benches/rdfc_poison.py [DATASET.nq ...]

Each of the generated datasets, and of those in the files given, must be refused with `WORK_LIMIT_EXCEEDED`
under the default limits, in at most 250 ms and 64 MiB; the exit code is 1 otherwise. Time and memory come
from two runs, because following every allocation takes time.
"""

from __future__ import annotations

import platform
import random
import sys
import time
import tracemalloc
from collections.abc import Hashable, Iterable, Iterator
from itertools import chain, combinations, combinations_with_replacement, product
from pathlib import Path
from typing import NamedTuple

from vc_core.canonical.nquads import Quad, parse
from vc_core.canonical.rdfc import canonicalize
from vc_core.errors import LimitExceeded
from vc_core.limits import Limits

MILLISECONDS = 250
MEBIBYTES = 64
WORK_LIMIT = Limits().canonicalization_work

Graph = list[tuple[Hashable, Hashable]]


def one_way(graph: Graph, predicate: str = "<urn:p>") -> list[Quad]:
    names = {node: f"_:n{i}" for i, node in enumerate(dict.fromkeys(node for edge in graph for node in edge))}
    return [(names[a], predicate, names[b], "") for a, b in graph]


def both_ways(graph: Graph) -> list[Quad]:
    return one_way([edge for a, b in graph for edge in ((a, b), (b, a))])


def in_graphs(graph: Graph) -> list[Quad]:
    """Each edge as a statement about its one end in a graph named by the other."""
    return [(a, "<urn:p>", "<urn:o>", b) for a, _, b, _ in both_ways(graph)]


def clique(size: int) -> Graph:
    return list(combinations(range(size), 2))


def bipartite(left: int, right: int) -> Graph:
    return list(product(range(left), range(left, left + right)))


def path(size: int) -> Graph:
    return [(i, i + 1) for i in range(size)]


def circulant(size: int, *steps: int) -> Graph:
    return [(i, (i + step) % size) for step in steps for i in range(size)]


def grid(width: int, height: int) -> Graph:
    across = [((x, y), (x + 1, y)) for x in range(width - 1) for y in range(height)]
    down = [((x, y), (x, y + 1)) for x in range(width) for y in range(height - 1)]
    return [*across, *down]


def torus(width: int, height: int) -> Graph:
    cells = list(product(range(width), range(height)))
    across = [((x, y), ((x + 1) % width, y)) for x, y in cells]
    down = [((x, y), (x, (y + 1) % height)) for x, y in cells]
    return [*across, *down]


def cube(dimensions: int) -> Graph:
    return [(i, i | 1 << d) for i in range(1 << dimensions) for d in range(dimensions) if not i >> d & 1]


def petersen(size: int) -> Graph:
    """A ring and a star polygon of `size` corners each, corner joined to corner."""
    ring = [(("outer", i), ("outer", (i + 1) % size)) for i in range(size)]
    star = [(("inner", i), ("inner", (i + 2) % size)) for i in range(size)]
    return [*ring, *star, *((("outer", i), ("inner", i)) for i in range(size))]


def stars(hubs: int, leaves: int) -> Graph:
    return [(hub, (hub, leaf)) for hub in range(hubs) for leaf in range(leaves)]


def layers(depth: int, width: int) -> Graph:
    """A circle of layers, every node of each pointing to every node of the next."""
    rows = product(range(depth), range(width), range(width))
    return [((d, i), ((d + 1) % depth, j)) for d, i, j in rows]


def scattered(size: int, degree: int) -> Graph:
    """A graph in which every node has `degree` edges and nothing else tells them apart."""
    rows = [list(range(size)) for _ in range(degree)]
    generator = random.Random(size)
    for row in rows:
        generator.shuffle(row)
    return [(a, b) for row in rows for a, b in zip(row, [*row[1:], row[0]], strict=True)]


def poisons() -> Iterator[tuple[str, list[Quad]]]:
    """Name and quads of each dataset. None has fewer nodes that look alike than it takes to be refused."""
    for size in range(5, 61):
        yield f"clique {size}", both_ways(clique(size))
    for size in range(5, 13):
        yield f"clique of graph names {size}", in_graphs(clique(size))
    for left, right in combinations_with_replacement(range(4, 11), 2):
        yield f"bipartite {left}+{right}", both_ways(bipartite(left, right))
    for width, height in combinations_with_replacement(range(6, 11), 2):
        yield f"grid {width}x{height}", both_ways(grid(width, height))
    for width, height in combinations_with_replacement(range(3, 8), 2):
        yield f"torus {width}x{height}", both_ways(torus(width, height))
    for width, height in combinations_with_replacement(range(4, 8), 2):
        yield f"one-way torus {width}x{height}", one_way(torus(width, height))
    for dimensions in range(4, 9):
        yield f"cube {dimensions}", both_ways(cube(dimensions))
    for size in range(5, 17):
        yield f"petersen {size}", both_ways(petersen(size))
    for size in range(12, 25):
        yield f"circulant {size}", both_ways(circulant(size, 1, 2, 3))
    for size in range(16, 29):
        yield f"scattered {size}", both_ways(scattered(size, 4))
    for depth, width in product(range(3, 7), range(4, 7)):
        yield f"layers {depth}x{width}", one_way(layers(depth, width))
    # One component of the work alone: permutations, calls, characters.
    for hubs, leaves in product(range(2, 5), (6, 7, 8, 9, 20, 500)):
        yield f"stars {hubs}x{leaves}", one_way(stars(hubs, leaves))
    for size in (210, 2000, 20_000):
        yield f"ring {size}", one_way(circulant(size, 1))
        yield f"path {size}", one_way(path(size))
    for size, length in product((4, 8, 16), (100_000, 1_000_000)):
        yield f"ring {size} of {length} characters", one_way(circulant(size, 1), f"<urn:{'p' * length}>")
    for quads in (100, 10_000):
        subject = f"<urn:{'s' * 1_000_000}>"
        yield (
            f"{quads} statements on one long name",
            [(subject, f"<urn:p{i}>", '""', "") for i in range(quads)],
        )


def refused(quads: list[Quad]) -> bool:
    try:
        canonicalize(quads, work_limit=WORK_LIMIT)
    except LimitExceeded as error:
        return error.code == "WORK_LIMIT_EXCEEDED"
    return False


class Cost(NamedTuple):
    """What it took until the dataset was refused, if it was: processor time, memory beyond its quads."""

    is_refused: bool
    milliseconds: float
    mebibytes: float

    @property
    def is_low(self) -> bool:
        """Whether it was refused before it cost too much."""
        return self.is_refused and self.milliseconds <= MILLISECONDS and self.mebibytes <= MEBIBYTES


def cost(quads: list[Quad]) -> Cost:
    start = time.process_time()
    is_refused = refused(quads)
    milliseconds = (time.process_time() - start) * 1e3
    tracemalloc.start()
    refused(quads)
    mebibytes = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    return Cost(is_refused, milliseconds, mebibytes)


def main(files: Iterable[str]) -> int:
    given = ((Path(file).name, parse(Path(file).read_text(encoding="utf-8"))) for file in files)
    print(f"{platform.python_implementation()} {platform.python_version()}, limit {WORK_LIMIT} work units")
    print(f"{'dataset':36} {'quads':>6} {'ms':>7} {'MiB':>6}")
    costs = []
    for name, quads in chain(given, poisons()):
        costs.append(cost(quads))
        note = "" if costs[-1].is_refused else "  NOT REFUSED"
        print(f"{name:36} {len(quads):6} {costs[-1].milliseconds:7.1f} {costs[-1].mebibytes:6.1f}{note}")
    most_time, most_memory = max(c.milliseconds for c in costs), max(c.mebibytes for c in costs)
    low = sum(c.is_low for c in costs)
    print(f"{low} of {len(costs)} refused within {MILLISECONDS} ms and {MEBIBYTES} MiB;", end=" ")
    print(f"at most {most_time:.1f} ms and {most_memory:.1f} MiB")
    return 0 if low == len(costs) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
