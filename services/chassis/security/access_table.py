"""Who may do what, one row per act: roles, level of office, and what the caller must be to the subject. A service is assembled
from its table: a route without a row, or a row without a route, cannot be.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from contracts.registry.divisions import Level
from contracts.roles import Role
from services.chassis.ground.next_steps import NextStep, Office
from services.chassis.ground.refusals import FORBIDDEN, NOT_FOUND, Refused, rule
from services.chassis.security.actor import Actor

LEVEL_NOT_ALLOWED = rule(
    "level_not_allowed",
    zh="此项不由您所在层级的机关办理；谁可以做什么，见规则手册。",
    en="This act belongs to another level of office; the rule book says who may do what.",
    source="access table of the service (docs/rules/access.md)",
    status=403,
)


class Relation(StrEnum):
    """What the caller must be to the subject. All but ``PUBLIC`` and ``WHOLE_INSTALLATION`` are decided where the subject is
    looked at: whoever has no such relation finds nothing (404)."""

    PUBLIC = "public"
    OWN = "own"
    IN_AREA_TODAY = "in_area_today"
    WAS_IN_AREA = "was_in_area"
    OFFICE_OF_THE_STEP = "office_of_the_step"
    WHOLE_INSTALLATION = "whole_installation"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class AccessRow:
    """``act``: the operation id of a route. ``roles``: one of them is enough; ``None`` for everybody signed in, whatever their
    role. ``zh`` and ``en``: what the act is for. ``levels``: of office, by the length of the caller's area; none for any.
    ``is_costly``: it takes long, and has a budget of its own; ``discloses``: it shows personal data in plain."""

    act: str
    roles: frozenset[Role] | None
    relation: Relation
    zh: str
    en: str
    levels: frozenset[Level] = frozenset()
    is_costly: bool = False
    discloses: bool = False

    @property
    def is_public(self) -> bool:
        """Whether nobody is asked who they are."""
        return self.relation is Relation.PUBLIC

    def check(self, actor: Actor) -> None:
        """Raises ``Refused``: 403 for another role or level, 404 for less than the whole installation where that is asked
        for."""
        if self.roles is not None and self.roles.isdisjoint(actor.roles):
            raise Refused(FORBIDDEN, roles=sorted(self.roles)).advising(self._by_who_may())
        if self.levels and actor.level not in self.levels:
            raise Refused(LEVEL_NOT_ALLOWED, levels=sorted(self.levels)).advising(self._by_who_may())
        if self.relation is Relation.WHOLE_INSTALLATION and not actor.is_everywhere:
            raise Refused(NOT_FOUND)

    def _by_who_may(self) -> NextStep:
        roles = () if self.roles is None else tuple(sorted(self.roles))
        return NextStep(self.act, Office(roles, tuple(sorted(self.levels))))

    def refusal(self, actor: Actor) -> Refused | None:
        """What ``check`` would raise, for who asks beforehand."""
        try:
            self.check(actor)
        except Refused as no:
            return no
        return None


class AccessTableError(ValueError):
    """Routes and rows of a service do not agree."""


class AccessTable:
    """The rows of one service. ``elsewhere``: of other services' acts, to which this one sends people. Raises
    ``AccessTableError`` for two rows of one act."""

    def __init__(self, *rows: AccessRow, elsewhere: tuple[AccessRow, ...] = ()) -> None:
        self.rows = {row.act: row for row in rows}
        self._elsewhere = {row.act: row for row in elsewhere}
        if len(self.rows) != len(rows):
            acts = [row.act for row in rows]
            raise AccessTableError(f"two rows for {sorted({a for a in acts if acts.count(a) > 1})}")

    def row(self, act: str) -> AccessRow:
        """Raises ``AccessTableError``: what no row allows, nobody may."""
        found = self.rows.get(act) or self._elsewhere.get(act)
        if found is None:
            raise AccessTableError(f"the route {act} has no row in the access table")
        return found

    def require_routes(self, acts: Iterable[str]) -> None:
        """Raises ``AccessTableError`` for rows that no route answers to."""
        if idle := sorted(self.rows.keys() - set(acts)):
            raise AccessTableError(f"rows of the access table without a route: {', '.join(idle)}")

    def rows_of(self, actor: Actor) -> tuple[AccessRow, ...]:
        """What this caller may do, but for what is public."""
        return tuple(row for row in self.rows.values() if not row.is_public and row.refusal(actor) is None)
