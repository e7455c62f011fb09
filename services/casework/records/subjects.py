"""Whom and what a service's records can be about: the service says where they are, and were."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from services.casework.records.commands import SubjectRef
from services.chassis.log.unit import Tx


@dataclass(frozen=True, slots=True)
class FoundSubject:
    """``area``: division code of where the subject is today, or was last; ``area_then``: where it was on the day asked for, or
    ``None`` where it was not known then. ``learned_at``: when the last of that was recorded, in whatever log."""

    area: str
    area_then: str | None
    learned_at: datetime | None = None


class RecordSubjects(Protocol):
    """What a service knows of subjects of records. ``areas``: SQL of the relation (subject, division) of where each household
    and person is today; divisions are where they are."""

    areas: str

    def find(self, tx: Tx, subject: SubjectRef, day: date) -> FoundSubject | None:
        """The subject, as known to this unit of work; ``None`` for one that nobody knows."""

    def areas_of(self, tx: Tx, ids: Collection[UUID]) -> Mapping[UUID, str]:
        """Where these households and persons are today; those that nobody knows are left out."""
