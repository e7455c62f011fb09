"""SQL of pairs, and of whom they are for, with where that is today. The register's are households; whom other pairs help may be
anybody, so that a question about kinds of one of both does not go through the places of all."""

from collections.abc import Collection
from dataclasses import dataclass

from contracts.casework.records import SubjectKind

HOUSEHOLD, PERSON = str(SubjectKind.HOUSEHOLD), str(SubjectKind.PERSON)


@dataclass(frozen=True, slots=True)
class Placed:
    """``areas``: SQL of the relation (subject, division) of all who may be helped; ``following`` and ``others``: kinds whose adopted
    documents follow the register, and those whose do not."""

    areas: str
    following: Collection[str]
    others: Collection[str]

    def pairs(self, kind: str | None) -> str:
        """With the columns of ``pairs``."""
        return self._of(
            kind,
            f"SELECT p.*, a.division FROM pairs p JOIN ({self.areas}) a USING (subject)",
            "SELECT p.*, h.division FROM register_pairs p JOIN households h ON h.household_id = p.subject",
        )

    def listed(self, kind: str | None) -> str:
        """Those on a list, and of kinds that follow the register (``%(following)s``) all who are in it, in no numbered entry."""
        return self._of(
            kind,
            "SELECT l.subject, l.number, l.kind, l.about, l.place, l.priority, l.since, l.until, a.division"
            f" FROM help_listings l JOIN ({self.areas}) a USING (subject)",
            f"SELECT h.household_id AS subject, 0 AS number, k.kind, '{HOUSEHOLD}' AS about, NULL::text AS place, NULL::text AS priority,"
            " r.since, r.until, h.division FROM registrations r JOIN households h USING (household_id)"
            " CROSS JOIN unnest(%(following)s::text[]) k (kind)",
        )

    def _of(self, kind: str | None, others: str, following: str) -> str:
        follows, does_not = kind in self.following, kind in self.others
        if follows is does_not:
            return f"({others} UNION ALL {following})"
        return f"({following})" if follows else f"({others})"
