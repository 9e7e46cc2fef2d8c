"""Where a claim stands: names of members and positions in arrays, from the top of the claims down."""

from __future__ import annotations

from typing import TypeAlias

from vc_core.document import Json

Path: TypeAlias = tuple[str | int, ...]


def path_in(tree: Json, pointer: str) -> Path | None:
    """The path that the JSON pointer (RFC 6901) leads in `tree`; None if nothing stands there."""
    if pointer and not pointer.startswith("/"):
        return None
    path: list[str | int] = []
    for token in pointer.split("/")[1:]:
        name = token.replace("~1", "/").replace("~0", "~")
        if isinstance(tree, dict) and name in tree:
            path.append(name)
            tree = tree[name]
        elif isinstance(tree, list) and name in map(str, range(len(tree))):
            path.append(int(name))
            tree = tree[int(name)]
        else:
            return None
    return tuple(path)


def value_at(tree: Json, path: Path) -> Json:
    """What stands at `path`, which leads somewhere."""
    for token in path:
        tree = tree[token]  # type: ignore[index]  # a name in an object, a position in an array
    return tree


def pointer_to(path: Path) -> str:
    """The JSON pointer of a path; that of the whole, if it would be unreasonably long."""
    if sum(len(str(token)) for token in path) > _LONGEST:
        return ""
    return "".join("/" + str(token).replace("~", "~0").replace("/", "~1") for token in path)


_LONGEST = 1000
