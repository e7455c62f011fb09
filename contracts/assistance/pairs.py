"""Facts about pairs of every kind (结对): who helps whom, what both promised, how it ended. Stream ``pairs-<subject>``, the
subject being whoever is helped: a household, a person, a village, an organisation. What kinds there are, documents say
(``services.assistance.pairs.document``). A pair and an entry of a list are known by the version of the fact that told them
first. Pairs that follow the register (the helper that every household in it must have) stand in ``pairing-<household_id>``, with
what the first edition of them told (``contracts.assistance.pairing``); they are known by ``FOLLOWING`` and their version. A helper is a
staff account, or a number in the list of the unit that sends them, never a name.
"""

from datetime import date
from enum import StrEnum
from uuid import UUID

from contracts.casework.records import SubjectKind
from contracts.facts import Fact, published

FOLLOWING = 500_000
"""What is added to the version, where a pair follows the register: a household's other pairs stand in another stream."""


class PairFact(Fact, frozen=True, kw_only=True):
    subject: UUID


@published("HelpListed", rank=10)
class HelpListed(PairFact, frozen=True, kw_only=True):
    """From ``effective_on`` on somebody is on the list of those whom pairs of this kind are for. ``place``: code of the division
    that it is; ``priority``: on which ground they come first."""

    kind: str
    edition: str
    about: SubjectKind
    place: str | None = None
    priority: str | None = None


@published("HelpUnlisted", rank=90)
class HelpUnlisted(PairFact, frozen=True, kw_only=True):
    """The first day on which they are not on the list any more."""

    listing: int


@published("PairFormed", rank=20)
class PairFormed(PairFact, frozen=True, kw_only=True):
    """``helper`` of ``unit`` is to help from ``effective_on`` up to ``ends_on``, the first day without. ``helper_subject``: who the
    helper is, where that is somebody on record: a fellow pupil, an organisation; ``mode``: by what they were assigned;
    ``committed_first``: it takes effect when both have signed; ``took_over_from``: the helper before; ``moved_from``: the
    village that was helped before."""

    kind: str
    edition: str
    about: SubjectKind
    place: str | None = None
    helper: str
    unit: str
    helper_subject: UUID | None = None
    mode: str | None = None
    ends_on: date | None = None
    committed_first: bool = False
    took_over_from: str | None = None
    moved_from: UUID | None = None


@published("PairFormed", 2, rank=20)
class HouseholdPairFormed(PairFormed, frozen=True, kw_only=True):
    """As the first version, of a pair that follows the register: it belongs to the household's history. ``caused_by``: the split
    after which a household keeps the helper of the one it came from."""

    household_id: UUID


class Side(StrEnum):
    HELPER = "helper"
    HELPED = "helped"


@published("CommitmentSigned", rank=30)
class CommitmentSigned(PairFact, frozen=True, kw_only=True):
    """One of the two signed their letter (双承诺)."""

    pair: int
    side: Side


@published("ExitContractSigned", rank=40)
class ExitContractSigned(PairFact, frozen=True, kw_only=True):
    """The helper answers for the household's exit by the end of ``exit_by`` (包保脱贫)."""

    pair: int
    exit_by: date


class PairEndReason(StrEnum):
    COMPLETED = "completed"
    HANDED_OVER = "handed_over"
    REASSIGNED = "reassigned"
    HELPER_LEFT = "helper_left"
    HELPED_LEFT = "helped_left"
    OTHER = "other"


@published("PairEnded", rank=80)
class PairEnded(PairFact, frozen=True, kw_only=True):
    """``effective_on`` is the first day without this helper."""

    pair: int
    reason: PairEndReason


@published("PairAnnulled", rank=99)
class PairAnnulled(PairFact, frozen=True, kw_only=True):
    """The pair was entered by mistake: ``annuls`` names every fact about it."""

    pair: int


@published("PairEndedByDeath", rank=81)
class PairEndedByDeath(PairFact, frozen=True, kw_only=True):
    """The register says that one of the two died: the pair is over from ``effective_on`` on, the day of death, or the day on which
    it was formed where that is later. ``of_helper``: it was the helper, a fellow pupil."""

    pair: int
    of_helper: bool = False


@published("PairDeathsAnnulled", rank=98)
class PairDeathsAnnulled(PairFact, frozen=True, kw_only=True):
    """What followed from a death that was told by mistake."""
