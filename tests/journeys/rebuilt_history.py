"""A history that concerns every view of every service: recorded late, wrongly and in more than one place."""

import msgspec

from contracts.roles import Role
from tests.assistance.harness import COUNTY, SEALED, TOWNSHIP, VILLAGE, AssistanceHarness, Family
from tests.assistance.payments.paying import PayOffice
from tests.casework.records.requests import correction_of, delivery, training, visit
from tests.monitoring.agreements.contracts import collective, term
from tests.monitoring.funds.money import fund
from tests.monitoring.projects.road import draft
from tests.monitoring.work_list import request_body
from tests.support.eventually import eventually
from tests.support.evidence import on_paper
from tests.support.helper_forms import helper_form
from tests.support.running import ApiClient, Lika


def record_history(running: Lika, harness: AssistanceHarness) -> None:
    """Record a village; families that are enrolled, split, exit and return, some of it late or wrongly; aid granted and
    reviewed; helpers assigned and missing; a case; a finding that is answered; two targets."""
    operator = running.client_for("op-1", "", Role.OPERATOR)
    for code, level in ((COUNTY, "county"), (TOWNSHIP, "township"), (VILLAGE, "village")):
        declared = {"code": code, "level": level, "name": "某地", "effective_on": "2013-01-01"}
        assert operator.post("/registry/divisions", declared).status_code == 201
    record_staff(operator)
    lost = {"account": "staff-9", "reason": "lost"}
    assert operator.post("/registry/token-revocations", lost).status_code == 201
    families = [Family.new() for _ in range(6)]
    for number, family in enumerate(families):
        recorded = family.recorded("2014-01-05")
        if number == 0:
            recorded = msgspec.structs.replace(recorded, account=SEALED)
        harness.record(recorded, family.enrolled("2014-06-01"))
    stays, exits, moves, splits, removed, corrected = families
    harness.grant(stays, "2014-06-01", "2014-06-20")
    harness.grant(removed, "2014-06-20", "2014-07-05")
    harness.post(harness.cadre, "/pairs", helper_form(exits.household, "2014-07-05"))
    record_pairs(harness, exits)
    record_work(harness, exits)
    record_enrolment(running, stays)
    harness.record(exits.exited("2014-07-01"), moves.moved("2014-06-15"))
    new = Family.new().household
    harness.record(*splits.split("2014-07-02", new))
    (wrong,) = harness.record(corrected.exited("2014-07-03"))
    harness.record(corrected.annulled("2014-07-03", wrong), corrected.pupil_died("2014-06-10"))
    harness.advance_to("2015-02-01")  # duties run out
    record_payments(harness)
    harness.record(removed.removed("2014-06-01"), exits.returned("2015-01-15"))
    assert operator.post("/monitoring/clock/steps", {"to": "2016-02-01T09:00:00+08:00"}).status_code == 201
    planner = running.client_for("planner", TOWNSHIP, Role.REVIEWER)
    for item in ("W1", "W8"):
        assert planner.post("/monitoring/targets", request_body(item)).status_code == 201
    record_project(
        running.client_for("cadre-v", VILLAGE, Role.CADRE), running.client_for("reviewer-c", COUNTY, Role.REVIEWER)
    )
    promised = collective("2016-01-31", term("集1", "2016-01-01", "2016-12-31", units=1, persons=9))
    assert planner.post("/monitoring/agreements", promised).status_code == 201
    assert planner.post("/monitoring/funds", fund("2016-01-31", division=TOWNSHIP)).status_code == 201
    opened = {"subject": str(stays.household), "procedure": "exit", "on": "2015-02-01", "grounds": "情况属实"}
    assert harness.cadre.post("/registry/cases", opened).status_code == 201
    cadre = running.client_for("cadre-v", VILLAGE, Role.CADRE)
    household = record_finding(cadre, planner)
    record_report_move_and_clue(operator, cadre)
    record_readings(running, household)


