"""A unit of work tried out: decided as it would be now, by the same function, and never written."""

from dataclasses import dataclass
from typing import Any

import psycopg

from contracts.facts import Recorded
from services.chassis.ground.clock import Clock
from services.chassis.ground.refusals import RULES, Refused, Rule
from services.chassis.log.command_record import CommandWarning, Outcome
from services.chassis.log.formats import AdmittedFormats
from services.chassis.log.group_commit import former_outcome
from services.chassis.log.session import Session
from services.chassis.log.unit import Tx, Unit


@dataclass(frozen=True, slots=True)
class DryRun:
    """``position``: of the snapshot that was decided on. ``refused``: first the rule that would refuse the command, then
    the others that refuse as well; empty where it would be accepted. ``not_asked``: rules that could not be asked.
    ``would_record``: as the log would hold it. ``replayed``: the command was carried out before,
    and would be answered as it was then. ``warnings``: what the answer would say all the same. ``later``: what it would bring about
    by a later step."""

    position: int
    refused: tuple[Refused, ...] = ()
    not_asked: tuple[Rule, ...] = ()
    would_record: tuple[Recorded, ...] = ()
    location: str | None = None
    replayed: bool = False
    warnings: tuple[CommandWarning, ...] = ()
    later: tuple[Recorded, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """What would become of the command."""
        if not self.refused:
            return Outcome(201, None, self.location, self.position, self.replayed, warnings=self.warnings)
        return Outcome.of_refusal(self.refused[0], self.position, replayed=self.replayed)


def dry_run(
    log: str, conn: "psycopg.Connection[tuple[Any, ...]]", clock: Clock, unit: Unit, admitted: AdmittedFormats
) -> DryRun:
    """In one read-only transaction on one snapshot, without the append lock. Raises whatever ``work`` raises but
    ``Refused``."""
    try:
        with conn.cursor() as cur:
            session = Session(log, cur, clock, needs=[unit.needs], dry_run=True, admitted=admitted)
            return _decide(session, unit)
    finally:
        conn.rollback()


def _decide(session: Session, unit: Unit) -> DryRun:
    position = session.head
    if (before := former_outcome(session, unit.command)) is not None:
        former = () if before.code is None else (Refused(RULES[before.code]),)
        return DryRun(position, former, location=before.location, replayed=before.replayed, warnings=before.warnings)
    tx = Tx(session, unit.command.command_id, unit.command.principal)
    try:
        reply = unit.work(tx)
    except Refused as first:
        others = first.others()
        refused = first, *others.refused
        told = {no.rule for no in refused}
        not_asked = dict.fromkeys(r for r in others.not_asked if r not in told)
        return DryRun(position, refused, tuple(not_asked))
    return DryRun(
        position, (), (), tuple(tx.appended), reply.location, warnings=tuple(tx.warnings),
        later=tuple(tx.later),
    )  # fmt: skip
