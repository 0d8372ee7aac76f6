"""What a guard is, and the two ways in which most of them are taken away."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

Patch = pytest.MonkeyPatch


@dataclass(frozen=True)
class Guard:
    """`tests` are the names of functions, with their file; `only` names the parameters of the cases that count."""

    name: str
    remove: Callable[[Patch], None]
    tests: tuple[str, ...]
    only: Mapping[str, Any] = field(default_factory=dict)


def replaced(target: str, value: Any) -> Callable[[Patch], None]:
    return lambda patch: patch.setattr(target, value)


def answers(target: str, value: Any) -> Callable[[Patch], None]:
    """Whatever is asked, the function answers this."""
    return lambda patch: patch.setattr(target, lambda *_args, **_options: value)
