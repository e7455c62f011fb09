"""Cases in which the household is compared with departments' data: who is asked about, and whether they authorised it."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from services.casework.documents.reading import Documents
from services.casework.procedures.state import Adult
from services.chassis.log.unit import Tx
from services.registry.authorisations.domain import adults, missing_authorisations
from services.registry.authorisations.parameters import ADULT_AGE
from services.registry.authorisations.rules import way_to_authorise
from services.registry.authorisations.store import facts_of
from services.registry.households.domain import stream_of as household_stream
from services.registry.households.rehydration import state_on
from services.registry.households.store import relatives_in


class AuthorisationsOfCases:
    """Implements ``Authorisations``."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def adults(self, tx: Tx, household: UUID, on: date) -> Sequence[Adult]:
        then = state_on(tx.load(household_stream(household)), relatives_in(tx), as_of=on)
        age = self._documents.in_unit(tx).at(ADULT_AGE, on, then.division or None).count
        persons = [member.person_id for member in adults(then, on, age)]
        missing = {m.person_id for m in missing_authorisations(then, facts_of(tx, persons), on, age)}
        return [Adult(p, way_to_authorise(household, p) if p in missing else None) for p in persons]
