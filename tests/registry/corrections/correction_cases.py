"""Correction cases as officials run them, in a village of the whole house, and what the audit then says."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from contracts.roles import Role
from tests.journeys.rebuilt_history import wait_until_consumed
from tests.registry.households.example_requests import TOWNSHIP
from tests.registry.households.example_villages import TODAY, Village, done, facts_of, id_of, step
from tests.support.evidence import uploaded
from tests.support.running import ApiClient, Build, Lika, lika

ORDER = {"approved": True, "organ": "县扶贫开发领导小组", "document_no": "扶组更〔2018〕1号", "signer": "组长"}
LINES = ("identified", "returned", "moved_in", "size_change", "exited", "removed", "cancelled", "moved_out")
NONE = {"households": 0, "persons": 0}


@contextmanager
def house_of_2018(database: Callable[[str], str], folder: Path, *builds: Build) -> Iterator[Lika]:
    """These services, on clocks that stand at 9 o'clock of ``TODAY`` in Shanghai."""
    with lika(builds, database, folder, datetime.fromisoformat(f"{TODAY}T09:00:00+08:00")) as started:
        yield started


class CorrectedVillage(Village):
    """``province``: a decider above the county; ``auditor``: of the township."""

    def __init__(self, running: Lika) -> None:
        super().__init__(running)
        self._running = running
        self._operator = running.client_for("operator-1", "", Role.OPERATOR)
        self.auditor = running.client_for("auditor-1", "", Role.AUDITOR)
        self.province = running.client_for("decider-p", TOWNSHIP[:2], Role.DECIDER)

    @property
    def today(self) -> str:
        return str(self._operator.get("/registry/clock").json()["now"])[:10]

    def next_day(self) -> str:
        """Every service's clock goes on to the morning after; the day before."""
        today = self.today
        self.go_on_to((date.fromisoformat(today) + timedelta(1)).isoformat())
        return today

    def go_on_to(self, day: str) -> None:
        """The morning of that day."""
        for service in self._running.services:
            done(self._operator.post(f"/{service}/clock/steps", {"to": f"{day}T09:00:00+08:00"}))

    def propose(self, household: str, terms: Mapping[str, Any], who: ApiClient | None = None) -> Any:
        by = who or self.cadre
        basis = uploaded(by, kind="correction_basis", subjects=[id_of(household)])
        return self.ask_to_open_case(by, household, "correction", TODAY, terms=terms, evidence=basis)

    def decide(self, case: str, who: ApiClient | None = None, **order: Any) -> Any:
        step(self.township_reviewer, case, "reviews", TODAY, outcome="passed")
        return (who or self.decider).post(f"{case}/decisions", {"on": TODAY, **ORDER, **order})

    def correct(self, household: str, **terms: Any) -> str:
        """The case, decided and carried out."""
        case = str(done(self.propose(household, terms)).headers["Location"])
        done(self.decide(case))
        return case

    def fact(self, household: str, kind: str) -> str:
        """Id of the standing fact of this type."""
        return str([f["id"] for f in facts_of(self.cadre, household) if f["type"] == kind and not f["annulled_by"]][-1])

    def status(self, household: str, as_of: str, **params: Any) -> str:
        return str(self.cadre.get(household, as_of=as_of, **params).json()["status"])

    def lines(self, **params: Any) -> dict[str, dict[str, int]]:
        """Period → households by line of the village's statement, where there are any; every period must balance."""
        wait_until_consumed(self._running)
        asked = {"division": self.code, "from": 2016, "to": 2018, **params}
        rows = self.auditor.get("/audit/statements", **asked).json()["rows"]
        assert [row["difference"] for row in rows] == [NONE] * len(rows)
        return {row["period"]: {line: row[line]["households"] for line in LINES if row[line] != NONE} for row in rows}
