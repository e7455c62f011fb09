"""R49: that there is such a pair is known to nobody outside of its table, whatever is asked."""

from pathlib import Path
from uuid import uuid4

from contracts.casework.records import SubjectKind
from contracts.roles import Role
from services.assistance import document_kinds
from services.chassis.law.content import canonical_text
from services.chassis.law.yaml_text import YamlText
from tests.assistance.harness import COUNTY, VILLAGE
from tests.assistance.pairs.field import FieldCounty, Somebody
from tests.assistance.pairs.requests import DAY, form
from tests.assistance.pairs.test_leavers import ON, recorded, waiting
from tests.casework.directory.example_staff import assumed, left, linked, registered

SHIPPED = Path(document_kinds.__file__).parent / "parameters"


def test_whom_a_closed_duty_is_owed_to_is_in_no_list_of_duties(county: FieldCounty) -> None:
    """Not even as somebody to whom nothing is owed."""
    one = Somebody(county, "risk-1", VILLAGE)
    one.paired("at_risk_teacher")
    one.record("individual_talk", DAY, SubjectKind.PERSON)
    outside = county.harness.running.client_for("cadre-77", COUNTY, Role.CADRE)
    teacher = county.harness.running.client_for("risk-1", COUNTY, Role.CADRE)
    pupil = str(one.family.pupil.person_id)
    for who, sees in ((county.office, True), (teacher, True), (outside, False)):
        for asked in ({"obliged": "risk-1"}, {"subject": pupil}, {"division": VILLAGE}):
            found = county.harness.get("/duties", who, since="2014-01-01", limit=200, **asked)["items"]
            assert (pupil in {item["subject"] for item in found}) is sees, (asked, sees)


def test_a_leaver_whose_only_pairs_are_closed_waits_for_those_who_may_know_of_them(county: FieldCounty) -> None:
    outside, member = county.harness.running.client_for("cadre-77", COUNTY, Role.CADRE), uuid4()
    one, two = Somebody(county, "risk-2", VILLAGE), Somebody(county, "risk-2", VILLAGE)
    one.paired("at_risk_teacher")
    recorded(county, registered(member), linked("risk-2", staff=member), assumed(staff=member), left(ON, staff=member))
    assert [e["details"]["count"] for e in waiting(county, "risk-2")] == [1]
    assert waiting(county, "risk-2", outside) == []
    counts = county.harness.get("/inbox/counts", outside)
    county.post("/pairs", form(two, "bureau_household", "household"))
    assert [e["details"]["count"] for e in waiting(county, "risk-2")] == [2]
    assert [e["details"]["count"] for e in waiting(county, "risk-2", outside)] == [1]
    assert county.harness.get("/inbox/counts", outside) != counts


def complaint(county: FieldCounty, text: str) -> str:
    """About a document that is proposed, as a trial."""
    operator = county.harness.running.client_for("op-1", COUNTY, Role.OPERATOR)
    body = {"content": canonical_text(YamlText(text.replace('"2014"', '"closed"'), "new").content)}
    answer = operator.post("/assistance/documents", body, params={"dry_run": "true"})
    return "" if answer.status_code in (200, 201) else str(answer.json()["facts"]["complaint"])


def test_no_duty_set_tells_others_of_a_closed_pair_whichever_is_adopted_first(county: FieldCounty) -> None:
    """Of a kind that it names or of all there are; nor is a kind closed of which an open duty set tells."""
    shipped = (SHIPPED / "duty_sets" / "at_risk_plans.yaml").read_text(encoding="utf-8").replace('"CN"', f'"{COUNTY}"')
    readers = "read_by: [reviewer, decider, auditor]\n"
    for text in (shipped, shipped.replace("    of: at_risk_teacher\n", "")):
        assert complaint(county, text) == ""
        assert complaint(county, text.replace(readers, "read_by: [reviewer]\n")) == ""
        assert "read_by" in complaint(county, text.replace(readers, ""))
        assert "read_by" in complaint(county, text.replace(readers, "read_by: [reviewer, cadre]\n"))
    told_of = (
        (SHIPPED / "pair_kinds" / "key_pupil_teacher-2014.yaml")
        .read_text(encoding="utf-8")
        .replace('"CN"', f'"{COUNTY}"')
    )
    assert complaint(county, told_of) == ""
    assert "key_pupil_care" in complaint(county, told_of + "read_by: {roles: [reviewer]}\n")


def test_a_festival_that_no_calendar_has_is_refused_with_those_there_are(county: FieldCounty) -> None:
    """It was adopted, and nothing was ever owed by it."""
    shipped = (SHIPPED / "duty_sets" / "kin_visits.yaml").read_text(encoding="utf-8").replace('"CN"', f'"{COUNTY}"')
    assert complaint(county, shipped) == ""
    said = complaint(county, shipped.replace("[spring_festival]", "[spring_festivl]"))
    assert "没有这些节日：spring_festivl" in said
    assert "spring_festival" in said.partition(" / ")[2]
