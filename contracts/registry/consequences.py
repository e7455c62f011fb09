"""What was shown to somebody before they decided. Stream ``consequences-<household>``, of the household that the act is about."""

from uuid import UUID

from contracts.consequences import ConsequenceLine
from contracts.facts import HouseholdFact, LogPosition, published


@published("ConsequencesShown")
class ConsequencesShown(HouseholdFact, frozen=True, kw_only=True):
    """Before a command was sent, its sender was shown what would follow from it. ``act``: method and path of the command;
    ``request``: keyed digest of what it says; ``case_id``: of the case that it would take a step in. ``would_record``: types of
    the facts about households that it would record. ``answered``: services that said what follows there, and how far each had
    read the registry's log; ``away``: those that did not, so that what was shown is incomplete; ``elsewhere``: how many lines
    were not shown, for they are about households outside the sender's area. ``sha256``: of lines and services, as canonical
    JSON."""

    act: str
    request: str
    case_id: UUID | None = None
    would_record: tuple[str, ...]
    answered: tuple[LogPosition, ...]
    away: tuple[str, ...]
    elsewhere: int = 0
    lines: tuple[ConsequenceLine, ...]
    sha256: str


@published("ConsequencesKept")
class ConsequencesKept(HouseholdFact, frozen=True, kw_only=True):
    """The command whose id this fact bears was carried out by somebody who had been shown what follows from it. ``shown``: id of that
    fact, with its ``sha256``; ``away``: the services that had not answered."""

    case_id: UUID | None = None
    shown: str
    sha256: str
    away: tuple[str, ...]
