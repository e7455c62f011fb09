"""Facts about a household: who lives there, how they live, and its poverty status. Stream ``household-<uuid>``.

``rank``: the order of the facts of one day, whatever the order of entering them. A household is recorded or formed, people
join, it moves, a visit finds out, an office decides (identified, exited, returned, removed), a new head succeeds, a part
splits off, people leave and die, and the household ends. So who is born on the day of a decision is counted by it, who
leaves on that day is counted still, and a household that splits off inherits what was decided on the day.
"""

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from contracts.facts import HouseholdFact, published
from contracts.personal import Personal
from contracts.quantities import Amount
from contracts.registry.codes import PovertyCause, Risk
from contracts.registry.living_conditions import HousingGrade, PowerSupply, Toilet, WaterSupply
from contracts.registry.members import Member, RelationToHead


class Attribute(StrEnum):
    """户属性: the categories partition the registered households (M004); ``UNCLASSIFIED`` are those of whom nobody has said one."""

    GENERAL_POOR = "general_poor"
    LOW_INCOME_SECURITY = "low_income_security"
    FIVE_GUARANTEES = "five_guarantees"
    LOW_INCOME_SECURITY_POOR = "low_income_security_poor"
    LOW_INCOME_FARMER = "low_income_farmer"
    LOW_INCOME_MARGINAL = "low_income_marginal"
    RIGID_EXPENDITURE = "rigid_expenditure"
    UNCLASSIFIED = "unclassified"


@published("HouseholdRecorded", rank=10)
class HouseholdRecorded(HouseholdFact, frozen=True, kw_only=True):
    """A household was taken down with its members; from here on it is a candidate (no poverty status yet).

    ``village_group``: 村民小组, within the village that ``division`` names; ``natural_village``: 自然村. Land in mu, by kind: cultivated
    and of it irrigated, forest, orchards, farmland given back to forest, pasture, ponds. ``road_km``: from the house to the
    main road. ``relocated``: resettled by a relocation programme (易地搬迁)."""

    national_no: str | None = None
    division: str
    address: Personal[str] | None = None
    phone: Personal[str] | None = None
    account: Personal[str] | None = None
    attribute: Attribute = Attribute.UNCLASSIFIED
    main_cause: PovertyCause | None = None
    other_causes: tuple[PovertyCause, ...] = ()
    arable_mu: Amount | None = None
    forest_mu: Amount | None = None
    housing_m2: Amount | None = None
    members: tuple[Member, ...]
    risks: tuple[Risk, ...] = ()
    village_group: str | None = None
    natural_village: str | None = None
    irrigated_mu: Amount | None = None
    orchard_mu: Amount | None = None
    reforested_mu: Amount | None = None
    pasture_mu: Amount | None = None
    water_surface_mu: Amount | None = None
    housing_grade: HousingGrade | None = None
    road_km: Amount | None = None
    water_supply: WaterSupply | None = None
    power_supply: PowerSupply | None = None
    toilet: Toilet | None = None
    cooperative_member: bool | None = None
    relocated: bool | None = None


class SplitReason(StrEnum):
    MARRIAGE = "marriage"
    DIVORCE = "divorce"
    OTHER = "other"


@published("HouseholdSplit", rank=70)
class HouseholdSplit(HouseholdFact, frozen=True, kw_only=True):
    """Members left to form a household of their own; the other half is ``HouseholdFormed`` in the new stream."""

    begets: ClassVar[str] = "new_household_id"

    new_household_id: UUID
    person_ids: tuple[UUID, ...]
    reason: SplitReason | None = None


@published("HouseholdFormed", rank=11)
class HouseholdFormed(HouseholdFact, frozen=True, kw_only=True):
    """The new household of a split. It starts as what its parent was just before the split, as known then: village,
    poverty status, attribute, causes, and the persons who came along; nothing of that is copied here, and what happens to
    the parent afterwards never touches it. ``head``: who of them is head; ``relations`` as in ``HeadSucceeded``."""

    descends_from: ClassVar[str] = "split_from"

    split_from: UUID
    national_no: str | None = None
    person_ids: tuple[UUID, ...]
    head: UUID
    relations: tuple[RelationToHead, ...] = ()


@published("HouseholdMoved", rank=30)
class HouseholdMoved(HouseholdFact, frozen=True, kw_only=True):
    """``from_division``: where it lived as the paper says. Moves of earlier days may be entered, or annulled, later: from
    where it really moved is where the facts before lead, and where that is ``to_division`` it did not."""

    from_division: str
    to_division: str


@published("FactsAnnulled", rank=99)
class FactsAnnulled(HouseholdFact, frozen=True, kw_only=True):
    """A correction: the acts named were wrong, and their facts in this household (``annuls``) are void; nothing is
    rewritten. An act is all that one command recorded, in whatever households; it is annulled, and restored, as one.
    ``reason`` stands in the household at which it was annulled. Where a removal reaches back to before a split, it is the
    cause, no act is named, and what was decided since about who split off is void. ``case_id``: of the correction (更正) that
    decided it, which alone annuls what a procedure decided."""

    acts: tuple[UUID, ...] = ()
    reason: Personal[str] | None = None
    case_id: UUID | None = None
