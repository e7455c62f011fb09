"""The labels as pages use them."""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from contracts.facts import Fact
from contracts.publishing.catalogue import load
from contracts.publishing.shape import enumerations, fields, structs
from services.chassis.ground.labels import LABELS, Label, Labels
from services.console.cookies import PATH

DOCUMENT, CODES = re.compile(r"^([a-z]+/)?documents/"), re.compile(r"^codes/(\w+)")
"""What the label of a field says that it names."""


@dataclass(frozen=True)
class LabelFile:
    """Asked for by its ``digest``, and kept by browsers as long as that stays."""

    content: bytes
    digest: str

    @property
    def address(self) -> str:
        return f"{PATH}/bff/labels/{self.digest}"


@cache
def label_file() -> LabelFile:
    """Of the labels of this release."""
    content = json.dumps(browser_labels(LABELS), ensure_ascii=False, separators=(",", ":")).encode()
    return LabelFile(content, hashlib.sha256(content).hexdigest()[:16])


def browser_labels(labels: Labels) -> dict[str, Any]:
    """``facts`` and ``fields``: name → [Chinese, English]; ``codes``: list → code → the same; ``lists`` and ``documents``: fact →
    field, its own or of a part of it → the list that its codes are of, or the kind of document that it is a key of."""

    def pair(label: Label) -> list[str]:
        return [label.zh, label.en]

    return {
        "facts": {name: pair(label) for name, label in labels.facts.items()},
        "fields": {name: pair(label) for name, label in labels.fields.items()},
        "codes": {
            name: {code: pair(label) for code, label in each.codes.items()} for name, each in labels.codes.items()
        },
        "lists": _lists(labels),
        "documents": _documents(labels),
    }


def _documents(labels: Labels) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for (name, _), kind in load().items():
        found[name] = {field: label.refers for field, label in _labels(labels, kind) if DOCUMENT.search(label.refers)}
    return {name: documents for name, documents in found.items() if documents}


def _labels(labels: Labels, kind: type[Fact]) -> Iterator[tuple[str, Label]]:
    """Of the fields of a fact and of its parts."""
    for part in structs(kind):
        for field in fields(part):
            label = labels.fields.get(labels.field_key(field, part.__name__))
            if label is not None:
                yield field, label


def _lists(labels: Labels) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for (name, _), kind in load().items():  # of several versions the latest comes last
        parts = reversed([*dict.fromkeys(structs(kind))])
        hints = {field: hint for part in parts for field, hint in fields(part).items()}
        lists = {field: labels.code_list_key(each) for field, hint in hints.items() for each in enumerations(hint)}
        lists |= {field: named[1] for field, label in _labels(labels, kind) if (named := CODES.search(label.refers))}
        found[name] = {field: key for field, key in lists.items() if key in labels.codes}
    return {name: lists for name, lists in found.items() if lists}
