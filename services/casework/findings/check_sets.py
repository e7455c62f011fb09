"""All sets of check rules that a service has: each has tables and documents of its own, and no two have a rule of one name."""

from typing import Any
from uuid import UUID

from services.casework.findings.store import Findings
from services.casework.procedures.case_findings import CaseFinding
from services.chassis.log.unit import Tx


class CheckSets:
    def __init__(self, *sets: Findings[Any]) -> None:
        self._sets = sets
        self._by_rule = {str(code): one for one in sets for code in one.checks.rules}

    def of(self, rule: str) -> Findings[Any]:
        """Of which set a rule is. Raises ``KeyError``."""
        return self._by_rule[rule]

    @property
    def relation(self) -> str:
        """SQL of the findings of all sets."""
        return "(" + " UNION ALL ".join(f"SELECT * FROM {one.checks.findings_table}" for one in self._sets) + ")"

    def unanswered(self, tx: Tx, subject: UUID) -> list[CaseFinding]:
        """For a case about the subject: what stands and nobody has answered, each explained."""
        return [found for one in self._sets for found in one.unanswered(tx, subject)]
