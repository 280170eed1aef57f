"""Values of classes that raise or lie in every method."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NoReturn
from unittest.mock import MagicMock


class Hostile:
    """Raises an error whatever is done to it."""

    def __getattribute__(self, name: str) -> NoReturn:
        raise RuntimeError(name)

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("compared")

    __hash__ = None  # type: ignore[assignment]  # nor can it be hashed


class HostileText(str):
    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("compared")

    def __hash__(self) -> int:
        raise RuntimeError("hashed")

    def strip(self, chars: str | None = None, /) -> NoReturn:
        raise RuntimeError(chars)

    def __str__(self) -> NoReturn:
        raise RuntimeError("printed")

    def __len__(self) -> NoReturn:
        raise RuntimeError("measured")


class HostileNumber(int):
    def __lt__(self, other: object) -> bool:
        raise RuntimeError("compared")

    __le__ = __gt__ = __ge__ = __eq__ = __lt__

    __hash__ = None  # type: ignore[assignment]  # nor can it be hashed


class HostileList(list[Any]):
    def __iter__(self) -> NoReturn:
        raise RuntimeError("iterated")

    def __len__(self) -> int:
        return 1


class HostileMapping(Mapping[str, Any]):
    def __getitem__(self, key: str) -> NoReturn:
        raise RuntimeError(key)

    def __iter__(self) -> Iterator[str]:
        raise RuntimeError("iterated")

    def __len__(self) -> int:
        return 1


class Unhashable(type):
    """The class of a class for which ``issubclass`` with an ABC raises."""

    __hash__ = None  # type: ignore[assignment]  # the test is about that


class OfAnUnhashableClass(metaclass=Unhashable):
    pass


class RaisingHash(type):
    def __hash__(cls) -> int:
        raise RuntimeError("hashed")


class OfAClassThatRaises(metaclass=RaisingHash):
    pass


class HostileKey(str):
    """Has the hash of a key that is looked up, and can't be compared."""

    __slots__ = ()

    def __hash__(self) -> int:
        return hash("mailboxes")

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("compared")


class LyingClass(type):
    """The class of a class that claims to be any other."""

    def __hash__(cls) -> int:
        return hash(int)

    def __eq__(cls, other: object) -> bool:
        return True


class OfAClassThatLies(metaclass=LyingClass):
    pass


HOSTILE: Final[dict[str, Callable[[], object]]] = {
    "raises whatever is done to it": Hostile,
    "text": lambda: HostileText("smtp.server.io\n"),
    "number": lambda: HostileNumber(0),
    "list": HostileList,
    "mapping": HostileMapping,
    "claims to be text": lambda: MagicMock(spec=str),
    "claims to be a dict": lambda: MagicMock(spec=dict),
    "object": object,
    "of an unhashable class": OfAnUnhashableClass,
    "bytes": lambda: b"bytes",
    "complex number": lambda: 1j,
    "lone surrogate": lambda: "\ud800",
    "huge": lambda: 10**5000,
    "hugely negative": lambda: -(10**5000),
    "not a number": lambda: float("nan"),
    "a dict with a key that can't be compared": lambda: {HostileKey("x"): 1},
    "of a class that can't be hashed": OfAClassThatRaises,
    "of a class that claims to be any other": OfAClassThatLies,
}
