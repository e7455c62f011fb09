"""The view ``identity_digests``: under which keyed digests everybody who is a member now can be searched for; with them those of
the households' bank accounts, by which it is found that two have the same."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import structlog

from contracts.facts import Recorded
from contracts.personal import Personal
from contracts.registry.surveys import HouseholdSurveyed
from contracts.selection import timeline
from services.chassis.security.data_keys import DataKeys, DataKeyUnusable
from services.chassis.security.sealing import KeyedDigest, SealBroken, Shredded
from services.chassis.views.table import Row, Table
from services.chassis.views.view import View, view_of_streams
from services.registry.findings.accounts.domain import ACCOUNT, reads, told_accounts
from services.registry.findings.accounts.feed import ACCOUNT_DIGESTS
from services.registry.households.claims import RESIDENT_ID
from services.registry.households.lineage import started_by_split
from services.registry.households.personal_values import decrypt, sealed_values
from services.registry.households.state import SURVEY_TYPES, Household, fold
from services.registry.households.views import HOUSEHOLD_TYPES

FULL_NAME = "full_name"
"""Kind of the digests of names; those of ID numbers are of the kind under which these are claimed."""
KINDS = {"id_number": RESIDENT_ID, "name": FULL_NAME}
"""Field of a member → kind of its digest."""
IDENTITY_DIGESTS = Table(
    "identity_digests", "household_id", ("household_id", "person_id", "kind", "key_number", "digest", "division")
)
RELEVANT_TYPES = HOUSEHOLD_TYPES - {kind.type_name for kind in SURVEY_TYPES - {HouseholdSurveyed}}

log = structlog.get_logger("lika.searches")


@dataclass(frozen=True)
class IdentityDigests:
    """Rows of a household from its facts. Opens names and ID numbers, and keeps none; who was shredded has no rows.
    ``open_data_keys``: in this process, or another one that folds, to which this is sent."""

    open_data_keys: Callable[[], DataKeys]
    digest: KeyedDigest

    def __call__(self, household_id: UUID, facts: Sequence[Recorded]) -> tuple[list[Row], list[Row]]:
        household = _as_known_now(household_id, facts)
        sealed = {key: value for key, value in sealed_values(household).items() if key[1] in KINDS}
        told = told_accounts(household_id, facts)
        accounts = dict.fromkeys(period.value.box for period in told)
        subject = (household_id, ACCOUNT)
        try:
            plain, *opened = decrypt(
                self.open_data_keys(), [sealed, *({subject: Personal[str].sealed(box)} for box in accounts)]
            )
        except (SealBroken, DataKeyUnusable) as unopened:
            # Whoever looks at this household's personal data is told so; all else about it goes on.
            log.error("digests_left_out", kind=type(unopened).__name__)
            return [], []
        digests = {box: self._digests(ACCOUNT, of[subject]) for box, of in zip(accounts, opened, strict=True)}
        return (
            [
                (household_id, person, KINDS[field], number, digest, household.division)
                for (person, field), value in plain.items()
                for number, digest in self._digests(KINDS[field], value)
            ],
            [
                (household_id, number, digest, p.value.division, p.valid_from, p.valid_to, p.known_from, p.known_to)
                for p in told
                for number, digest in digests[p.value.box]
            ],
        )

    def _digests(self, kind: str, value: str | Shredded) -> tuple[tuple[int, bytes], ...]:
        return self.digest.digests(kind, value) if isinstance(value, str) else ()


def _as_known_now(household_id: UUID, facts: Iterable[Recorded]) -> Household:
    known = list(facts)
    state = fold(timeline(known, of=household_id if started_by_split(known) else None))
    return state if state.id == household_id else Household()


def identity_digests_view(rows: IdentityDigests) -> View[UUID]:
    """Rebuilt under a new index key, it covers everybody under that key, too."""
    return view_of_streams(
        IDENTITY_DIGESTS.name, (IDENTITY_DIGESTS, ACCOUNT_DIGESTS), HOUSEHOLD_TYPES, "household-", UUID, rows,
        relevant_types=RELEVANT_TYPES, is_relevant=reads, with_lineage=True,
    )  # fmt: skip
