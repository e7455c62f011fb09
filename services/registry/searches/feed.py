"""The view ``identity_digests``: under which keyed digests everybody who is a member now can be searched for."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import structlog

from contracts.facts import Recorded
from contracts.selection import timeline
from services.chassis.security.data_keys import DataKeys, DataKeyUnusable
from services.chassis.security.sealing import KeyedDigest, SealBroken
from services.chassis.views.view import Row, Table, View, view_of_streams
from services.registry.households.claims import RESIDENT_ID
from services.registry.households.lineage import started_by_split
from services.registry.households.personal_values import decrypt, sealed_values
from services.registry.households.state import SURVEY_TYPES, Household, fold
from services.registry.households.store import HOUSEHOLD_TYPES

FULL_NAME = "full_name"
"""Kind of the digests of names; those of ID numbers are of the kind under which these are claimed."""
KINDS = {"id_number": RESIDENT_ID, "name": FULL_NAME}
"""Field of a member → kind of its digest."""
IDENTITY_DIGESTS = Table(
    "identity_digests", "household_id", ("household_id", "person_id", "kind", "key_number", "digest", "division")
)
RELEVANT_TYPES = HOUSEHOLD_TYPES - {kind.type_name for kind in SURVEY_TYPES}

log = structlog.get_logger("lika.searches")


@dataclass(frozen=True)
class IdentityDigests:
    """Rows of a household from its facts. Opens names and ID numbers, and keeps none; who was shredded has no rows.
    ``open_data_keys``: in this process, or another one that folds, to which this is sent."""

    open_data_keys: Callable[[], DataKeys]
    digest: KeyedDigest

    def __call__(self, household_id: UUID, facts: Sequence[Recorded]) -> tuple[list[Row]]:
        household = _as_known_now(household_id, facts)
        sealed = {key: value for key, value in sealed_values(household).items() if key[1] in KINDS}
        try:
            plain = decrypt(self.open_data_keys(), [sealed])[0]
        except (SealBroken, DataKeyUnusable) as unopened:
            # Whoever looks at this household's personal data is told so; all else about it goes on.
            log.error("digests_left_out", kind=type(unopened).__name__)
            return ([],)
        return (
            [
                (household_id, person, KINDS[field], number, digest, household.division)
                for (person, field), value in plain.items()
                if isinstance(value, str)
                for number, digest in self.digest.digests(KINDS[field], value)
            ],
        )


def _as_known_now(household_id: UUID, facts: Iterable[Recorded]) -> Household:
    known = list(facts)
    state = fold(timeline(known, of=household_id if started_by_split(known) else None))
    return state if state.id == household_id else Household()


def identity_digests_view(rows: IdentityDigests) -> View[UUID]:
    """Rebuilt under a new index key, it covers everybody under that key, too."""
    return view_of_streams(
        IDENTITY_DIGESTS.name, (IDENTITY_DIGESTS,), HOUSEHOLD_TYPES, "household-", UUID, rows,
        relevant_types=RELEVANT_TYPES, with_lineage=True,
    )  # fmt: skip
