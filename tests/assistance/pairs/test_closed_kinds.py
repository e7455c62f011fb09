"""R49: that there is such a pair is known to nobody outside of its table, whatever is asked."""

from uuid import uuid4

from contracts.casework.records import SubjectKind
from contracts.roles import Role
from tests.assistance.harness import COUNTY, VILLAGE
from tests.assistance.pairs.field import FieldCounty, Somebody
from tests.assistance.pairs.requests import DAY, form
from tests.assistance.pairs.test_leavers import ON, recorded, waiting
from tests.casework.directory.example_staff import assumed, left, linked, registered


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
