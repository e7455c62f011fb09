"""Facts about parties: organisations, teams and places that help, are helped or keep records (schools, kindergartens, unions,
enterprises, stationed teams, homes and stations, villages), and people outside of the register who are known by a number, never
by a name; of an unidentified person that of the case. Stream ``party-<party_id>``.
"""

from enum import StrEnum
from uuid import UUID

from contracts.facts import Fact, published


class PartyKind(StrEnum):
    SCHOOL = "school"
    KINDERGARTEN = "kindergarten"
    UNION = "union"
    BUREAU = "bureau"
    ENTERPRISE = "enterprise"
    ASSOCIATION = "association"
    TEAM = "team"
    ZONE = "zone"
    CARE_HOME = "care_home"
    CARE_STATION = "care_station"
    SITE = "site"
    VILLAGE_GROUP = "village_group"
    TEACHER = "teacher"
    WORKER = "worker"
    VOLUNTEER = "volunteer"
    RESIDENT = "resident"
    VILLAGE = "village"
    CASE = "case"


PEOPLE = frozenset({
    PartyKind.TEACHER, PartyKind.WORKER, PartyKind.VOLUNTEER, PartyKind.RESIDENT, PartyKind.CASE,
})  # fmt: skip
"""Known by a number, not by a name."""


class PartyFact(Fact, frozen=True, kw_only=True):
    party_id: UUID


@published("PartyEntered", rank=10)
class PartyEntered(PartyFact, frozen=True, kw_only=True):
    """``name``: of an organisation; ``number``: of a person, in the list of the organisation they are ``member_of``; ``account``:
    who answers for it or helps under it; ``leader``: to whom falls what nobody takes over."""

    kind: PartyKind
    division: str
    name: str | None = None
    number: str | None = None
    account: str | None = None
    leader: str | None = None
    member_of: UUID | None = None


@published("PartyLeft", rank=90)
class PartyLeft(PartyFact, frozen=True, kw_only=True):
    """The first day on which it is there no more."""
