"""Facts about two records that are one: two person ids of one human being. Stream ``household-<uuid>``.

Of a merge of households the facts are ``HouseholdCancelled`` (``merged``) and each ``MemberJoined`` in the one that goes on.
What is applied for and not decided yet counts for nobody: no fold takes notice of it.
"""

from uuid import UUID

import msgspec

from contracts.facts import HouseholdFact, published
from contracts.registry.members import Relation
from contracts.registry.reasons import CancelReason


@published("PersonsMerged", rank=82)
class PersonsMerged(HouseholdFact, frozen=True, kw_only=True):
    """``person_id`` is ``same_as``: one human being was recorded under two ids. From this day on the duplicate is nobody's
    member, and whoever asks for it is answered about the other; what was recorded under it stays readable."""

    person_id: UUID
    same_as: UUID
    same_as_household_id: UUID
    case_id: UUID | None = None


@published("DuplicatePersonFound", rank=82)
class DuplicatePersonFound(HouseholdFact, frozen=True, kw_only=True):
    """The other half of ``PersonsMerged``, in the household of the person who goes on."""

    person_id: UUID
    duplicate: UUID
    duplicate_household_id: UUID
    case_id: UUID | None = None


class RelationAfterMerge(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """What somebody of the household that ends is to the head of the one that goes on."""

    person_id: UUID
    relation: Relation


@published("HouseholdEndProposed")
class HouseholdEndProposed(HouseholdFact, frozen=True, kw_only=True):
    """That the household ended on this day is applied for. ``merged_into`` and ``relations``: of a merge."""

    case_id: UUID
    reason: CancelReason
    merged_into: UUID | None = None
    relations: tuple[RelationAfterMerge, ...] = ()


@published("ReinstatementProposed")
class ReinstatementProposed(HouseholdFact, frozen=True, kw_only=True):
    """That the household is on record again from this day on is applied for."""

    case_id: UUID
    person_ids: tuple[UUID, ...]
    head: UUID


@published("PersonsMergeProposed")
class PersonsMergeProposed(HouseholdFact, frozen=True, kw_only=True):
    """That ``person_id`` is ``same_as`` is applied for. ``successor``: becomes head where the duplicate was."""

    case_id: UUID
    person_id: UUID
    same_as: UUID
    same_as_household_id: UUID
    successor: UUID | None = None
