"""What a village has (村情档案, M014), and the income per head by which its growth is compared with its county's (rule 10). In the
stream of the division."""

from typing import Annotated

import msgspec

from contracts.facts import published
from contracts.quantities import Amount, Yuan
from contracts.registry.divisions import DivisionFact

Count = Annotated[int, msgspec.Meta(ge=0)]


class VillageProfile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Counted on the spot by those who are stationed there, all people of the village, not the registered alone. Land in mu;
    ``arable_mu`` is ``paddy_mu`` and ``dry_land_mu``. ``without_water`` and the like: natural villages that lack it. ``resettled``:
    those among the village's who moved in by a resettlement (移民户, M023)."""

    village_groups: Count
    natural_villages: Count
    households: Count
    persons: Count
    resettled_households: Count
    resettled_persons: Count
    labourers: Count
    party_members: Count
    village_cadres: Count
    paddy_mu: Amount
    dry_land_mu: Amount
    arable_mu: Amount
    forest_mu: Amount
    without_water: Count
    without_road: Count
    without_power: Count
    facilities: tuple[str, ...] = ()


@published("VillageProfileRecorded", rank=14)
class VillageProfileRecorded(DivisionFact, frozen=True, kw_only=True):
    """So it was found on ``effective_on``. A later profile stands in its place from its own day on."""

    profile: VillageProfile


@published("IncomePerHeadPublished", rank=15)
class IncomePerHeadPublished(DivisionFact, frozen=True, kw_only=True):
    """Net income per head (农民人均纯收入) of a village, township or county in a ``year``, in yuan, as ``source`` has it; another
    figure for the year stands in the place of the former one. ``effective_on``: the day of publication."""

    year: int
    income: Yuan
    source: str
