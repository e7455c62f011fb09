"""Documents of check rules: what is a legal one, and which edition holds where."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from contracts.registry.codes import SchoolStage
from contracts.registry.members import Relation
from services.casework.findings.document import CheckRules
from services.casework.findings.domain import found_on
from services.casework.findings.editions import CheckEditions
from services.chassis.law.content import DocumentError
from services.registry.findings.checked_households import CheckedHousehold, CheckedMember
from services.registry.findings.store import CHECKS
from tests.casework.findings.check_documents import KINDS, adopted, content, proposal, register_of, withdrawn

START, END = datetime(2016, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)


def test_a_document_of_all_rules_is_legal() -> None:
    assert proposal(content("2014")).kind == "check_rules"


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"check_rules": "nobody"}, "one of households"),
        ({"rules": {"unknown_rule": content("x")["rules"]["several_spouses"]}}, "unknown_rule"),
        ({"rules": {"several_spouses": {**content("x")["rules"]["several_spouses"], "limits": {}}}}, "limits: most"),
        (
            {"rules": {"several_spouses": {**content("x")["rules"]["several_spouses"], "answer_within_days": 0}}},
            "at least 1",
        ),
        ({"rules": {"several_spouses": {"zh": "x"}}}, "missing required field"),
        ({"colour": "red"}, "unknown field"),
    ],
)
def test_what_no_rule_knows_is_refused(change: dict[str, Any], complaint: str) -> None:
    with pytest.raises(DocumentError, match=complaint):
        proposal({**content("2014"), **change})


def test_a_rule_that_is_not_listed_is_not_asked() -> None:
    listed = content("2014")["rules"]
    document = {**content("2014"), "rules": {"several_spouses": listed["several_spouses"]}}
    assert proposal(document).kind == "check_rules"
    of = CheckedHousehold("990001101201", (CheckedMember(UUID(int=1), 2015, Relation.HEAD, SchoolStage.NONE),))
    read = KINDS["check_rules"](document)
    assert isinstance(read, CheckRules)
    assert list(found_on(CHECKS, UUID(int=2), of, date(2016, 1, 1), read, "edition")) == []


def test_the_edition_of_the_place_holds_on_its_days_and_as_known_then() -> None:
    national = adopted(content("2014"))
    local = adopted(content("county", "990001", "2016-03-01", "2016-03-31"), after=len(national))
    end = withdrawn("registry/documents/3", "registry/documents/4", date(2016, 5, 1))
    second, third = START + timedelta(days=1), START + timedelta(days=2)
    register = register_of(*((START, f) for f in national), *((second, f) for f in local), (third, end))
    editions = CheckEditions(register, CHECKS.key)

    def known(after: datetime, place: str = "990001101201") -> list[tuple[str, str]]:
        ((_, _, holding),) = editions.between(place, after, after + timedelta(seconds=1))
        return [(p.valid_from.isoformat(), p.document.edition) for p in holding]

    assert known(START) == [("2014-01-01", "2014")]
    assert known(second) == [("2014-01-01", "2014"), ("2016-03-01", "county"), ("2016-04-01", "2014")]
    assert known(second, "990002101201") == [("2014-01-01", "2014")]
    assert known(third) == [("2014-01-01", "2014")]
    slices = [(since, len(holding)) for since, _, holding in editions.between("990001101201", START, END)]
    assert slices == [(START, 1), (second, 3), (third, 1)]
    assert len([*editions.between("990002101201", START, END)]) == 1
    for day, edition in ((date(2013, 12, 31), None), (date(2014, 1, 1), "2014")):
        found = editions.on("990001101201", day)
        assert (found and found.document.edition) == edition


def test_before_anything_was_adopted_nothing_is_asked() -> None:
    editions = CheckEditions(register_of(), CHECKS.key)
    assert editions.on("990001101201", date(2016, 1, 1)) is None
    assert [*editions.between("990001101201", START, END)] == [(START, END, ())]
