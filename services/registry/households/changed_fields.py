"""Which fields of a household or a member a survey or a correction may fill in."""

from operator import attrgetter
from typing import Any

from contracts.facts import HouseholdFact
from contracts.registry.identities import PersonCorrected
from contracts.registry.members import MemberSurveyed
from contracts.registry.surveys import HouseholdSurveyed
from services.registry.households.details import SURVEYED_DETAILS


class ChangedFields:
    """The fields that a fact may fill in; a blank one leaves the former value."""

    def __init__(self, *names: str) -> None:
        self.names, self._values = names, attrgetter(*names)

    def filled_in(self, fact: HouseholdSurveyed | MemberSurveyed | PersonCorrected) -> dict[str, Any]:
        return {name: value for name, value in zip(self.names, self._values(fact), strict=True) if value is not None}


HOUSEHOLD_SURVEY_FIELDS = ChangedFields("address", "phone", "account", *SURVEYED_DETAILS)
MEMBER_SURVEY_FIELDS = ChangedFields(
    *(name for name in MemberSurveyed.__struct_fields__ if name not in (*HouseholdFact.__struct_fields__, "person_id"))
)
CORRECTED_FIELDS = ChangedFields("name", "sex", "birth_year", "relation")
DOCUMENT_FIELDS = ("document_kind", "id_number", "no_document_reason")