def record_pairs(harness: AssistanceHarness, family: Family) -> None:
    """A worker listed and paired; a household whose helper signs, and another whose pair was a mistake."""
    day, unit = "2014-07-05", "县总工会"
    worker = {"kind": "worker", "division": VILLAGE, "number": "w-1", "account": "staff-2", "effective_on": day}
    subject = {"kind": "party", "id": harness.post(harness.cadre, "/parties", worker).rsplit("/", 1)[1]}
    listed = {"kind": "union_worker", "subject": subject, "effective_on": day}
    harness.post(harness.cadre, "/listings", listed)
    harness.post(harness.cadre, "/pairs", {**listed, "helper": "staff-3", "unit": unit})
    household = {"subject": {"kind": "household", "id": str(family.household)}, "effective_on": day, "unit": unit}
    promised = {**household, "kind": "double_promise_household", "helper": "staff-4"}
    pair = harness.post(harness.cadre, "/pairs", promised)
    harness.post(harness.cadre, f"{pair}/commitments", {"side": "helper", "effective_on": day})
    wrong = harness.post(harness.cadre, "/pairs", {**household, "kind": "contracting_1x", "helper": "staff-5"})
    assert harness.cadre.post(f"/assistance{wrong}/annulments").status_code == 201


def record_project(cadre: ApiClient, reviewer: ApiClient) -> None:
    """A draft, the case that may bring it into the library, and why another paper's draft is not the same work."""
    drafted = cadre.post("/monitoring/projects", draft(division=VILLAGE)).headers["Location"]
    form = {
        "subject": drafted.rpartition("/")[2],
        "procedure": "village_library",
        "on": "2016-01-31",
        "grounds": "申报",
    }
    assert cadre.post("/monitoring/cases", form).status_code == 201
    twice = cadre.post("/monitoring/projects", draft(division=VILLAGE, item="W2")).headers["Location"]
    (found,) = reviewer.get("/monitoring/findings", subject=twice.rpartition("/")[2]).json()["items"]
    answered = reviewer.post(f"/monitoring/findings/{found['finding_id']}/answers", {"reason": "另一条路"})
    assert answered.status_code == 201


def record_payments(harness: AssistanceHarness) -> None:
    """A list of which a line is settled and another returned; a due waived, an account holder named, a closing proposed."""
    office, post = PayOffice(harness), harness.post
    office.quota("90000.00", 2015)
    one = office.compile("2015-02-01", period_from="2014-08-01", period_to="2015-01-31")
    post(office.township, f"{one}/postings", {"on": "2015-01-12"})
    post(office.department, f"{one}/verifications", {"on": "2015-02-01"})
    office.release(one, "2015-02-01")
    post(office.finance, f"{one}/handovers", {"on": "2015-02-01", "voucher_no": "V1"})
    office.take(one, office.result(one, "2015-02-01", {2: "户名不符"}))
    unit = harness.get(f"{one}/lines", office.finance)["items"][1]["unit"]
    due = {
        "on": "2015-02-01", "programme": "education_aid", "component": "primary", "period_from": "2014-09-01",
        "period_to": "2015-01-31", "amount": "100.00", "organ": "县财政局", "document_no": "1", "signer": "局长",
    }  # fmt: skip
    post(office.finance, f"/payments/units/{unit}/waivers", due)
    named = {"on": "2015-02-01", "payee": unit, "paper": "委托书1"}
    post(office.department, f"/payments/units/{unit}/payees", named)
    year = {"programme": "education_aid", "division": "990001109", "year": 2014}
    post(office.department, "/payments/closing-proposals", year)


def record_finding(cadre: ApiClient, reviewer: ApiClient) -> str:
    """A head of household aged nine, and why that is so; the household, whose values a key of the vault opens."""
    head = {"name": "王某", "sex": "male", "birth_year": 2005, "relation": "head"}
    body = {"division": VILLAGE, "effective_on": "2014-05-20", "members": [head]}
    household = cadre.post("/registry/households", body).headers["Location"].rpartition("/")[2]
    (found,) = cadre.get("/registry/findings", subject=household).json()["items"]
    answered = reviewer.post(f"/registry/findings/{found['finding_id']}/answers", {"reason": "父母双亡"})
    assert answered.status_code == 201
    return household


