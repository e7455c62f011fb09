"""Every read and every act of the published interface, and how a person comes to it: by a page's own, by the directory, or by a row
of a list that leads to its subject."""

from collections.abc import Iterator

import pytest

from contracts.roles import Role
from lika.access import ACCESS
from services.chassis.ground.refusals import Refused
from services.chassis.web.open_acts import subject_of
from services.console.form_fields import FieldKind, FormField
from services.console.forms import NO_FORM_OF_ACT, SERVICES, published
from services.console.reads import Shape, described_read, parameters_in, reads_of

READS = [(service, read.act) for service in SERVICES for read in reads_of(service)]
HUMAN = frozenset(Role) - {Role.SERVICE}
MEMBER = "/registry/households/{household_id}/members/{person_id}"
PAGES = {
    "/registry/households/{household_id}": "pages/household",
    MEMBER: "pages/household",
    f"{MEMBER}/enrolments/{{enrolment_id}}": "pages/household",
    **{f"/{service}/cases/{{case_id}}": "pages/case" for service in ("registry", "assistance", "monitoring")},
    **{
        f"/{service}/cases/{{case_id}}/objections/{{objection_no}}": "pages/case"
        for service in ("registry", "assistance", "monitoring")
    },
    "/monitoring/targets/{target_id}/milestones/{milestone}": "pages/targets",
}
"""Subject → the page that offers what is open there, or the steps of which say it."""
ELSEWHERE = {
    "review_readings": "the inbox: an unusual day of an account is there for the office that reviews it",
    "add_evidence_subjects": "forms cite what they upload; a paper that came before its subject is attached over the interface",
}
"""Acts at a subject that no list of their service leads to."""


def all_fields(fields: list[FormField]) -> Iterator[FormField]:
    for field in fields:
        yield field
        yield from all_fields([*field.fields, *([] if field.item is None else [field.item])])


@pytest.mark.parametrize(("service", "act"), READS)
def test_what_a_read_is_asked_by_and_holds_is_called_in_both_languages(service: str, act: str) -> None:
    form = described_read(service, act)
    assert form.zh != form.en
    named = [field for field in all_fields([*form.path_fields, *form.filters, *form.fields]) if field.name]
    assert [field.name for field in named if field.zh == field.en and not field.name.isdigit()] == []
    assert [field.name for field in named for each in field.choices if each.zh == each.en] == []
    assert [field.name for field in form.path_fields] == parameters_in(form.path)


def test_a_list_leads_to_what_its_rows_name() -> None:
    schools, posts = described_read("registry", "list_schools"), described_read("registry", "list_posts")
    assert (schools.shape, schools.exports, schools.subjects) == (Shape.PAGE, True, ["/registry/schools/{school_code}"])
    assert set(posts.subjects) == {
        "/registry/staff/{staff_id}", "/registry/staff/posts/{post_id}", "/registry/staff/{staff_id}/posts/{post_id}"
    }  # fmt: skip
    assert described_read("registry", "read_school").subjects == []
    assert "/registry/documents/{number}" not in described_read("assistance", "list_pairs").subjects


def test_a_place_that_a_list_is_narrowed_to_is_chosen_among_divisions() -> None:
    clues, opening = described_read("registry", "list_clues"), described_read("registry", "read_opening_balance")
    assert [each.kind for each in clues.filters if each.name == "division"] == [FieldKind.DIVISION]
    assert [each.kind for each in opening.path_fields] == [FieldKind.DIVISION]


def test_a_read_of_personal_data_for_a_purpose_is_read_in_passing_by_no_page() -> None:
    assert {"read_evidence_content", "read_record_texts"}.isdisjoint(act for _, act in READS)


def test_what_is_no_such_read_is_not_described() -> None:
    for asked in (("registry", "record_household"), ("elsewhere", "list_schools")):
        with pytest.raises(Refused) as refused:
            described_read(*asked)
        assert refused.value.rule is NO_FORM_OF_ACT


def leading(service: str, role: Role) -> set[str]:
    """The subjects that lists lead this role to, and those at an address that they may type."""
    rows = ACCESS[service].rows
    mine = [each for each in reads_of(service) if (roles := rows[each.act].roles) is None or role in roles]
    typed = {each.path for each in mine if each.is_typed and each.path.endswith("}")}
    return typed | {subject for each in mine for subject in described_read(service, each.act).subjects}


def test_every_act_of_a_persons_role_is_offered_somewhere() -> None:
    missing = []
    for service in SERVICES:
        paths = published(service)["paths"]
        acts = {path["post"]["operationId"]: f"/{service}{at}" for at, path in paths.items() if "post" in path}
        for act, path in acts.items():
            for role in HUMAN & (ACCESS[service].rows[act].roles or HUMAN):
                if "{" not in path or act in ELSEWHERE or subject_of(path) in PAGES:
                    continue  # the directory offers what stands at no subject
                if subject_of(path) not in leading(service, role):
                    missing.append((role.value, act))
    assert missing == []


def test_no_exception_is_one_that_a_list_leads_to() -> None:
    paths = {
        path["post"]["operationId"]: f"/{service}{at}"
        for service in SERVICES for at, path in published(service)["paths"].items() if "post" in path
    }  # fmt: skip
    for act in ELSEWHERE:
        service = paths[act].split("/")[1]
        assert all(
            subject_of(paths[act]) not in leading(service, role) for role in ACCESS[service].rows[act].roles or HUMAN
        ), act
