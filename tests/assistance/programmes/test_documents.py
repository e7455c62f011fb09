"""Programmes as documents: what is refused names the line; each shipped text is legal, and what its paper hides is a gap."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from contracts.registry.codes import SchoolStage
from contracts.registry.members import Sex
from contracts.registry.monitoring import MonitoringStatus
from contracts.registry.poverty_status import PovertyStatus
from services.assistance.document_kinds import FIRST_TEXTS, KINDS
from services.assistance.programmes.document import KIND, Programme, programme_from
from services.assistance.programmes.eligibility import assess
from services.assistance.programmes.explaining import gaps_of
from services.assistance.programmes.predicates import Candidate
from services.assistance.programmes.reasons import Reason
from services.casework.documents.kinds import checked
from services.casework.people.state import PersonState
from services.chassis.ground.labels import LABELS
from services.chassis.law.content import as_dicts, content_of
from services.chassis.law.yaml_text import DocumentFileError, YamlText

TEXT = """programme: old_age
edition: "990001-2020"
zh: 老年补助
en: old-age allowance
jurisdiction: "990001"
source: a county's paper
in_force: {from: 2020-01-01, to: null}
unit: person
eligibility:
  - {is: registered}
  - {is: aged, least: 60}
components:
  - key: base
    zh: 基本
    en: base
    payee: person
    period: month
    rates:
      - {from: 2020-01-01, to: 2020-12-31, amount: {kind: rate, yuan: "50"}}
      - {from: 2021-01-01, to: null, amount: {kind: rate, yuan: "60"}}
follows:
  exit: continues
  removal: stops
  end: stops
  unregistered: stops
  return: continues
  leaving: stops
  death: stops
  move: transfers
  split: transfers
  merge: transfers
  stage_change: continues
  re_evaluation: stops
