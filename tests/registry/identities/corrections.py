"""Corrections of identities as a village and its township take them."""

from typing import Any

from tests.registry.households.example_villages import DOCUMENT, Village, done, id_of
from tests.support.evidence import uploaded
from tests.support.running import ApiClient

ON = "2018-02-01"


def ask_for_correction(who: ApiClient, household: str, person: str, **terms: Any) -> Any:
    body = {
        "subject": id_of(household), "procedure": "identity_correction", "on": ON, "grounds": "录入有误",
        "terms": {"person_id": person, **terms},
    }  # fmt: skip
    return who.post("/registry/cases", body)


def pending_correction(village: Village, household: str, person: str, **terms: Any) -> str:
    """Asked for, and the paper seen and uploaded: the case waits for the township."""
    case = str(done(ask_for_correction(village.cadre, household, person, **terms)).headers["Location"])
    paper = uploaded(village.cadre, kind="identity_paper", subjects=[id_of(household)])
    done(village.cadre.post(f"{case}/visits", {"on": ON, "confirmed": True, "evidence": paper}))
    return case


def decide_correction(who: ApiClient, case: str, *, approved: bool = True) -> Any:
    return who.post(f"{case}/decisions", {"on": ON, **DOCUMENT, "approved": approved})


def corrected(village: Village, household: str, person: str, **terms: Any) -> str:
    case = pending_correction(village, household, person, **terms)
    done(decide_correction(village.township_reviewer, case))
    return case


def plain(who: ApiClient, household: str, *fields: str) -> dict[str, dict[str, str]]:
    """Personal fields of the members, disclosed."""
    order = {"organ": "县扶贫办", "document_no": "申请1号"}
    body = {"household_ids": [id_of(household)], "purpose": "access_request", "fields": fields, "order": order}
    answer = done(who.post("/registry/disclosures", body))
    return dict(answer.json()["households"][0]["members"])


def member_of(who: ApiClient, household: str, person: str, **when: str) -> dict[str, Any]:
    members = who.get(household, **when).json()["members"]
    return dict(next(m for m in members if m["person_id"] == person))
