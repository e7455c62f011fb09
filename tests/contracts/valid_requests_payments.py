"""A valid request for every operation on payments: each about a new pupil with a grant, on a list of its own."""

from collections.abc import Callable, Mapping
from datetime import date
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from contracts.assistance.entitlements import (
    EntitlementApplied,
)
from contracts.assistance.payments import PayLinesHeld
from contracts.facts import Fact
from contracts.registry.codes import SchoolStage
from contracts.roles import Role
from services.assistance.document_kinds import FOLLOWED, KINDS
from services.assistance.entitlements.domain import stream_of
from services.assistance.payments.domain_lines import fold
from services.assistance.payments.store import append, part_of
from services.casework.documents.reading import Documents
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx
from tests.assistance.payments.paying import granted_without_steps
from tests.contracts.seeded_county import COUNTY, TOWNSHIP, VILLAGE, SeededCounty
from tests.contracts.valid_requests import MakeRequest, ValidRequest, reading

YEARS = count(2000)
QUOTA = (
    '{"payment_quota":"education_aid","edition":"2014-1","zh":"资金额度","en":"quota","jurisdiction":"COUNTY","source":"示财农'
    '〔2014〕9号","yuan":{"decimal":"900000.00"},"in_force":{"from":{"date":"2014-01-01"},"to":{"date":"2014-12-31"}}}'
).replace("COUNTY", COUNTY)


def store_of(county: SeededCounty) -> Store:
    store: Store = county.client_for.__self__.services["assistance"].store  # type: ignore[attr-defined]
    return store


def append_to(county: SeededCounty, person: UUID, fact: Fact) -> str:
    def work(tx: Any) -> str:
        (made,) = tx.append(stream_of(person), fact)
        return str(made)

    return store_of(county).transact(work, actor="decider-c")


def granted_pupil(county: SeededCounty, stage: SchoolStage = SchoolStage.PRIMARY) -> UUID:
    """A pupil who is due 500 yuan for the spring term, or a student who is due up to a ceiling for the school year."""
    person, store = uuid4(), store_of(county)
    documents = Documents(store, KINDS, FOLLOWED)

    def work(tx: Tx) -> None:
        granted_without_steps(
            tx, documents.in_unit(tx), person, uuid4(), date(2014, 2, 20), stage=stage, division=VILLAGE,
            by="decider-c",
        )  # fmt: skip

    store.transact(work, actor="decider-c")
    return person


def _asked(county: SeededCounty) -> dict[str, Any]:
    return {
        "programme": "education_aid", "division": TOWNSHIP, "period_from": "2014-01-01", "period_to": "2014-12-31",
        "due_as_of": county.today,
    }  # fmt: skip


def _compiling(county: SeededCounty) -> ValidRequest:
    granted_pupil(county)
    return ValidRequest(county.township, body=_asked(county))


STEPS: Mapping[str, Callable[[SeededCounty], tuple[Any, dict[str, Any]]]] = {
    "postings": lambda county: (county.township, {"on": "2014-04-21"}),
    "verifications": lambda county: (county.county_reviewer, {"on": county.today}),
    "releases": lambda county: (
        county.decider,
        {"on": county.today, "fund_document": "示财农〔2014〕9号", "order_no": "1"},
    ),
    "handovers": lambda county: (county.decider, {"on": county.today, "voucher_no": "V1"}),
}


def _list(county: SeededCounty, upto: str | None = None) -> tuple[str, UUID]:
    """A new list of one line, its steps taken up to this one; its id, and whose the line is."""
    documents = county.operator.get("/assistance/documents", kind="payment_quota").json()["items"]
    if not documents:
        county.post(county.operator, "/assistance/documents", {"content": QUOTA})
        [adopted] = county.operator.get("/assistance/documents", kind="payment_quota").json()["items"]
        other = county.client_for("operator-2", "", Role.OPERATOR)
        assert other.post(f"/assistance/documents/{adopted['number']}/confirmations").status_code == 201
    person = granted_pupil(county)
    # What other requests left due is on it, too; its own line is asked for.
    found = county.post(county.township, "/assistance/pay-lists", _asked(county)).rpartition("/")[2]
    for step, make in STEPS.items():
        if upto is None:
            break
        client, form = make(county)
        county.post(client, f"/assistance/pay-lists/{found}/{step}", form)
        if step == upto:
            break
    return found, person


def _at(step: str, before: str | None, **form: Any) -> MakeRequest:
    """A step of a new list."""

    def make(county: SeededCounty) -> ValidRequest:
        found, _ = _list(county, before)
        client, settled = STEPS[step](county) if step in STEPS else (county.county_reviewer, {"on": county.today})
        return ValidRequest(client, {"list_id": found}, {**settled, **form})

    return make