"""
ONE_DAY = timedelta(days=1)


def read(text: str = TEXT) -> Programme:
    """As ``lika documents adopt`` reads a file."""
    yaml = YamlText(text, "file")
    with yaml.located():
        return programme_from(as_dicts(checked(yaml.content, {KIND: programme_from}).content))


@pytest.mark.parametrize(
    ("line", "instead", "at", "said"),
    [
        ('      - {from: 2021-01-01, to: null, amount: {kind: rate, yuan: "60"}}',
         '      - {from: 2020-12-31, to: null, amount: {kind: rate, yuan: "60"}}', 20, "overlaps the rate from 2020-01-01"),
        ('      - {from: 2021-01-01, to: null, amount: {kind: rate, yuan: "60"}}',
         '      - {from: 2019-01-01, to: null, amount: {kind: rate, yuan: "60"}}', 20, "overlaps"),
        ("to: 2020-12-31", "to: 2019-12-31", 19, "ends before it begins"),
        ("  - {is: aged, least: 60}", "  - {is: rich, least: 60}", 11, "rich"),
        ("  - {is: aged, least: 60}", "  - {is: aged, least: 60, most: 59}", 11, "below the least"),
        ("  - {is: aged, least: 60}", "  - {is: aged, from: 60}", 11, "unknown field"),
        ("source: a county's paper", "basis: none", 1, "source"),
        ("source: a county's paper", 'source: " "', 6, "source"),
        ('{kind: rate, yuan: "60"}',
         '{kind: ceiling_including_other_grants, ceiling: "60", floor: "61"}', 20, "below the floor"),
        ('{kind: rate, yuan: "60"}', '{kind: average, yuan: "60"}', 20, "average"),
        ('{kind: rate, yuan: "60"}', '{kind: supplement, to: basis, yuan: "60"}', 20, "no other component"),
        ('{kind: rate, yuan: "60"}', "{kind: exemption, zh: 学费, en: fees}", 20, "never in cash"),
        ("unit: person", "unit: village", 8, "no unit of the register"),
        ("unit: person", "unit: citizen", 8, "citizen"),
        ("    payee: person", "    payee: bank", 16, "bank"),
        ("  re_evaluation: stops\n", "", 21, "re_evaluation"),
    ],
)  # fmt: skip
def test_what_cannot_be_decided_by_is_refused_with_its_file_and_line(
    line: str, instead: str, at: int, said: str
) -> None:
    assert line in TEXT
    with pytest.raises(DocumentFileError, match=rf"^file:{at}: .*{said}"):
        read(TEXT.replace(line, instead))


def person(birth_year: int | None = 1950, status: PovertyStatus | None = PovertyStatus.REGISTERED) -> PersonState:
    return PersonState(birth_year=birth_year, status=status, division="990001101201", sex=Sex.FEMALE)


def reasons(programme: Programme, who: PersonState, day: date, **more: MonitoringStatus) -> tuple[Reason, ...]:
    return assess(programme, Candidate(who, day, **more)).reasons  # type: ignore[arg-type]


def test_a_rate_holds_from_its_first_to_its_last_day() -> None:
    component = read().component("base")
    assert component is not None
    turn = date(2021, 1, 1)
    found = [component.rate_on(day) for day in (turn - ONE_DAY, turn, turn + ONE_DAY)]
    assert [rate and rate.starts for rate in found] == [date(2020, 1, 1), turn, turn]
    first = date(2020, 1, 1)
    assert [component.rate_on(day) is None for day in (first - ONE_DAY, first, first + ONE_DAY)] == [True, False, False]


def test_each_predicate_that_fails_is_a_reason_and_all_of_them_are_given() -> None:
    programme, day = read(), date(2020, 6, 1)
    assert reasons(programme, person(1960), day) == ()
    assert reasons(programme, person(1961), day) == (Reason.TOO_YOUNG,)
    assert reasons(programme, person(None, None), day) == (Reason.NOT_IN_REGISTER, Reason.BIRTH_YEAR_UNKNOWN)
    assert reasons(programme, person(), date(2019, 12, 31)) == (Reason.NO_STANDARD_IN_FORCE,)


@pytest.mark.parametrize(
    ("predicate", "holds", "against", "reason"),
    [
        ("{is: monitored}", {"monitoring": MonitoringStatus.MONITORED}, {"monitoring": MonitoringStatus.ELIMINATED},
         Reason.NOT_MONITORED),
        ("{is: disabled, level: 2}", {"disability_level": 2}, {"disability_level": 3}, Reason.NOT_DISABLED_ENOUGH),
        ("{is: disabled}", {"disability_level": 4}, {}, Reason.NOT_DISABLED),
        ("{is: in_stage, stages: [primary]}", {"stage": SchoolStage.PRIMARY}, {"stage": SchoolStage.JUNIOR},
         Reason.NOT_IN_STAGE),
        ("{is: of_sex, sex: female}", {}, {"sex": Sex.MALE}, Reason.ANOTHER_SEX),
        ("{is: proved, what: martyr, zh: 烈属证, en: certificate}", {"proved": frozenset({"martyr"})}, {}, Reason.NOT_PROVED),
        ('{is: income_below, line: "300"}', {"income": 299}, {"income": 300}, Reason.INCOME_ABOVE_LINE),
        ('{is: income_below, line: "300"}', {"income": 299}, {}, Reason.INCOME_UNKNOWN),
        ("{is: not_receiving, programmes: [five]}", {}, {"receiving": frozenset({"five"})}, Reason.RECEIVES_ANOTHER),
    ],
)  # fmt: skip
def test_predicates(predicate: str, holds: dict[str, object], against: dict[str, object], reason: Reason) -> None:
    programme = read(TEXT.replace("{is: aged, least: 60}", predicate))
    for given, expected in ((holds, ()), (against, (reason,))):
        of_person = {name: value for name, value in given.items() if name in PersonState.__dataclass_fields__}
        others = {name: value for name, value in given.items() if name not in of_person}
        base = {"status": PovertyStatus.REGISTERED, "sex": Sex.FEMALE}
        candidate = Candidate(PersonState(**{**base, **of_person}), date(2020, 6, 1), **others)  # type: ignore[arg-type]
        assert assess(programme, candidate).reasons == expected


SHIPPED = {
    f"{fact.jurisdiction}/{fact.key}": programme_from(as_dicts(content_of(fact.content)))
    for fact in FIRST_TEXTS.proposals
    if fact.kind == KIND
}
SAMPLE, HUANGMEI, WUHAN = "99/education_aid", "421127/education_aid", "4201/education_aid"


@pytest.mark.parametrize(
    ("place", "stage", "said"),
    [
        (SAMPLE, "preschool", "每学期 500 元"),  # B02
        (SAMPLE, "primary", "每学期 500 元"),  # B04
        (SAMPLE, "junior", "每学期 625 元"),  # B05
        (SAMPLE, "senior", "每学期 1250 元"),  # B09
        (SAMPLE, "college", "每学年封顶 10000 元（含其他资助，只补差额）"),  # B11
        (HUANGMEI, "primary", "每学期 500 元"),  # B04
        (WUHAN, "primary", "每学期 500 元"),  # B06
        (WUHAN, "junior", "每学期 625 元"),  # B07
    ],
)
def test_each_places_standards_are_as_its_paper_gives_them(place: str, stage: str, said: str) -> None:
    day, component = date(2014, 1, 1), SHIPPED[place].component(stage)
    assert component is not None
    assert component.rate_on(day - ONE_DAY) is None
    for on in (day, day + ONE_DAY):
        rate = component.rate_on(on)
        assert rate is not None
        assert rate.amount.in_words(LABELS.code(component.period)).zh == said
        assert (rate.source or "").startswith("B")


def test_what_a_paper_masks_is_a_gap_and_never_a_number() -> None:
    """B03, B10."""
    said = [gap.zh for gap in gaps_of(SHIPPED[WUHAN])]
    assert [line.partition("”")[0] for line in said if "遮盖" in line] == ["“学前资助", "“中职国家助学金"]
    assert not SHIPPED[WUHAN].is_settled()


def test_all_shipped_texts_are_read_as_files_and_name_their_sources() -> None:
    folder = FIRST_TEXTS.folder / "programmes"
    for file in sorted(Path(folder).glob("*.yaml")):
        yaml = YamlText.of(file)
        with yaml.located():
            assert checked(yaml.content, KINDS).source


OBSERVED = (
    "408",
    "102.58",
    "156",
    "3938",
    "2575",
    "1286",
    "164",
    "567",
    "24100",
    "1846700",
    "51500",
    "339400",
    "32000000",
)
"""Averages and totals of B18, B20–B25, B27 and B29, in yuan."""


def test_no_shipped_programme_pays_what_was_only_observed() -> None:
    """Practice, money 8. What the papers leave open is listed instead."""
    for programme in SHIPPED.values():
        paid = [str(rate.amount) for component in programme.components for rate in component.rates]
        assert not any(f"'{figure}'" in amount for figure in OBSERVED for amount in paid), programme.programme
    unsettled = {programme.programme for programme in SHIPPED.values() if not programme.is_settled()}
    assert unsettled >= {"rural_minimum_living", "urban_minimum_living", "five_guarantee", "medical_assistance"}


@pytest.mark.parametrize(
    ("programme", "component", "said"),
    [
        ("99/nutrition_meals", "meals", "每出勤一天 4 元"),  # B01
        ("4201/school_bus", "bus", "每学年 500 元"),  # B08
        ("99/two_exemptions", "books", "免除：课本和一科一辅"),  # B12
        ("99/community_college_grant", "entrance", "每次（一次性） 4000 元"),  # B14
        ("99/community_degree_reward", "reward", "每次（一次性） 2000 至 3000 元，逐案决定前不发"),  # B15
        ("99/two_daughter_schooling", "schooling", "免除：全部费用"),  # B16
        ("4307/child_sponsorship", "sponsorship", "每学期 1200 元，共 6 期"),  # B17
        ("99/martyr_child_lodging", "lodging", "每次（一次性） 1200 元"),  # B19
        ("99/conscript_preference", "preference", "每年按级别：农村 6900 元；城镇 4690 元"),  # B26
        ("99/veteran_self_employment", "grant", "每次（一次性） 32000 元"),  # B28
        (
            "4307/breast_screening",
            "examination",
            "配套 79 元（县 40%；省 60%），实际费用 100 元，缺口 21 元",
        ),  # B31
        ("99/tea_machines", "machine", "每次（一次性） 1000 元"),  # B46
    ],
)
def test_the_other_benefits_are_documents_with_their_papers_figures(programme: str, component: str, said: str) -> None:
    found = SHIPPED[programme].component(component)
    assert found is not None
    (rate,) = found.rates
    assert rate.amount.in_words(LABELS.code(found.period)).zh == said


def test_meals_are_paid_to_the_canteen_and_exemptions_never_to_the_pupil() -> None:
    """Practice, money 5."""
    meals = SHIPPED["99/nutrition_meals"].component("meals")
    assert meals is not None
    assert meals.payee == "canteen"
    assert {c.payee for c in SHIPPED["99/two_exemptions"].components} == {"school"}
