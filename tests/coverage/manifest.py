"""The manifest of what the field does, read strictly."""

import ast
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from services.chassis.law.yaml_text import YamlText

ROOT = Path(__file__).parents[2]
MANIFEST = Path(__file__).with_name("mechanisms.yaml")
IDS = (
    *(f"M{number:03}" for number in range(1, 258)),
    *(f"B{number:02}" for number in range(1, 57)),
    *(f"R{number:02}" for number in range(1, 76)),
)
"""Mechanisms, standards and rules of the source facts, in their order."""
SLICES: Mapping[str, tuple[str, ...]] = {
    "registry": ("households", "cases", "comparison", "villages", "rosters", "intake", "divisions", "vault"),
    "assistance": (
        "programmes", "entitlements", "payments", "training", "employment", "loans", "pairs", "measures", "care",
    ),
    "monitoring": (
        "projects", "funds", "targets", "evaluations", "reports", "notices", "complaints", "agreements", "alerts",
    ),
    "audit": ("histories", "statements", "publications"),
}  # fmt: skip
"""Of each service, those that stand and those that are to come."""

Title = Annotated[str, msgspec.Meta(min_length=2, max_length=120)]


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``slice``: service/slice; ``shown``: how it is represented; ``tests``: file::function of those that show it."""

    zh: Title
    en: Title
    slice: str
    tests: tuple[str, ...] | Literal["planned"]
    shown: Annotated[str, msgspec.Meta(min_length=10, max_length=200)] | None = None

    def __post_init__(self) -> None:
        if (self.shown is None) is not (self.tests == "planned"):
            raise ValueError("what is shown says how, and only that")

    @property
    def named_tests(self) -> tuple[str, ...]:
        return () if self.tests == "planned" else tuple(self.tests)

    @property
    def service(self) -> str:
        return self.slice.partition("/")[0]


def read_manifest(path: Path = MANIFEST) -> dict[str, Row]:
    """Raises ``DocumentFileError`` for a key that stands twice, ``msgspec.ValidationError`` for a row that is none."""
    return msgspec.convert(YamlText(path.read_text(encoding="utf-8"), path.name).content, dict[str, Row])


def named_tests(rows: Iterable[Row]) -> set[str]:
    return {test for row in rows for test in row.named_tests}


def exists(test: str) -> bool:
    """Whether this file has a test of this name."""
    path, _, name = test.partition("::")
    return name in _functions(path)


@cache
def _functions(path: str) -> frozenset[str]:
    file = ROOT / path
    if not file.is_file():
        return frozenset()
    body = ast.parse(file.read_text(encoding="utf-8")).body
    return frozenset(node.name for node in body if isinstance(node, ast.FunctionDef))
