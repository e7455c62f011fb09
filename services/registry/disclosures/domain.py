"""A disclosure of personal data is a fact of its own."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from contracts.registry.access import PersonalDataRead, Purpose
from contracts.roles import Role
from services.casework.purposes import require_purpose


def personal_data_read(
    reader: str,
    roles: Collection[Role],
    purpose: Purpose,
    household_id: UUID,
    persons: tuple[UUID, ...],
    fields: tuple[str, ...],
    today: date,
) -> PersonalDataRead:
    """The fact of a disclosure. Raises ``Refused`` when no role of the reader allows the purpose."""
    require_purpose(purpose, roles)
    return PersonalDataRead(
        household_id=household_id,
        effective_on=today,
        entered_by=reader,
        reader=reader,
        purpose=purpose,
        person_ids=persons,
        fields=fields,
    )
