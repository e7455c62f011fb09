"""Administrative divisions (GB/T 2260: 6 digits county, 9 township, 12 village), dated, with predecessors and successors.
Stream ``division-<code>``."""

from collections.abc import Mapping
from enum import StrEnum
from uuid import UUID

import msgspec

from contracts.facts import Fact, HouseholdFact, published


class Level(StrEnum):
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"

    def is_at_least(self, other: "Level") -> bool:
        """Whether it is the other level, or one above it."""
        return DIGITS[self] <= DIGITS[other]


DIGITS = {Level.PROVINCE: 2, Level.CITY: 4, Level.COUNTY: 6, Level.TOWNSHIP: 9, Level.VILLAGE: 12}


class DivisionFact(Fact, frozen=True, kw_only=True):
    """``code``: of the division in whose stream it stands."""

    code: str


@published("DivisionDeclared")
class DivisionDeclared(DivisionFact, frozen=True, kw_only=True):
    """A division exists under this code and name from ``effective_on``, and not before. ``aliases``: spellings met in papers."""

    level: Level
    name: str
    aliases: tuple[str, ...] = ()


@published("DivisionRenamed", rank=10)
class DivisionRenamed(DivisionFact, frozen=True, kw_only=True):
    """It has this name from ``effective_on``; the former one is found still."""

    name: str


@published("DivisionAliasesAdded", rank=11)
class DivisionAliasesAdded(DivisionFact, frozen=True, kw_only=True):
    """Further spellings met in papers, of whatever day."""

    aliases: tuple[str, ...]


@published("DivisionMerged", rank=20)
class DivisionMerged(DivisionFact, frozen=True, kw_only=True):
    """It was merged into another one (合并): the day before ``effective_on`` was its last, and its households are the other's."""

    into: str


@published("DivisionRecoded", rank=20)
class DivisionRecoded(DivisionFact, frozen=True, kw_only=True):
    """The same division has another code from ``effective_on``: the code was changed (代码变更), or it came to another parent
    (隶属变更), whose code its own begins with."""

    to_code: str


class SplitOff(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """What became a division of its own, or a part of another one, with its households."""

    code: str
    household_ids: tuple[UUID, ...]


@published("DivisionSplit", rank=20)
class DivisionSplit(DivisionFact, frozen=True, kw_only=True):
    """Parts of it went to other divisions (析出, 部分划出). Households that are not named stay; one that was formed from a
    named one by a split of its own goes with it."""

    parts: tuple[SplitOff, ...]


@published("DivisionEnded", rank=30)
class DivisionEnded(DivisionFact, frozen=True, kw_only=True):
    """It was abolished (撤销) without a successor: the day before ``effective_on`` was its last."""


@published("DivisionSucceeded", rank=20)
class DivisionSucceeded(DivisionFact, frozen=True, kw_only=True):
    """It took over all or a part of ``predecessor``: the other half of what stands in that division's stream, which is the
    cause."""

    predecessor: str


@published("DivisionActsAnnulled", rank=99)
class DivisionActsAnnulled(DivisionFact, frozen=True, kw_only=True):
    """A correction: these acts were wrong, and their facts in this stream (``annuls``) are void."""

    acts: tuple[UUID, ...]


@published("PoorVillageDesignated", rank=12)
class PoorVillageDesignated(DivisionFact, frozen=True, kw_only=True):
    """The village, or the county, stands on a list of poor ones with this grade (M001, M015). ``listed_in``: the list and its
    edition, left out where nobody said it."""

    grade: str
    listed_in: str | msgspec.UnsetType = msgspec.UNSET


@published("PoorVillageExited", rank=13)
class PoorVillageExited(DivisionFact, frozen=True, kw_only=True):
    """The village or county left its list (贫困村退出、贫困县摘帽) by a decision, which ``decision`` names."""


@published("HouseholdTransferred", rank=95)
class HouseholdTransferred(HouseholdFact, frozen=True, kw_only=True):
    """The household's village was merged, split or got another code: nobody moved. It follows from the division's own fact,
    which is the cause, and stands for the household wherever that is in ``from_division`` at the end of the day; where that
    division ended (``ended``), also wherever a later day's fact names it still."""

    from_division: str
    to_division: str
    ended: bool


def current_code(code: str, successors: Mapping[str, str]) -> str:
    """What a code has come to. ``successors``: of divisions that ended."""
    seen: set[str] = set()
    while code in successors and code not in seen:
        seen.add(code)
        code = successors[code]
    return code
