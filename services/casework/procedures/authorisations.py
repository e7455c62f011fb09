"""Adults of a household authorise that departments are asked about them (核查授权), and a comparison may demand it."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol
from uuid import UUID

from services.casework.procedures.state import Adult
from services.chassis.law.content import DocumentError
from services.chassis.log.unit import Tx


class Authorisations(Protocol):
    """The authorisations that a service keeps."""

    def adults(self, tx: Tx, household: UUID, on: date) -> Sequence[Adult]:
        """Who is an adult of the household on that day."""


class NoAuthorisations:
    """Of a service that knows none: its documents demand none. Implements ``Authorisations``."""

    def adults(self, tx: Tx, household: UUID, on: date) -> Sequence[Adult]:
        raise DocumentError(
            (),
            "本系统不掌握户内成年人及其授权，请删去这一项",
            "this service knows no adults of a household, nor what they authorised",
        )


NO_AUTHORISATIONS = NoAuthorisations()
