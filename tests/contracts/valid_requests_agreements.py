"""A valid request for every operation on agreements."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.contracts.seeded_county import COUNTY, SeededCounty
from tests.contracts.valid_requests import MakeRequest, ValidRequest, reading, reading_at
from tests.support.evidence import on_paper

PATH, KIND = "/monitoring/agreements", "womens_special_contract"
CHECK = {"clause": "womens_health_check", "amount": "20", "unit": "person", "every_months": 24}


def _term(county: SeededCounty, starts_on: str = "2014-01-01", until: str = "2015-12-31") -> dict[str, Any]:
    return {
        "number": county.new_item_code(), "starts_on": starts_on, "until": until, "units": 1, "persons": 20, "clauses": [CHECK],
    }  # fmt: skip


def _form(county: SeededCounty) -> dict[str, Any]:
    return {
        "effective_on": county.today, "division": COUNTY, "agreement_kind": KIND, "title": "女职工专项合同",
        "parties": [{"role": "union", "name": "样例县总工会"}, {"role": "employer", "name": "样例茶业公司"}], "term": _term(county),
        "evidence": on_paper("contract"),
    }  # fmt: skip


def _signed(county: SeededCounty) -> str:
    """Its id."""
    return county.post(county.decider, PATH, _form(county)).rpartition("/")[2]


def _act(form: Callable[[SeededCounty], dict[str, Any]]) -> MakeRequest:
    return lambda county: ValidRequest(
        county.decider, {"agreement_id": _signed(county)}, {"effective_on": county.today, **form(county)}
    )


def _annulment(county: SeededCounty) -> ValidRequest:
    agreement = _signed(county)
    form = {"effective_on": county.today, "annuls": [f"monitoring/agreement-{agreement}/1"], "reason": "误填"}
    return ValidRequest(county.decider, {"agreement_id": agreement}, form)


AGREEMENTS: Mapping[str, MakeRequest] = {
    "sign_agreement": lambda county: ValidRequest(county.decider, body=_form(county)),
    "renew_agreement": _act(
        lambda county: {"term": _term(county, "2016-01-01", "2017-12-31"), "evidence": on_paper("contract")}
    ),
    "deliver_agreement": _act(
        lambda _: {"clause": CHECK["clause"], "amount": "5", "unit": "person", "evidence": on_paper("delivery")}
    ),
    "end_agreement": _act(lambda _: {"reason": "企业注销", "evidence": on_paper("termination")}),
    "annul_agreement_acts": _annulment,
    "tell_agreement_base": lambda county: ValidRequest(
        county.decider,
        body={
            "effective_on": county.today, "division": COUNTY, "agreement_kind": KIND, "units": 50, "persons": 10_000,
            "evidence": on_paper("statistics"),
        },
    ),
    "list_agreements": reading(division=COUNTY, behind=True),
    "read_agreement": reading_at("auditor", agreement_id=_signed),
    "read_agreement_coverage": reading(agreement_kind=KIND, division=COUNTY),
}  # fmt: skip
