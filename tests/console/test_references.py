"""What a code or an id of a form names is there to be chosen: nobody types one (decision 0097)."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest

from services.assistance.document_kinds import FIRST_TEXTS as ASSISTANCE
from services.casework.documents.first_texts import FirstTexts
from services.casework.procedures.document import Procedure
from services.chassis.ground.labels import LABELS
from services.chassis.law.content import as_dicts, content_of
from services.console.form_fields import ApplicationFields, FieldKind, FormField
from services.console.forms import SERVICES, form_of, published
from services.console.reads import Shape, described_read, reads_of
from services.console.references import LOOKED_UP
from services.monitoring.service import FIRST_TEXTS as MONITORING
from services.registry.document_kinds import FIRST_TEXTS as REGISTRY

TEXTS: Mapping[str, FirstTexts] = {"registry": REGISTRY, "assistance": ASSISTANCE, "monitoring": MONITORING}
PLACEHOLDER = re.compile(r"\{\w+\}")


@cache
def contents(service: str, kind: str) -> list[dict[str, Any]]:
    return [dict(as_dicts(content_of(p.content))) for p in TEXTS[service].proposals if p.kind == kind]


def every_field(fields: list[FormField]) -> Iterator[FormField]:
    for field in fields:
        yield field
        inner = [*field.fields, *([] if field.item is None else [field.item])]
        yield from every_field([*inner, *(each for a in field.applications for each in a.fields)])


def referring() -> set[tuple[str, str, str]]:
    """What is named, the field's name, and the path of the form, of every form of every service."""
    forms = [
        form_of(service, methods["post"]["operationId"])
        for service in SERVICES
        for methods in published(service)["paths"].values()
        if "post" in methods
    ]
    fields = [(each, form.path) for form in forms for each in every_field([*form.fields, *form.asked])]
    return {(each.refers, each.name, path) for each, path in fields if each.refers is not None}


def at(content: Mapping[str, Any], path: str) -> object:
    found: object = content
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def test_every_policy_that_a_shipped_document_is_of_has_a_name_and_no_other() -> None:
    contents = [as_dicts(content_of(p.content)) for texts in TEXTS.values() for p in texts.proposals]
    named = {content["of_programme"] for content in contents if content.get("of_programme")}
    assert named == LABELS.codes["Policy"].codes.keys()


def test_what_a_form_names_is_listed_where_it_says() -> None:
    named = referring()
    assert ("registry/documents/procedure", "procedure", "/registry/cases") in named
    for several, name, path in sorted(named):
        for refers in several.split("|"):
            if refers not in LOOKED_UP:
                chosen = {f"{{{other}}}" for to, other, at_path in named if at_path == path and to in LOOKED_UP}
                require_listed(refers, name, path, chosen)


def require_listed(refers: str, name: str, path: str, chosen: set[str]) -> None:
    """Where it says, by what the form has, or lets choose."""
    where, _, own = refers.partition("#")
    collection, _, asked = where.partition("?")
    service, first, *rest = collection.split("/")
    if first == "documents":
        kind, within = rest[0], "/".join(rest[1:])
        found = contents(service, kind)
        assert found, refers
        assert not within or any(at(each, within) for each in found), refers
        return
    (act,) = (each.act for each in reads_of(service) if each.path == f"/{collection}")
    read = described_read(service, act)
    *within_record, id_name = (own or name).split(".")
    assert read.shape is not Shape.RECORD or within_record, refers
    assert not any(each.required for each in read.filters), refers
    assert {part.partition("=")[0] for part in asked.split("&") if part} <= {each.name for each in read.filters}, refers
    # A list of what the form is about: its path has all that the list's needs, or its subject is the household.
    own_ids = {*PLACEHOLDER.findall(path), *chosen, *(["{household_id}"] if path == "/registry/cases" else [])}
    assert set(PLACEHOLDER.findall(where)) <= own_ids, (refers, path)
    rows = read.fields
    for part in within_record:
        (listed,) = (each for each in rows if each.name == part)
        rows = listed.fields if listed.item is None else listed.item.fields
    assert id_name in {each.name for each in rows}, refers


def said(content: object, name: str) -> Iterator[Mapping[str, Any]]:
    """What stands under that name, anywhere in a document."""
    inner = content.values() if isinstance(content, Mapping) else content if isinstance(content, list | tuple) else ()
    if isinstance(content, Mapping) and name in content:
        yield content
    for each in inner:
        yield from said(each, name)


def test_what_documents_ask_papers_and_departments_for_has_a_label_and_nothing_else_has() -> None:
    """These two lists are of no document of their own: procedures and programmes say what they ask for."""
    documents = [content for service in TEXTS for kind in TEXTS[service].kinds for content in contents(service, kind)]
    proved = {str(each["what"]) for each in said(documents, "is") if each["is"] == "proved"}
    assert proved == set(LABELS.codes["ProvedMatter"].codes)
    sources = {str(source) for each in said(documents, "sources") for source in each["sources"]}
    assert sources == set(LABELS.codes["ComparisonSource"].codes)


def application(service: str, procedure: Procedure) -> ApplicationFields | None:
    """As a page finds it."""
    (asked,) = (each for each in form_of(service, "open_case").fields if each.applications)
    assert asked.kind is FieldKind.MAP
    effect = procedure.effect
    fitting = (
        each for each in asked.applications
        if each.fact == effect.fact and all(list(effect.terms.get(k, ())) == v for k, v in each.where.items())
    )  # fmt: skip
    return next(fitting, None)


@pytest.mark.parametrize(
    ("service", "procedure", "asked"),
    [
        ("registry", "monitoring_inclusion", {"kind", "risks"}),
        ("registry", "risk_elimination", {"manner", "early_reason"}),
        ("registry", "household_merge", {"effective_on", "precision", "merged_into", "relations"}),
        ("registry", "household_end", {"effective_on", "precision", "reason"}),
        ("registry", "reinstatement", {"effective_on", "precision", "person_ids", "head"}),
        ("registry", "correction", {"acts", "facts", "decisions", "report"}),
        ("registry", "identification", None),
        ("registry", "exit", None),
        ("registry", "elimination_withdrawal", None),
        ("assistance", "womens_micro_loan", {"product", "use", "amount", "months"}),
        ("assistance", "education_aid", {"other_grants", "income", "proved", "level", "decided"}),
    ],
)
def test_an_application_is_asked_for_what_its_procedure_takes(
    service: str, procedure: str, asked: set[str] | None
) -> None:
    (document, *_) = (
        TEXTS[service].kinds["procedure"](each)
        for each in contents(service, "procedure")
        if each["procedure"] == procedure
    )
    assert isinstance(document, Procedure)
    found = application(service, document)
    assert (None if found is None else {each.name for each in found.fields}) == asked
