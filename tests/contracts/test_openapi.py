"""The published OpenAPI documents say in both languages what every operation, field and code is, with an example of each
field that its schema takes."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

import contracts
from services.chassis.web.labelled_schemas import described_fields

PUBLISHED = Path(contracts.__file__).parent / "generated" / "openapi"
DOCUMENTS = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(PUBLISHED.glob("*.json"))}
BOTH = re.compile(r"[\u4e00-\u9fff].* / .*[A-Za-z]", re.DOTALL)
"""Chinese, then English."""

documents = pytest.mark.parametrize("name", DOCUMENTS)


def test_every_service_is_published() -> None:
    assert set(DOCUMENTS) == {"registry", "assistance", "monitoring", "audit", "house", "console"}


def operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for methods in document["paths"].values():
        yield from methods.values()


@documents
def test_every_operation_has_a_summary(name: str) -> None:
    found = {each["operationId"]: each["summary"] for each in operations(DOCUMENTS[name])}
    assert {operation: text for operation, text in found.items() if not BOTH.search(text)} == {}


@documents
def test_every_field_is_described_and_has_an_example(name: str) -> None:
    found = {f"{owner}.{field}": described for owner, field, described in described_fields(DOCUMENTS[name])}
    assert len(found) > 5
    assert [field for field, described in found.items() if not BOTH.search(described.get("description", ""))] == []
    assert [field for field, described in found.items() if not described.get("schema", described).get("examples")] == []


@documents
def test_every_example_is_one_that_the_schema_takes(name: str) -> None:
    document = json.loads(json.dumps(DOCUMENTS[name]).replace('"#/components/', '"urn:document#/components/'))
    registry = jsonschema_rs.Registry([("urn:document", document)])  # read once, not with every field
    wrong = []
    for owner, field, described in described_fields(document):
        schema = described.get("schema", described)
        validator = jsonschema_rs.Draft202012Validator(
            {key: value for key, value in schema.items() if key != "examples"}, registry=registry
        )
        wrong += [f"{owner}.{field}: {example}" for example in schema["examples"] if not validator.is_valid(example)]
    assert wrong == []


@documents
def test_every_code_has_its_label(name: str) -> None:
    text = json.dumps(DOCUMENTS[name], ensure_ascii=False)
    assert '"enum"' not in text
    consts = list(labelled_codes(DOCUMENTS[name]))
    assert [code for code, title in consts if not BOTH.search(title)] == []
    if name != "house":
        assert ("cadre", "经办干部 / cadre") in consts


def labelled_codes(node: Any) -> Iterator[tuple[str, str]]:
    if isinstance(node, dict):
        for each in node.get("oneOf", ()):
            if "const" in each:
                yield each["const"], each.get("title", "")
        for each in node.values():
            yield from labelled_codes(each)
    elif isinstance(node, list):
        for each in node:
            yield from labelled_codes(each)