def record_report_move_and_clue(operator: ApiClient, cadre: ApiClient) -> None:
    """A birth that the end of its household is against, a move to another village that waits there, and a clue."""
    other = {"code": f"{TOWNSHIP}299", "level": "village", "name": "某村", "effective_on": "2013-01-01"}
    assert operator.post("/registry/divisions", other).status_code == 201
    head = {"name": "王某", "sex": "male", "birth_year": 1950, "relation": "head"}
    body = {"division": VILLAGE, "effective_on": "2014-05-20", "members": [head]}
    ends, moves = (cadre.post("/registry/households", body).headers["Location"] for _ in range(2))
    (person,) = (m["person_id"] for m in cadre.get(ends).json()["members"])
    death = {"effective_on": "2014-06-20", "evidence": on_paper("certificate")}
    assert cadre.post(f"{ends}/members/{person}/deaths", death).status_code == 201
    child = {"name": "王某", "sex": "male", "birth_year": 2014, "relation": "child"}
    born = {"effective_on": "2014-06-25", "member": child, "reason": "birth", "evidence": on_paper("certificate")}
    assert cadre.post(f"{ends}/reported-births", born).status_code == 201
    move = {"effective_on": "2014-06-25", "from_division": VILLAGE, "to_division": other["code"]}
    assert cadre.post(f"{moves}/moves", move).status_code == 201
    clue = {"on": "2014-06-25", "division": VILLAGE, "name": "王某", "channel": "office"}
    assert cadre.post("/registry/clues/self-reports", clue).status_code == 201


def record_enrolment(running: Lika, family: Family) -> None:
    """A school of the village, and a pupil of it."""
    education = running.client_for("education-1", VILLAGE[:6], Role.EDUCATION)
    school = {"school_code": "2199000101", "name": "某校", "division": VILLAGE, "stages": ["primary"]}
    assert education.post("/registry/schools", {**school, "effective_on": "2014-01-01"}).status_code == 201
    body = {"effective_on": "2014-03-01", "school_code": "2199000101", "stage": "primary"}
    path = f"/registry/households/{family.household}/members/{family.head.person_id}/enrolments"
    assert education.post(path, body).status_code == 201


def record_readings(running: Lika, household: str) -> None:
    """A disclosure, and a list of every service as a file."""
    auditor = running.client_for("auditor-1", VILLAGE[:6], Role.AUDITOR)
    asked = {
        "household_ids": [household], "purpose": "audit", "fields": ["name"],
        "order": {"organ": "县审计局", "document_no": "县审〔2014〕1号"},
    }  # fmt: skip
    assert auditor.post("/registry/disclosures", asked).status_code == 201
    for lists in ("/registry/households", "/assistance/cases", "/monitoring/targets", "/audit/readings"):
        exported = auditor.get_with({"Accept": "text/csv"}, lists)
        assert exported.status_code == 200, exported.text


def record_work(harness: AssistanceHarness, family: Family) -> None:
    """A visit, here and in the register, that was told anew, annulled and restored, goods that wait for a second person, a session."""
    told = visit(family.household, "2014-06-20")
    for service in ("assistance", "registry"):
        made = harness.cadre.post(f"/{service}/records", told)
        assert made.status_code == 201, made.text
        one = made.headers["Location"]
        for act, body in (
            ("corrections", correction_of(told, effective_on="2014-06-21")),
            ("annulments", {"reason": "误填"}),
            ("restorations", {"reason": "误撤"}),
        ):
            assert harness.cadre.post(f"{one}/{act}", body).status_code == 201
    harness.post(harness.cadre, "/records", delivery(family.household, "2014-06-20"))
    harness.post(harness.cadre, "/records", training(VILLAGE, "2014-06-20", [family.head.person_id], unnamed=3))


def record_staff(operator: ApiClient) -> None:
    """Two members of staff: one holds a post, the other stands in."""
    paths = []
    for account in ("staff-1", "staff-2"):
        member = operator.post("/registry/staff", {"name": "某某", "accounts": [account], "effective_on": "2014-01-01"})
        paths.append(member.headers["Location"])
    post = {"role": "cadre", "title": "村支书", "division": VILLAGE, "appointment": "elected"}
    assert operator.post(f"{paths[0]}/posts", {**post, "effective_on": "2014-01-01"}).status_code == 201
    holder, deputy = (path.rpartition("/")[2] for path in paths)
    held = operator.get(paths[0]).json()["posts"][0]["post_id"]
    days = {"effective_on": "2014-05-01", "until": "2014-05-31"}
    delegation = {**days, "post_ids": [held], "deputy": deputy, "ordered_by": holder}
    assert operator.post(f"{paths[0]}/delegations", delegation).status_code == 201


def wait_until_consumed(running: Lika) -> None:
    """Wait until every consumer has read every log that there is to its end."""
    heads = {name: service.store for name, service in running.services.items()}

    def done() -> bool:
        reading = [
            (c.position, heads[log].position())
            for s in running.services.values() for log, c in s.consumers.items() if log in heads
        ]  # fmt: skip
        return all(position == head for position, head in reading)

    eventually(done)
