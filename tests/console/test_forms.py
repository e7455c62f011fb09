"""Every command's form: told from the published interface, and enough to send what the interface takes."""

from collections.abc import Iterator, Sequence
from typing import Any

import jsonschema_rs
import pytest

from services.chassis.ground.refusals import Refused
from services.console.form_fields import FieldKind, FormField
from services.console.forms import NO_FORM_OF_ACT, SERVICES, form_of, published

COMMANDS = [
    (service, path, methods["post"])
    for service in SERVICES
    for path, methods in published(service)["paths"].items()
    if "post" in methods
]
each_command = pytest.mark.parametrize(
    ("service", "path", "operation"),
    COMMANDS,
    ids=[f"{service}-{each['operationId']}" for service, _, each in COMMANDS],
)


def value_of(field: FormField) -> Any:
    """As somebody would fill it in, who has nothing but the form's description."""
    if field.kind is FieldKind.LIST:
        assert field.item is not None
        return [value_of(field.item)]
    if field.kind is FieldKind.EVIDENCE:
        return {"kind": field.fields[0].choices[0].code, "held_on_paper": True}
    if field.fields:
        return filled(field.fields)
    if field.kind is FieldKind.CHOICE:
        return field.choices[0].code
    return {} if field.kind is FieldKind.MAP else field.example


def filled(fields: Sequence[FormField]) -> dict[str, Any]:
    return {field.name: value_of(field) for field in fields}


def all_fields(fields: Sequence[FormField]) -> Iterator[FormField]:
    for field in fields:
        yield field
        yield from all_fields([*field.fields, *([] if field.item is None else [field.item])])


@each_command
def test_what_is_filled_in_by_the_examples_is_what_the_interface_takes(
    service: str, path: str, operation: dict[str, Any]
) -> None:
    form = form_of(service, operation["operationId"])
    assert form.path == f"/{service}{path}"
    assert [f"{{{field.name}}}" for field in form.path_fields] == [p for p in path.split("/") if p.startswith("{")]
    if form.content_type == "application/json":
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        document = {"components": published(service)["components"], **schema}
        validator = jsonschema_rs.validator_for(document)
        assert [error.message for error in validator.iter_errors(filled(form.fields))] == []
        only_required = filled([field for field in form.fields if field.required])
        assert [error.message for error in validator.iter_errors(only_required)] == []


@each_command
def test_every_field_is_called_in_both_languages_and_every_choice_too(
    service: str, path: str, operation: dict[str, Any]
) -> None:
    form = form_of(service, operation["operationId"])
    assert form.zh != form.en
    for field in all_fields([*form.fields, *form.path_fields]):
        assert field.zh != field.en, field.name
        assert [each.code for each in field.choices if each.zh == each.en] == []
        assert field.choices or field.kind not in {FieldKind.CHOICE, FieldKind.CHOICES}, field.name


def test_what_must_be_filled_in_comes_first_and_papers_come_last() -> None:
    form = form_of("registry", "record_household")
    assert [field.name for field in form.fields][:2] == ["effective_on", "division"]
    assert [field.name for field in form.fields][-2:] == ["members", "evidence"]
    members = form.fields[-2]
    assert members.item is not None
    assert [field.name for field in members.item.fields][:2] == ["name", "sex"]


def test_a_field_says_what_it_takes() -> None:
    form = form_of("registry", "record_household")
    fields = {field.name: field for field in reversed([*all_fields(form.fields)])}
    assert (fields["division"].kind, fields["division"].pattern) == (FieldKind.DIVISION, "^[0-9]{12}$")
    assert (fields["arable_mu"].kind, fields["arable_mu"].nullable) == (FieldKind.DECIMAL, True)
    assert (fields["birth_year"].minimum, fields["birth_year"].maximum) == ("1880", "2200")
    assert (fields["members"].fewest, fields["members"].most) == (1, 40)
    assert (fields["health"].kind, fields["health"].choices[0].code) == (FieldKind.CHOICES, "healthy")
    assert fields["precision"].default == "day"


@pytest.mark.parametrize("act", [("registry", "read_case"), ("registry", "nothing"), ("elsewhere", "record_household")])
def test_what_is_no_command_has_no_form(act: tuple[str, str]) -> None:
    with pytest.raises(Refused) as refused:
        form_of(*act)
    assert refused.value.rule is NO_FORM_OF_ACT
