"""What can be read of a service, told from its OpenAPI document: what a page must know to show a list or a record without knowing
it, and where what stands in one leads."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache
from typing import Any

from pydantic import BaseModel

from services.chassis.ground.refusals import Refused
from services.console.form_fields import FieldKind, FormField
from services.console.forms import NO_FORM_OF_ACT, SERVICES, FormReader, pair, published

JSON = "application/json"
OF_A_PAGE = frozenset({"limit", "cursor"})
OF_THE_CALLER = frozenset({"access", "log", "clock", "exports", "operations"})
"""Tags of reads that are about the caller or the log itself, and say nothing to people."""
PURPOSE = "purpose"
"""Parameter of a read that is recorded as one of personal data: no page reads it in passing."""


class Shape(StrEnum):
    """What an answer is: one record, several, or a page of more."""

    RECORD = "record"
    SEVERAL = "several"
    PAGE = "page"


class ReadSummary(BaseModel):
    """``path``: with the service's name before it, and ``{…}`` for what leads to one record. ``is_typed``: whether each of these
    is a code that people know, and no id."""

    act: str
    zh: str
    en: str
    path: str
    is_typed: bool


class ReadForm(BaseModel):
    """``filters``: of its address; ``fields``: of the record, or of each in a list. ``exports``: whether the whole list comes as
    a file, too. ``subjects``: templates of paths that the fields of one record in a list lead to, or of a row within a record."""

    service: str
    act: str
    zh: str
    en: str
    path: str
    shape: Shape
    path_fields: list[FormField]
    filters: list[FormField]
    fields: list[FormField]
    exports: bool
    subjects: list[str]


@cache
def reads_of(service: str) -> tuple[ReadSummary, ...]:
    """Every read whose answer is data and which is recorded as no reading of personal data."""
    return tuple(
        ReadSummary(
            act=operation["operationId"], zh=pair(operation["summary"])[0], en=pair(operation["summary"])[1],
            path=f"/{service}{path}", is_typed=all("uuid" not in str(each["schema"]) for each in _in(operation, "path")),
        )
        for path, operation in _reads(service)
    )  # fmt: skip


@cache
def described_read(service: str, act: str) -> ReadForm:
    """Raises ``Refused`` for an act that is no such read of this service."""
    for path, operation in _reads(service):
        if operation["operationId"] == act:
            return _form(service, path, operation)
    raise Refused(NO_FORM_OF_ACT)


def _reads(service: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    document: Mapping[str, Any] = published(service) if service in SERVICES else {"paths": {}}
    for path, methods in document["paths"].items():
        operation = methods.get("get")
        if operation is None or not _schema(operation) or OF_THE_CALLER.intersection(operation["tags"]):
            continue
        queried = _in(operation, "query")
        if not any(each["name"] == PURPOSE or (each["required"] and _is_several(each)) for each in queried):
            yield path, operation


def _form(service: str, path: str, operation: Mapping[str, Any]) -> ReadForm:
    reader = FormReader(published(service)["components"]["schemas"], service)
    answer = reader.field("", {**_schema(operation), "description": operation["summary"]}, required=True)
    items = next((each.item for each in answer.fields if each.name == "items"), None)
    is_page = items is not None and any(each.name == "next" for each in answer.fields)
    one = items if is_page else answer.item or answer
    assert one is not None
    queried = [
        each for each in _in(operation, "query")
        if not (is_page and each["name"] in OF_A_PAGE) and not _is_several(each)
    ]  # fmt: skip
    shape = Shape.PAGE if is_page else Shape.SEVERAL if answer.item is not None else Shape.RECORD
    return ReadForm(
        service=service, act=operation["operationId"], zh=answer.zh, en=answer.en, path=f"/{service}{path}", shape=shape,
        path_fields=[_parameter(reader, each) for each in _in(operation, "path")],
        filters=[_parameter(reader, each) for each in queried], fields=[each for each in one.fields if not _looks_up(each)],
        exports="text/csv" in operation["responses"]["200"]["content"],
        subjects=list((_parts if shape is Shape.RECORD else _subjects)(service, f"/{service}{path}", one.fields)),
    )  # fmt: skip


def _looks_up(field: FormField) -> bool:
    """Whether it gives names for codes by their list, for programs: pages have them."""
    return field.kind is FieldKind.MAP and field.item is not None and field.item.kind is FieldKind.MAP


def _parameter(reader: FormReader, parameter: Mapping[str, Any]) -> FormField:
    described = {**parameter["schema"], "description": parameter["description"]}
    return reader.field(parameter["name"], described, required=parameter["required"])


def _subjects(service: str, path: str, fields: list[FormField]) -> Iterator[str]:
    """Those below the list's own path first. Elsewhere a number or code may be that of something else; an id is not."""
    plain = list(_plain(fields))
    ids, named = {each.name for each in plain if each.kind is FieldKind.ID}, {each.name for each in plain}
    found = [each for each in _templates(service) if set(parameters_in(each)) <= named]
    yield from (each for each in found if each.startswith(f"{path}/"))
    yield from (each for each in found if not each.startswith(f"{path}/") and set(parameters_in(each)) <= ids)


def _parts(service: str, path: str, fields: list[FormField]) -> Iterator[str]:
    """What the rows within a record are: below its own path, by what stands in such a row."""
    known = set(parameters_in(path))
    rows = [{field.name for field in _plain(each.item.fields)} for each in fields if each.item is not None]
    below = [each for each in _templates(service) if each.startswith(f"{path}/")]
    yield from (each for each in below if any(set(parameters_in(each)) - known <= row for row in rows))


def _plain(fields: list[FormField]) -> Iterator[FormField]:
    """With those of what a record is made of; a page looks for their values likewise."""
    for each in fields:
        if each.fields:
            yield from _plain(each.fields)
        elif each.item is None:
            yield each


@cache
def _templates(service: str) -> tuple[str, ...]:
    """Every path that ends in a parameter and that something is read at, or done."""
    read = {each.path for each in reads_of(service)}
    done = {f"/{service}{path}" for path, methods in published(service)["paths"].items() if "post" in methods}
    ending = {path[: path.rindex("}") + 1] for path in done if "{" in path} | {p for p in read if p.endswith("}")}
    return tuple(sorted(ending, key=lambda each: (each.count("{"), each)))


def parameters_in(template: str) -> list[str]:
    return [part[1:-1] for part in template.split("/") if part.startswith("{")]


def _in(operation: Mapping[str, Any], place: str) -> list[Mapping[str, Any]]:
    return [each for each in operation.get("parameters", []) if each["in"] == place]


def _is_several(parameter: Mapping[str, Any]) -> bool:
    """Asked for by pages that know what they ask; nobody types a list into an address."""
    return bool(parameter["schema"].get("type") == "array")


def _schema(operation: Mapping[str, Any]) -> Mapping[str, Any]:
    """Of the answer; nothing where it is no JSON, or of no said shape."""
    found: Mapping[str, Any] = operation["responses"]["200"].get("content", {}).get(JSON, {}).get("schema", {})
    return found
