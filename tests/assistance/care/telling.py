"""What is entered about care, by the fields of its documents, and what is owed then."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from contracts.assistance.parties import PEOPLE
from services.casework.records.document import FieldType
from services.casework.records.streams import subject_of_division
from tests.assistance.harness import VILLAGE
from tests.assistance.pairs.field import RECORDS, FieldCounty

BEGIN = "2016-02-15"
Owed = tuple[str, str, str, str]
"""Duty, first and last day, state."""


class CareCounty(FieldCounty):
    """A county whose schools, homes and unions care for people."""

    def party(
        self, kind: str, what: str, account: str | None = None, since: str = BEGIN, division: str = VILLAGE
    ) -> dict[str, str]:
        """As forms name it. ``what``: its name, or the number of a person."""
        naming = "number" if kind in PEOPLE else "name"
        body = {"kind": kind, "division": division, "effective_on": since, naming: what, "account": account}
        return {"kind": "party", "id": self.post("/parties", body).rsplit("/", 1)[1]}

    def pupil(self) -> dict[str, str]:
        return {"kind": "person", "id": str(self.family_in(VILLAGE).pupil.person_id)}

    def household(self) -> dict[str, str]:
        return {"kind": "household", "id": str(self.family_in(VILLAGE).household)}

    def form(self, kind: str, subject: dict[str, str], day: str = BEGIN, by: str | None = None, **values: Any) -> Any:
        """``values`` by field; ``heads``: how many came."""
        heads = values.pop("heads", None)
        body: dict[str, Any] = {
            "kind": kind, "subject": subject, "effective_on": day,
            "values": [_value(kind, name, value) for name, value in values.items()],
        }  # fmt: skip
        if by is not None:
            body["done_by"] = by
        return body if heads is None else {**body, "attendance": {"unnamed": heads}}

    def tell(self, kind: str, subject: dict[str, str], day: str = BEGIN, by: str | None = None, **values: Any) -> str:
        """Where it can be read."""
        return self.post("/records", self.form(kind, subject, day, by, **values))

    def refusal(self, path: str, body: Any, who: Any = None) -> str:
        answer = (who or self.cadre).post(f"/assistance{path}", body)
        assert answer.status_code in (403, 404, 409), answer.text
        return str(answer.json()["code"])

    def owed(self, duty_set: str, subject: dict[str, str], who: Any = None, **asked: str) -> list[Owed]:
        """In order of the last day."""
        id_ = subject.get("id") or str(subject_of_division(subject["place"]))
        found = [d for d in self.duties(UUID(id_), who, **asked) if d["duty_set"] == duty_set]
        return sorted(((d["duty"], d["first"], d["last"], d["state"]) for d in found), key=lambda d: (d[2], d[0]))

    def totals(self, kind: str) -> dict[str, tuple[int, int, str]]:
        """Records, subjects and sum, by field."""
        items = self.harness.get("/records/totals", self.cadre, kind=kind, since="2014-01-01")["totals"]
        return {t["field"]: (t["records"], t["subjects"], f"{Decimal(t['amount']):.2f}") for t in items}


def _value(kind: str, name: str, value: Any) -> dict[str, Any]:
    field = RECORDS[kind].field(name)
    assert field is not None, (kind, name)
    if field.measured_in is not None:
        return {"field": name, "number": str(value)}
    return {"field": name, "day" if field.type is FieldType.DAY else "text": value}
