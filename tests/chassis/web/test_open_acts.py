"""What may be done on a subject is asked of the service: by where acts stand, by the access table, and by what the service says."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

import pytest

from contracts.roles import Role
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.security.access_table import AccessRow, AccessTable, Relation
from services.chassis.security.actor import Actor
from services.chassis.web.next_steps import PublishedActs
from services.chassis.web.open_acts import OpenAct, OpenActs, among, id_in

THING = "00000000-0000-4000-8000-000000000001"
CADRE, REVIEWER = frozenset({Role.CADRE}), frozenset({Role.REVIEWER})
ROUTES = {
    "list_things": ("GET", "/shop/things"),
    "read_thing": ("GET", "/shop/things/{thing_id}"),
    "make_thing": ("POST", "/shop/things"),
    "import_things": ("POST", "/shop/things/workbooks"),
    "list_workbooks": ("GET", "/shop/things/workbooks"),
    "open_thing": ("POST", "/shop/things/{thing_id}/openings"),
    "review_thing": ("POST", "/shop/things/{thing_id}/reviews"),
    "name_part": ("POST", "/shop/things/{thing_id}/parts/{part}/names"),
}


def row(act: str, roles: frozenset[Role]) -> AccessRow:
    return AccessRow(act, roles, Relation.NONE, act, act.title())


PUBLISHED = PublishedActs(
    AccessTable(*(row(act, REVIEWER if act == "review_thing" else CADRE) for act in ROUTES)), ROUTES
)
ACTOR = Actor("cadre-1", CADRE, "990001101201")


def acts(subject: str, said: Mapping[str, object] | None = None, actor: Actor = ACTOR) -> list[str]:
    found = OpenActs.of("shop", PUBLISHED, said or {})  # type: ignore[arg-type]
    return [each.act for each in found.answer(subject, actor).acts]


def test_at_a_subject_stands_what_the_access_table_allows_there() -> None:
    assert acts(f"/shop/things/{THING}") == ["open_thing"]
    assert acts(f"/shop/things/{THING}", actor=Actor("r", REVIEWER, "")) == ["review_thing"]
    assert acts(f"/shop/things/{THING}/parts/7") == ["name_part"]
    found = OpenActs.of("shop", PUBLISHED, {}).on(f"/shop/things/{THING}", ACTOR)[0]
    assert (found.path, found.form, found.zh) == (f"/shop/things/{THING}/openings", {}, "open_thing")


def test_at_a_collection_stands_what_is_about_no_single_subject() -> None:
    assert acts("/shop/things") == acts("/shop") == ["make_thing", "import_things"]
    assert acts("/shop/things/workbooks") == ["import_things"], "no thing of that id"
    assert acts("/shop/others") == acts("/shop/things/a/b") == []


def test_a_service_says_which_apply_and_what_is_settled_in_their_forms() -> None:
    def said(actor: Actor, ids: Mapping[str, str], there: Sequence[OpenAct]) -> Iterable[OpenAct]:
        thing = id_in(ids, "thing_id")
        return [OpenAct("make_thing", form={"former": thing}), *among(there, {"review_thing"})]

    about = {"/things/{thing_id}": said}
    (only,) = OpenActs.of("shop", PUBLISHED, about).on(f"/shop/things/{THING}", ACTOR)
    assert (only.act, only.form) == ("make_thing", {"former": str(UUID(THING))}), "a review is of another role"
    assert acts("/shop/things/no-id", about) == []


def test_of_a_subject_that_is_none_for_the_caller_nothing_is_open() -> None:
    def elsewhere(actor: Actor, ids: Mapping[str, str], there: Sequence[OpenAct]) -> Iterable[OpenAct]:
        raise Refused(NOT_FOUND)

    found = OpenActs.of("shop", PUBLISHED, {"/things/{thing_id}": elsewhere})
    answer = found.answer(f"/shop/things/{THING}", ACTOR)
    assert (answer.exists, answer.acts) == (False, [])
    assert found.answer("/shop/things", ACTOR).exists


@pytest.mark.parametrize("subject", ["", "/", "/elsewhere/things", f"/shop/things/{THING}/openings"])
def test_what_is_no_subject_has_no_acts(subject: str) -> None:
    assert acts(subject) == []