def _lines(county: SeededCounty, found: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = county.decider.get(f"/assistance/pay-lists/{found}/lines").json()["items"]
    return items


def _outcome(county: SeededCounty, line: dict[str, Any], *, credited: bool) -> dict[str, Any]:
    cause = {} if credited else {"cause": "account_closed"}
    return {
        "control": line["control"], "line": line["line"], "amount": line["amount"], "credited": credited,
        "on": county.today, "source": "CB-1", **cause,
    }  # fmt: skip


def _reported(county: SeededCounty) -> ValidRequest:
    found, _ = _list(county, "handovers")
    return ValidRequest(
        county.county_reviewer, {"list_id": found}, _outcome(county, _lines(county, found)[0], credited=True)
    )


def with_outcome(county: SeededCounty, *, credited: bool) -> tuple[str, UUID]:
    found, person = _list(county, "handovers")
    for line in _lines(county, found):
        outcome = _outcome(county, line, credited=credited)
        county.post(county.county_reviewer, f"/assistance/pay-lists/{found}/outcomes", outcome)
    return found, person


def _annulment(county: SeededCounty) -> ValidRequest:
    found, _ = with_outcome(county, credited=True)
    version = store_of(county).stream(f"pay-list-{found}")[-1].version
    body = {"on": county.today, "outcome": f"assistance/pay-list-{found}/{version}", "reason": "回盘行号记错"}
    return ValidRequest(county.decider, {"list_id": found}, body)


def _reissue(county: SeededCounty) -> ValidRequest:
    return ValidRequest(county.township, {"list_id": with_outcome(county, credited=False)[0]}, {"on": county.today})


def _results(county: SeededCounty) -> ValidRequest:
    found, _ = _list(county, "handovers")
    rows = _lines(county, found)
    said = [f"{found},{row['control']},{row['line']},{row['amount']},成功,{county.today}," for row in rows]
    text = "\n".join(["名册编号,控制码,行号,金额,结果,入账日期,退票原因", *said, f"合计,{len(said)}"])
    return ValidRequest(county.decider, {"list_id": found}, text.encode(), media_type="application/octet-stream")


def _freed(county: SeededCounty) -> ValidRequest:
    found, person = _list(county)
    held = PayLinesHeld(
        list_id=UUID(found),
        effective_on=date.fromisoformat(county.today),
        entered_by="system",
        lines=(1,),
        person_id=person,
    )
    _hold(county, found, held)
    return ValidRequest(county.county_reviewer, {"list_id": found}, {"on": county.today, "lines": [1]})


def _hold(county: SeededCounty, found: str, held: Fact) -> None:
    def work(tx: Any) -> None:
        pay_list = fold(tx.part(part_of(UUID(found))))
        assert pay_list is not None
        append(tx, pay_list, [held])

    store_of(county).transact(work, actor="system")


def case_of(county: SeededCounty, person: UUID) -> UUID:
    fact = store_of(county).stream(stream_of(person))[0].fact
    assert isinstance(fact, EntitlementApplied)
    return fact.case_id


def _year(county: SeededCounty, *, proposed: bool) -> ValidRequest:
    """Of a place where nothing was paid."""
    body = {"programme": "education_aid", "division": "990001109", "year": next(YEARS)}
    if proposed:
        county.post(county.county_reviewer, "/assistance/payments/closing-proposals", body)
    return ValidRequest(county.decider if proposed else county.county_reviewer, body=body)


FUND = {"programme": "education_aid", "division": COUNTY}


def _posting(county: SeededCounty) -> ValidRequest:
    form = {**FUND, "on": county.today, "fund_document": "示财农〔2014〕9号", "place": "县政府公示栏"}
    return ValidRequest(county.county_reviewer, body=form)


def _posting_annulled(county: SeededCounty) -> ValidRequest:
    county.post(county.county_reviewer, "/assistance/payments/fund-postings", _posting(county).body)
    found = county.decider.get("/assistance/payments/fund-postings", **FUND).json()
    return ValidRequest(county.county_reviewer, {"number": found[-1]["number"]}, {**FUND, "reason": "没有张贴"})


PAYMENTS: Mapping[str, MakeRequest] = {
    "post_payment_fund": _posting,
    "annul_fund_posting": _posting_annulled,
    "list_fund_postings": reading(**FUND),
    "list_payment_quotas": reading(**FUND),
    "compile_pay_list": _compiling,
    "post_pay_list": _at("postings", None),
    "verify_pay_list": _at("verifications", "postings"),
    "release_payments": _at("releases", "verifications"),
    "hand_over_payments": _at("handovers", "releases"),
    "strike_payment_lines": _at("strikes", None, lines=[1], reason="objection_upheld"),
    "withdraw_pay_list": _at("withdrawals", None),
    "free_payment_lines": _freed,
    "reissue_payments": _reissue,
    "import_payment_results": _results,
    "report_payment_outcome": _reported,
    "annul_payment_outcome": _annulment,
    "list_pay_lists": reading(division=TOWNSHIP),
    "read_pay_list": lambda county: ValidRequest(county.township, {"list_id": _list(county)[0]}),
    "list_payment_lines": lambda county: ValidRequest(county.township, {"list_id": _list(county)[0]}),
    "reproduce_pay_list": lambda county: ValidRequest(county.township, {"list_id": _list(county)[0]}),
    "read_payment_totals": reading(programme="education_aid", division=TOWNSHIP),
    "read_payment_identities": reading(programme="education_aid", division=TOWNSHIP),
    "list_year_end_blocks": reading(programme="education_aid", year=2014, division=TOWNSHIP),
    "list_money_bench": reading(division=COUNTY),
    "list_payee_checks": reading(division=COUNTY),
    "read_payment_accounts": lambda county: ValidRequest(
        county.decider, {"list_id": _list(county, "handovers")[0]}, {"organ": "县财政局"}
    ),
    "propose_year_closing": lambda county: _year(county, proposed=False),
    "close_payment_year": lambda county: _year(county, proposed=True),
}  # fmt: skip
