"""Each check rule of households: the day before, the day, and what it is about."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

import pytest

from contracts.registry.codes import AssistanceTrack, EducationLevel, LabourSkill, SchoolStage, WorkPlace
from contracts.registry.members import Relation
from contracts.registry.poverty_status import PovertyStatus
from services.casework.findings.document import check_rules_from
from services.casework.findings.domain import found_on, turns_of
from services.registry.document_kinds import FIRST_TEXTS
from services.registry.findings.checked_households import (
    CheckedExit,
    CheckedHousehold,
    CheckedIncome,
    CheckedMember,
    CheckedMonitoring,
    CheckedSchooling,
    HouseholdCheck,
    checked,
)
from services.registry.findings.decided_incomes import OtherIncome
from services.registry.findings.store import CHECKS, explain
from services.registry.households.state import Household

HOUSEHOLD = UUID(int=7)
SHIPPED = next(
    check_rules_from(e.content)
    for e in (state.edition for state in FIRST_TEXTS.register("registry").as_known().states.values())
    if (e.fact.kind, e.fact.key) == ("check_rules", CHECKS.key)
)


def household(*members: tuple[Relation, int] | tuple[Relation, int, SchoolStage]) -> CheckedHousehold:
    return CheckedHousehold(
        "990001101201",
        tuple(
            CheckedMember(person(n), born, relation, stage[0] if stage else SchoolStage.NONE)
            for n, (relation, born, *stage) in enumerate(members)
        ),
    )


def person(number: int) -> UUID:
    return uuid5(HOUSEHOLD, str(number))


def rules_on(day: date, of: CheckedHousehold) -> list[str]:
    return sorted(found.rule for found in found_on(CHECKS, HOUSEHOLD, of, day, SHIPPED, "edition"))


def earning(first: str, last: str, *born: int, residents: int | None = None) -> CheckedHousehold:
    members = household(*[(Relation.HEAD, year) for year in born]).members
    income = CheckedIncome(date.fromisoformat(first), date.fromisoformat(last), earns=True, residents=residents)
    return CheckedHousehold("990001101201", members, income)


@pytest.mark.parametrize(
    ("born", "found"),
    [
        ((1941,), []),
        ((1940,), ["wages_without_working_age"]),
        ((2001, 1930), []),
        ((2002, 1930), ["wages_without_working_age"]),
    ],
)
def test_wages_need_somebody_of_working_age_within_the_period(born: tuple[int, ...], found: list[str]) -> None:
    asked = ("head_too_young", "wages_without_working_age")
    rules = rules_on(date(2018, 6, 1), earning("2016-10-01", "2017-09-30", *born))
    assert [rule for rule in rules if rule in asked[1:]] == found


@pytest.mark.parametrize(("residents", "found"), [(2, []), (3, ["more_residents_than_members"])])
def test_nobody_typed_more_residents_than_members(residents: int, found: list[str]) -> None:
    rules = rules_on(date(2018, 6, 1), earning("2017-01-01", "2017-12-31", 1970, 1971, residents=residents))
    assert [rule for rule in rules if rule == "more_residents_than_members"] == found


HEAD = (Relation.HEAD, 1970)
DAY = date(2018, 6, 1)


@pytest.mark.parametrize(
    ("members", "rule", "turn", "after"),
    [
        ([(Relation.HEAD, 2004)], "head_too_young", date(2020, 1, 1), False),
        ([HEAD, (Relation.SPOUSE, 2002)], "spouse_too_young", date(2020, 1, 1), False),
        ([HEAD, (Relation.OTHER, 1909)], "age_implausible", date(2020, 1, 1), True),
        ([HEAD, (Relation.OTHER, 2002, SchoolStage.PRIMARY)], "too_old_for_school", date(2020, 1, 1), True),
        ([HEAD, (Relation.OTHER, 1969, SchoolStage.COLLEGE)], "too_old_for_school", date(2020, 1, 1), True),
    ],
)
def test_the_year_in_which_an_age_is_reached_turns_it(
    members: Sequence[Any], rule: str, turn: date, after: bool
) -> None:
    of = household(*members)
    assert turn in turns_of(CHECKS, of, SHIPPED)
    on_days = [rule in rules_on(day, of) for day in (turn - timedelta(1), turn, turn + timedelta(1))]
    assert on_days == [not after, after, after]


@pytest.mark.parametrize(
    ("relation", "least_plausible", "implausible"),
    [
        (Relation.CHILD, 1984, 1983),
        (Relation.CHILD, 1984, 1960),
        (Relation.GRANDCHILD, 1998, 1997),
        (Relation.PARENT, 1956, 1957),
        (Relation.PARENT, 1956, 1975),
        (Relation.GRANDPARENT, 1942, 1943),
    ],
)
def test_generations_are_apart(relation: Relation, least_plausible: int, implausible: int) -> None:
    rule = "generation_gap_too_small"
    assert rule not in rules_on(DAY, household(HEAD, (relation, least_plausible)))
    assert rule in rules_on(DAY, household(HEAD, (relation, implausible)))


@pytest.mark.parametrize("relation", [Relation.CHILD_IN_LAW, Relation.SIBLING, Relation.SPOUSE, Relation.OTHER])
def test_of_other_relations_no_age_follows(relation: Relation) -> None:
    assert rules_on(DAY, household(HEAD, (relation, 1960))) == []


def test_two_spouses_are_one_finding_about_both() -> None:
    of = household(HEAD, (Relation.SPOUSE, 1971), (Relation.SPOUSE, 1972))
    (found,) = found_on(CHECKS, HOUSEHOLD, of, DAY, SHIPPED, "edition")
    assert (found.rule, found.ground.about) == ("several_spouses", (person(1), person(2)))
    assert rules_on(DAY, household(HEAD, (Relation.SPOUSE, 1971))) == []


def test_many_members() -> None:
    assert rules_on(DAY, household(HEAD, *[(Relation.OTHER, 1980)] * 19)) == []
    assert rules_on(DAY, household(HEAD, *[(Relation.OTHER, 1980)] * 20)) == ["too_many_members"]


def test_an_ordinary_family_gives_no_finding() -> None:
    family = household(
        HEAD, (Relation.SPOUSE, 1972), (Relation.CHILD, 2004, SchoolStage.JUNIOR), (Relation.PARENT, 1946)
    )
    assert rules_on(DAY, family) == []


@pytest.mark.parametrize("status", [None, PovertyStatus.REMOVED, PovertyStatus.CANCELLED])
def test_what_the_register_does_not_count_is_not_checked(status: PovertyStatus | None) -> None:
    assert checked(Household(status=status), {}) is None


def test_a_finding_is_the_same_however_often_it_is_found() -> None:
    of = household((Relation.HEAD, 2010))
    ids = {next(found_on(CHECKS, HOUSEHOLD, of, DAY + timedelta(n), SHIPPED, "e")).finding_id for n in range(3)}
    assert len(ids) == 1


def test_a_rule_that_is_switched_off_is_not_asked() -> None:
    off = {code: {**_terms(code), "asked": False} for code in SHIPPED.rules}
    document = check_rules_from({**_head(), "rules": off})
    assert list(found_on(CHECKS, HOUSEHOLD, household((Relation.HEAD, 2010)), DAY, document, "edition")) == []


def _head() -> dict[str, Any]:
    return {
        "check_rules": "households", "edition": "x", "zh": "x", "en": "x", "jurisdiction": "CN", "source": "x",
        "in_force": {"from": "2014-01-01", "to": None},
    }  # fmt: skip


def _terms(code: str) -> dict[str, Any]:
    owner = {"level": "township", "role": "reviewer"}
    limits = SHIPPED.rules[code].limits
    common = {"zh": "x", "en": "x", "source": "x", "severity": "warning", "owner": owner, "answer_within_days": 30}
    return {**common, "limits": limits}


@pytest.mark.parametrize(
    ("ability", "track", "found"),
    [
        (LabourSkill.SKILLED, AssistanceTrack.DEVELOPMENT, False),
        (LabourSkill.ORDINARY, AssistanceTrack.SECURITY, True),
        (LabourSkill.WEAK, AssistanceTrack.SECURITY, False),
        (LabourSkill.WEAK, AssistanceTrack.DEVELOPMENT, False),
        (LabourSkill.LOST, AssistanceTrack.DEVELOPMENT, True),
        (LabourSkill.NONE, AssistanceTrack.SECURITY, False),
        (LabourSkill.NONE, None, False),
        (LabourSkill.NONE, AssistanceTrack.DEVELOPMENT, True),
        (None, AssistanceTrack.DEVELOPMENT, False),
    ],
)
def test_the_assistance_track_follows_the_ability_to_work(
    ability: LabourSkill, track: AssistanceTrack | None, found: bool
) -> None:
    head = CheckedMember(person(0), 1970, Relation.HEAD, SchoolStage.NONE, ability, assistance_track=track)
    of = CheckedHousehold("990001101201", (head,))
    assert ("track_against_ability" in rules_on(DAY, of)) is found


def test_every_rule_is_shipped_and_explains_itself_without_personal_data() -> None:
    assert SHIPPED.rules.keys() == CHECKS.rules.keys() == {*HouseholdCheck}
    of = household(
        (Relation.HEAD, 2012, SchoolStage.COLLEGE), (Relation.SPOUSE, 2010), (Relation.SPOUSE, 1890),
        (Relation.CHILD, 1900, SchoolStage.PRIMARY), *[(Relation.OTHER, 1980)] * 20,
    )  # fmt: skip
    found = list(found_on(CHECKS, HOUSEHOLD, of, DAY, SHIPPED, "edition"))
    found += found_on(
        CHECKS, HOUSEHOLD, earning("2017-01-01", "2017-12-31", 1930, residents=2), DAY, SHIPPED, "edition"
    )
    registered_elsewhere = CheckedMember(
        person(0), 2008, Relation.HEAD, SchoolStage.NONE, LabourSkill.ORDINARY, EducationLevel.BACHELOR,
        AssistanceTrack.SECURITY, WorkPlace.OUTSIDE, lacks_card=True, hukou_here=True, lives_here=False,
    )  # fmt: skip
    of = CheckedHousehold(
        "990001101201", (registered_elsewhere,), eliminated_early=DAY, exit=CheckedExit(DAY, ("housing",)),
        monitoring=CheckedMonitoring(DAY, ("disability",), PovertyStatus.REGISTERED, DAY),
        status_income=OtherIncome(DAY, DAY, DAY, Decimal("6680.00"), None),
        monitoring_income=OtherIncome(DAY, DAY, DAY, Decimal("6680.00"), Decimal("5344.00")),
    )  # fmt: skip
    found += found_on(CHECKS, HOUSEHOLD, of, DAY, SHIPPED, "edition")
    pupils = [
        CheckedMember(person(1), 2010, Relation.CHILD, SchoolStage.PRIMARY),
        CheckedMember(person(2), 2010, Relation.CHILD, SchoolStage.NONE),
        CheckedMember(
            person(3), 2010, Relation.CHILD, SchoolStage.PRIMARY,
            schooling=CheckedSchooling(SchoolStage.JUNIOR, True, True, None, None),
        ),
    ]  # fmt: skip
    every = check_rules_from({**_head(), "rules": {code: _terms(code) for code in SHIPPED.rules}})
    found += found_on(CHECKS, HOUSEHOLD, CheckedHousehold("990001101201", tuple(pupils)), DAY, every, "edition")
    assert {one.rule for one in found} == {*HouseholdCheck}
    for one in found:
        why = CHECKS.explanation_of(one)
        assert why.code == f"household_check_{one.rule}"
        assert why.zh.endswith("或说明理由。")
        assert why.en.endswith("or say why it is so.")
        assert "{" not in why.zh + why.en
    with pytest.raises(KeyError):
        explain(HouseholdCheck.HEAD_TOO_YOUNG, {})


def statuses(**of: Any) -> list[tuple[str, dict[str, int | str]]]:
    """What is found of the status of a household of one able person."""
    head = CheckedMember(person(0), 1970, Relation.HEAD, SchoolStage.NONE, LabourSkill.ORDINARY)
    found = found_on(CHECKS, HOUSEHOLD, CheckedHousehold("990001101201", (head,), **of), DAY, SHIPPED, "edition")
    return [(one.rule, dict(one.ground.values)) for one in found]


@pytest.mark.parametrize(
    ("exited_on", "unmet", "standards"),
    [
        (date(2015, 12, 31), None, None),
        (date(2016, 1, 1), None, ""),
        (date(2016, 1, 1), ("housing", "water"), "housing,water"),
        (date(2016, 1, 1), (), None),
    ],
)
def test_an_exit_without_its_standards_is_found_from_the_year_that_the_document_names(
    exited_on: date, unmet: tuple[str, ...] | None, standards: str | None
) -> None:
    found = statuses(exit=CheckedExit(exited_on, unmet))
    expected = [] if standards is None else [{"exited_on": exited_on.isoformat(), "standards": standards}]
    assert [figures for rule, figures in found if rule == "exit_without_standard"] == expected


def test_a_risk_is_found_that_no_member_shows_and_a_status_that_came_after_the_kind() -> None:
    of = CheckedMonitoring(DAY, ("disability", "schooling", "no_labour", "illness"))
    assert [figures["risk"] for _, figures in statuses(monitoring=of)] == ["disability", "schooling", "no_labour"]
    disabled = CheckedMember(person(1), 2008, Relation.CHILD, SchoolStage.PRIMARY, LabourSkill.NONE, disabled=True)
    shown = CheckedHousehold("990001101201", (disabled,), monitoring=of)
    assert not list(found_on(CHECKS, HOUSEHOLD, shown, DAY, SHIPPED, "edition"))
    later = CheckedMonitoring(DAY, (), PovertyStatus.REMOVED, DAY)
    assert [rule for rule, _ in statuses(monitoring=later)] == ["kind_after_other_status"]
    assert statuses(monitoring=CheckedMonitoring(DAY, ())) == []
