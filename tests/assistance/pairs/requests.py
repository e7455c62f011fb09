"""What is entered about pairs, and how it is refused."""

from typing import Any

from tests.assistance.pairs.field import FieldCounty, Somebody

DAY = "2015-10-05"


def refused(county: FieldCounty, path: str, body: dict[str, Any] | None, who: Any = None) -> str:
    answer = (who or county.cadre).post(f"/assistance{path}", body)
    assert answer.status_code in (403, 404, 409), answer.text
    return str(answer.json()["code"])


def form(one: Somebody, kind: str, about: str = "person", **more: Any) -> dict[str, Any]:
    subject = {"kind": about, "id": str(one.family.household if about == "household" else one.family.pupil.person_id)}
    return {"kind": kind, "subject": subject, "helper": one.helper, "unit": "县教育局", "effective_on": DAY, **more}
