"""A valid request for every operation on collections: each for a recipient of their own."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from contracts.assistance.entitlements import EntitlementApplied, EntitlementGranted, GrantedAmount
from contracts.registry.codes import SchoolStage
from contracts.roles import Role
from services.assistance.document_kinds import FIRST_TEXTS, FOLLOWED, KINDS
from services.assistance.entitlements.domain import stream_of
from services.assistance.programmes.lookup import Programmes
from services.casework.documents.reading import Documents
from services.chassis.law.content import canonical_text
from services.chassis.law.yaml_text import YamlText
from services.chassis.log.unit import Tx
from tests.contracts.seeded_county import COUNTY, VILLAGE, SeededCounty
from tests.contracts.valid_requests import MakeRequest, ValidRequest
from tests.contracts.valid_requests_payments import store_of

PROGRAMME = "collected_for"
COLLECTED = (
    (FIRST_TEXTS.folder / "programmes" / "very_poor_pupils_fund-2014.yaml")
    .read_text(encoding="utf-8")
    .replace('jurisdiction: "CN"', f'jurisdiction: "{COUNTY}"')
    .replace("programme: very_poor_pupils_fund", f"programme: {PROGRAMME}")
    .replace("kind: unknown", "kind: collected")
)
"""The county's own text: what is collected is paid."""
GRANTED_ON = date(2014, 2, 20)


def _adopt(county: SeededCounty) -> None:
    listed = county.operator.get("/assistance/documents", kind="programme", limit=200).json()["items"]
    if any(document["key"] == PROGRAMME for document in listed):
        return
    content = canonical_text(YamlText(COLLECTED, "a county's").content)
    adopted = county.post(county.operator, "/assistance/documents", {"content": content})
    other = county.client_for("operator-2", "", Role.OPERATOR)
    assert other.post(f"{adopted}/confirmations").status_code == 201


def _recipient(county: SeededCounty) -> UUID:
    """The case by which somebody new is a recipient, of whom the view knows."""
    _adopt(county)
    store, pupil, case = store_of(county), uuid4(), uuid4()
    documents = Documents(store, KINDS, FOLLOWED)

    def work(tx: Tx) -> None:
        lookup = documents.in_unit(tx)
        Programmes(lookup).in_force(PROGRAMME, GRANTED_ON, VILLAGE)
        common: dict[str, Any] = {
            "household_id": uuid4(), "unit_id": pupil, "programme": PROGRAMME, "case_id": case, "effective_on": GRANTED_ON,
            "entered_by": "decider-c", "division": VILLAGE, "stage": SchoolStage.PRIMARY,
            "decided_from": lookup.basis("assistance", tx.head),
        }  # fmt: skip
        amounts = (GrantedAmount(component="aid", yuan=Decimal("0.00"), since=date(2014, 1, 1)),)
        tx.append(stream_of(pupil), EntitlementApplied(**common, other_grants=Decimal(0)))
        tx.append(stream_of(pupil), EntitlementGranted(**common, amounts=amounts))

    store.transact(work, actor="decider-c")
    county.client_for.__self__.positions["assistance"] = store.position()  # type: ignore[attr-defined]
    assert county.decider.get("/assistance/entitlements", division=VILLAGE).status_code == 200
    return case


def _sought(county: SeededCounty) -> UUID:
    case = _recipient(county)
    body = {"on": county.today, "target": "3000.00"}
    county.post(county.village, f"/assistance/entitlements/{case}/collection", body)
    return case


def _at(county: SeededCounty, case: UUID, **body: Any) -> ValidRequest:
    return ValidRequest(county.village, {"case_id": str(case)}, {"on": county.today, **body})


def _entry_annulment(county: SeededCounty) -> ValidRequest:
    case = _sought(county)
    pledge = {"on": county.today, "donor": "K-1", "amount": "100.00", "due_on": county.today}
    county.post(county.village, f"/assistance/entitlements/{case}/collection/pledges", pledge)
    path: dict[str, Any] = {"case_id": str(case), "number": 2}
    return ValidRequest(county.village, path, {"on": county.today, "reason": "entered_wrongly"})


COLLECTIONS: Mapping[str, MakeRequest] = {
    "read_collection": lambda county: ValidRequest(county.decider, {"case_id": str(_sought(county))}),
    "open_collection": lambda county: _at(county, _recipient(county), target="3000.00"),
    "pledge_donation": lambda county: _at(
        county, _sought(county), donor="K-1", amount="100.00", due_on=county.today
    ),
    "receive_donation": lambda county: _at(
        county, _sought(county), donor="K-1", amount="100.00", receipt_no="R-1"
    ),
    "annul_collection_entry": _entry_annulment,
}  # fmt: skip
