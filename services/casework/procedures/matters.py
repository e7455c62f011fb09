"""What a service supplies to the engine: the standing of its subjects, and what an approved case brings about."""

import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, Protocol, TypeVar, runtime_checkable
from uuid import UUID

import msgspec

from contracts.facts import DecidedFrom
from services.casework.procedures.commands import OpenCase
from services.casework.procedures.document import Procedure
from services.casework.procedures.state import CaseState, Subject
from services.chassis.ground.refusals import Refused, rule
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.chassis.web.commands import Command

TERMS_NOT_ASKED = rule(
    "terms_not_asked",
    zh="该程序不需要附加申请内容（“terms”），请去掉后重新提交。",
    en="This procedure asks for no further terms; leave ``terms`` out.",
    source="procedure documents of this installation",
    status=422,
)
TERMS_MALFORMED = rule(
    "terms_malformed",
    zh="附加申请内容（“terms”）填写有误：请只填 known 所列各项，并更正 malformed 所列各项。",
    en="The terms are not as this procedure takes them: give those listed as ``known`` only, and correct the ``malformed``.",
    source="procedure documents of this installation",
    status=422,
)


class Matter(Protocol):
    """A standing of one kind of subject: a household's poverty status, a pupil's education aid, a project's approval.
    Methods raise ``Refused``."""

    def streams(self, subject: UUID) -> tuple[str, ...]:
        """Streams that are read about the subject; fetched before the unit of work begins."""

    def subject(self, tx: Tx, subject: UUID, on: date) -> Subject:
        """Raises ``NOT_FOUND`` where there never was such a subject."""

    def open(self, tx: Tx, case: CaseState, terms: Mapping[str, Any], basis: DecidedFrom) -> None:
        """Check what only this matter knows, and record its own part of the application."""

    def take_effect(
        self, tx: Tx, case: CaseState, procedure: Procedure, actor: Actor, caused_by: str, basis: DecidedFrom
    ) -> None:
        """Record what the approved case brings about. Tried out at the decision, and refused with it."""

    def effect_stands(self, tx: Tx, case: CaseState) -> bool:
        """Whether what the case brought about has not been annulled since."""

    def revoke_effect(self, tx: Tx, case: CaseState, actor: Actor, caused_by: str) -> None:
        """Annul it: the case was decided first, and a step that was to be made good failed."""


@runtime_checkable
class WithPersonalTerms(Protocol):
    """A matter whose applications carry personal values: they are sealed, and what they claim is given up with them."""

    async def seal_terms(self, opening: OpenCase, command: Command) -> OpenCase:
        """The command with ``terms`` as ``open`` takes them. Raises ``Refused``."""

    def give_up(self, tx: Tx, case: CaseState) -> None:
        """The case ends without effect."""


Matters = Mapping[str, Matter]
"""By the name that procedure documents give the standing."""


def no_terms(terms: Mapping[str, Any] | Collection[str]) -> None:
    """For matters whose applications say nothing of their own."""
    if terms:
        raise Refused(TERMS_NOT_ASKED)


T = TypeVar("T", bound=msgspec.Struct)
PLACE = re.compile(r"`\$\.([^`]+)`$|required field `([^`]+)`$")
"""Where msgspec says that something is malformed, or what is missing."""


def read_terms(kind: type[T], terms: Mapping[str, Any]) -> T:
    """The terms as this type has them. Raises ``Refused`` where they are malformed; what was sent is never repeated."""
    try:
        return msgspec.convert(dict(terms), kind)
    except msgspec.ValidationError as invalid:
        # Where it is: names of this type's own fields, and numbers.
        place = PLACE.search(str(invalid))
        malformed = [] if place is None else [place[1] or place[2]]
        raise Refused(TERMS_MALFORMED, known=kind.__struct_fields__, malformed=malformed) from None
