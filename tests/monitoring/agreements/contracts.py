"""Agreements as those who handle them enter them over HTTP: the clock is stepped to the day of each act."""

from typing import Any

from tests.monitoring.projects.road import COUNTY, TOWNSHIP, Handlers, done
from tests.support.evidence import on_paper

AGREEMENTS, BASES, COVERAGE = "/monitoring/agreements", "/monitoring/agreement-bases", "/monitoring/agreement-coverage"
CONTRACT, DELIVERY, END = on_paper("contract"), on_paper("delivery"), on_paper("termination")


def term(number: str, starts_on: str, until: str, **more: Any) -> dict[str, Any]:
    return {"number": number, "starts_on": starts_on, "until": until, **more}


def clause(key: str, amount: str, unit: str, every: int | None = None) -> dict[str, Any]:
    return {"clause": key, "amount": amount, "unit": unit, "every_months": every}


def agreement(kind: str, on: str, of: dict[str, Any], parties: dict[str, str], **changed: Any) -> dict[str, Any]:
    return {
        "effective_on": on, "division": TOWNSHIP, "agreement_kind": kind, "title": kind, "term": of, "evidence": CONTRACT,
        "parties": [{"role": role, "name": name} for role, name in parties.items()], **changed,
    }  # fmt: skip


BARGAINED = {"union": "样例镇总工会", "employer": "样例茶业公司"}


def collective(on: str, of: dict[str, Any], kind: str = "collective_contract", **changed: Any) -> dict[str, Any]:
    return agreement(kind, on, of, BARGAINED, **changed)


class Contracts:
    """Those who handle agreements, and what the auditor reads."""

    def __init__(self, handlers: Handlers) -> None:
        self.h = handlers

    def sign(self, form: dict[str, Any]) -> str:
        return done(self.h.decider, AGREEMENTS, form)

    def do(self, path: str, act: str, on: str, **form: Any) -> str:
        return done(self.h.decider, f"{path}/{act}", {"effective_on": on, **form})

    def deliver(self, path: str, on: str, key: str, amount: str, unit: str) -> str:
        form = {"effective_on": on, "clause": key, "amount": amount, "unit": unit, "evidence": DELIVERY}
        return done(self.h.township, f"{path}/deliveries", form)

    def read(self, path: str, **asked: Any) -> dict[str, Any]:
        answer = self.h.auditor.get(path, **asked)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def state(self, path: str, day: str) -> str:
        return str(self.read(path, as_of=day)["state"])

    def overdue(self, path: str, day: str) -> list[tuple[str, str]]:
        """(Last day, missing) of what is overdue on that day."""
        return [(due["last"], due["missing"]) for due in self.read(path, as_of=day)["dues"] if due["overdue"]]

    def acts(self, path: str, *types: str) -> list[str]:
        return [fact["id"] for fact in self.read(path)["history"] if fact["type"] in types]

    def base(self, kind: str, on: str, units: int, persons: int) -> None:
        form = {"effective_on": on, "division": COUNTY, "agreement_kind": kind, "units": units, "persons": persons}
        done(self.h.decider, BASES, {**form, "evidence": on_paper("statistics")})

    def coverage(self, kind: str, **asked: Any) -> dict[str, Any]:
        return self.read(COVERAGE, agreement_kind=kind, division=COUNTY, **asked)

    def inbox(self, path: str) -> list[tuple[str, str, str]]:
        """(Kind, since, last day) of what waits of an agreement."""
        found = self.h.decider.get("/monitoring/inbox", limit=200).json()["items"]
        subject = path.rpartition("/")[2]
        return [(e["kind"], e["since"], e["due_by"]) for e in found if e["subject"] == subject]
