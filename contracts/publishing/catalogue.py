"""Which facts exist, and which log may hold them."""

import importlib
import pkgutil
from collections.abc import Mapping
from typing import TypeAlias

import contracts
from contracts.facts import PUBLISHED, Fact

Catalogue: TypeAlias = Mapping[tuple[str, int], type[Fact]]
"""Published facts by pinned name and version."""

LOGS = ("registry", "assistance", "monitoring")
"""Services that keep a log of their own; audit records nothing that others read."""


def load() -> Catalogue:
    """Import every contract module and give all facts declared there, in order of name and version."""
    for found in pkgutil.walk_packages(contracts.__path__, "contracts."):
        if not found.name.startswith("contracts.publish"):
            importlib.import_module(found.name)
    # Tests publish facts of their own; they belong to no log.
    return {key: kind for key, kind in sorted(PUBLISHED.items()) if kind.__module__.startswith("contracts.")}


def file_name(type_name: str, version: int) -> str:
    """The file that describes this version of a fact, in the folder of schemas and in that of samples."""
    return f"{type_name}.v{version}.json"


def logs_of(kind: type[Fact]) -> tuple[str, ...]:
    """The logs that may hold this fact: its service's own, or every log for facts about a log itself (its clock)."""
    service = kind.__module__.split(".")[1]
    return (service,) if service in LOGS else LOGS
