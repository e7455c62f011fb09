"""What is not labelled, labelled for nothing, or labelled with other codes than it has."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from pathlib import Path
from typing import Any

from contracts.publishing.catalogue import Catalogue
from contracts.publishing.shape import enumerations, fields, structs
from services.chassis.ground.labels import Labels, written
from services.chassis.web.figures import OWNER
from services.chassis.web.labelled_schemas import code_lists, described_fields

Document = Mapping[str, Any]
"""An OpenAPI document."""


def label_problems(
    labels: Labels,
    facts: Catalogue,
    documents: Iterable[Document],
    others: Iterable[tuple[str, str]],
    lists: Iterable[str],
) -> Iterator[str]:
    """One line each. ``others``: owner and name of labelled fields that stand in no fact and no document, such as columns
    of a workbook; ``lists``: names of code lists that only such fields use."""
    names = {name for name, _ in facts}
    yield from (f"facts: {name} has no label" for name in sorted(names - labels.facts.keys()))
    yield from (f"facts: {name} is labelled and is no fact" for name in sorted(labels.facts.keys() - names))
    documents = list(documents)
    found = {*_fields_of_facts(facts), *others}
    found |= {(owner, name) for document in documents for owner, name, _ in described_fields(document)}
    yield from (
        f"fields: {owner}.{name} has no label"
        for owner, name in sorted(found)
        if labels.field_key(name, owner) not in labels.fields
    )
    used = {labels.field_key(name, owner) for owner, name in found}
    yield from (f"fields: {key} is labelled and stands nowhere" for key in sorted(labels.fields.keys() - used))
    yield from _code_problems(labels, facts, documents, set(lists))


def figures_of_refusals(source: Path) -> Iterator[tuple[str, str]]:
    """The names of all figures that a refusal anywhere in the source may show, under the owner of such labels."""
    for path in sorted(source.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("Refused", "Unavailable"):
                yield from ((OWNER, keyword.arg) for keyword in node.keywords if keyword.arg)


def _fields_of_facts(facts: Catalogue) -> Iterator[tuple[str, str]]:
    for kind in facts.values():
        for struct in structs(kind):
            yield from ((struct.__name__, name) for name in fields(struct))


def _code_problems(labels: Labels, facts: Catalogue, documents: Iterable[Document], used: set[str]) -> Iterator[str]:
    for kind in sorted(_enumerations(facts), key=lambda kind: kind.__name__):
        name = labels.code_list_key(kind)
        used.add(name)
        if name not in labels.codes:
            yield f"codes: {name} has no labels"
        elif wrong := {written(member) for member in kind} ^ labels.codes[name].codes.keys():
            yield f"codes: {name} and its labels differ in {', '.join(sorted(wrong))}"
    for document in documents:
        for name, schema in code_lists(document):
            codes = set(schema.get("enum") or (each["const"] for each in schema["oneOf"]))
            keys = [
                k for k, each in labels.codes.items() if k.rpartition(".")[2] == name and codes <= each.codes.keys()
            ]
            used.update(keys)
            if not keys:
                yield f"codes: {name} ({', '.join(sorted(codes))}) has no labels"
    used.update(name.removeprefix("codes/") for each in labels.fields.values() for name in each.refers.split("|"))
    yield from (f"codes: {name} is labelled and stands nowhere" for name in sorted(labels.codes.keys() - used))


def _enumerations(facts: Catalogue) -> set[type[Enum]]:
    hints = (hint for kind in facts.values() for struct in structs(kind) for hint in fields(struct).values())
    return {each for hint in hints for each in enumerations(hint)}
