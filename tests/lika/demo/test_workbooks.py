"""The sample's workbooks come through the same reading as anybody's, without one error."""

from hashlib import sha256

import pytest

from lika.demo.township import Township, sample_township
from lika.demo.workbooks import village_workbooks
from services.casework.workbooks.importing.results import Subjects
from services.registry.intake.reading.drafts import HouseholdDraft
from tests.registry.intake.example_workbooks import parse_workbook


@pytest.fixture(scope="module")
def township() -> Township:
    return sample_township()


@pytest.fixture(scope="module")
def readings(township: Township) -> list[Subjects[HouseholdDraft]]:
    return [parse_workbook(content) for _, content in village_workbooks(township)]


def test_reading_them_gives_746_drafts_2073_members_and_no_error(readings: list[Subjects[HouseholdDraft]]) -> None:
    assert sum(len(reading.drafts) for reading in readings) == 746
    assert sum(len(draft.members) for reading in readings for draft in reading.drafts) == 2073
    assert [error for reading in readings for error in reading.errors] == []


def test_what_is_read_is_what_was_written(township: Township, readings: list[Subjects[HouseholdDraft]]) -> None:
    drafts = {draft.national_no: draft for reading in readings for draft in reading.drafts}
    for household in township.households:
        draft, found = drafts[household.number], household.circumstances
        assert draft.income is not None
        assert draft.conditions is not None
        assert (draft.division, draft.surveyed.first_day) == (household.village, household.surveyed_on)
        assert (draft.details["attribute"], draft.details["main_cause"]) == (found.attribute, found.main_cause)
        assert (draft.details["arable_mu"], draft.income.wages) == (found.arable_mu, found.wages)
        assert draft.conditions.water is found.water
        for read, member in zip(draft.members, household.members, strict=True):
            assert read.document is not None
            assert (read.national_no, read.name.plain) == (member.number, member.name)
            assert (read.document.number, read.sex) == (member.id_number, member.sex)
            assert (read.relation, read.school_stage) == (member.relation, member.stage)
            assert (read.profile.get("disability_level"), read.labour_skill) == (member.disability_level, member.skill)


def test_one_workbook_per_village_named_by_its_code(township: Township) -> None:
    names = [name for name, _ in village_workbooks(township)]
    assert len(names) == 10
    assert all(name.startswith("9900011012") and name.endswith(".xlsx") for name in names)


def test_two_generations_are_identical_to_the_byte() -> None:
    first = [(name, sha256(content).hexdigest()) for name, content in village_workbooks(sample_township())]
    assert [(name, sha256(content).hexdigest()) for name, content in village_workbooks(sample_township())] == first
