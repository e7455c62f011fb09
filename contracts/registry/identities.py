"""Facts about who a person of a household is: what was entered wrongly, what changed by law, a document that came later.

The correction is a case (``contracts.casework.cases``) whose subject is the household. What is applied for stands in a
stream of the case's own, ``identity-<case_id>``; what is corrected, in those of the households that had the person since.
"""

from datetime import date
from typing import ClassVar
from uuid import UUID

from contracts.facts import HouseholdFact, published
from contracts.personal import Personal
from contracts.registry.codes import DocumentKind, NoDocumentReason
from contracts.registry.members import Relation, Sex


class IdentityFact(HouseholdFact, frozen=True, kw_only=True):
    """A fact about one person's identity; personal fields are sealed under the person. ``None``: unchanged. Number and reason
    belong to ``document_kind`` and change with it."""

    sealed_under: ClassVar[str] = "person_id"

    person_id: UUID
    document_kind: DocumentKind | None = None
    id_number: Personal[str] | None = None
    no_document_reason: NoDocumentReason | None = None


class PersonIdentityFact(IdentityFact, frozen=True, kw_only=True):
    """All of an identity that can be corrected."""

    case_id: UUID
    name: Personal[str] | None = None
    sex: Sex | None = None
    birth_year: int | None = None
    relation: Relation | None = None


@published("IdentityCorrectionApplied")
class IdentityCorrectionApplied(PersonIdentityFact, frozen=True, kw_only=True):
    """What the application for a correction says; nothing is changed by it. ``correct_from``: the day since which the person
    is what is said; ``None``: since they first were on record."""

    correct_from: date | None = None


@published("PersonCorrected", rank=25)
class PersonCorrected(PersonIdentityFact, frozen=True, kw_only=True):
    """From this day on the person is what is said here, in this household; relation: to its head. ``households``: all in
    which the act corrects the person."""

    households: tuple[UUID, ...]


@published("PersonDocumentRecorded", rank=24)
class PersonDocumentRecorded(IdentityFact, frozen=True, kw_only=True):
    """A document that came later, while none stood. ``households`` as in ``PersonCorrected``."""

    households: tuple[UUID, ...]
