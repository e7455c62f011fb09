"""What the rows of a layout mean: all that a service supplies for importing its workbooks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, Protocol, TypeVar
from uuid import UUID, uuid5

from contracts.facts import Fact
from services.casework.workbooks.form import Form
from services.casework.workbooks.importing.results import ImportSummary, SubjectOutcome, SubjectResult, Subjects, Upload
from services.casework.workbooks.row_errors import RowError
from services.casework.workbooks.rows import ReadForm
from services.chassis.ground.refusals import Rule
from services.chassis.log.command_record import CommandRef
from services.chassis.log.unit import Tx, Unit
from services.chassis.security.actor import Actor

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Batch:
    """One uploaded file. ``command`` is ``None`` for a dry run."""

    id: UUID
    actor: Actor
    upload: Upload
    command: CommandRef | None = None

    def key(self, kind: str, number: str) -> UUID:
        """The id from which those of a new subject and of its command are derived. ``kind``: what the subject is;
        ``number``: what it is called in the file."""
        return uuid5(self.id, f"{kind} {number}")

    def command_for(self, kind: str, number: str, command: CommandRef) -> CommandRef:
        """The subject's own command, so that the same file under the same key repeats none that was carried out."""
        key = self.key(kind, number)
        return CommandRef(key, command.principal, f"{command.route}#{kind}", str(key), command.digest)


@dataclass(frozen=True, slots=True)
class PlannedImport(Generic[S]):
    """``unit`` is ``None`` when there is nothing to carry out: refused, done before, or a dry run."""

    result: SubjectResult[S]
    unit: Unit | None = None


def carried_out(tx: Tx, batch: Batch, kind: str, numbers: Sequence[str]) -> dict[str, SubjectOutcome]:
    """Of an interrupted run of the same request: number of the subject → what came of it."""
    if batch.command is None:
        return {}
    keys = {batch.key(kind, number): number for number in numbers}
    tx.cur.execute("SELECT command_id, status FROM commands WHERE command_id = ANY(%s)", (list(keys),))
    return {keys[key]: SubjectOutcome(status) for key, status in tx.cur}


class ConcurrentChange(Exception):
    """A subject changed between lookup and commit; its unit was rolled back and is planned again."""


class RowMatter(Protocol[S]):
    """Blocking. Row errors name sheets and columns by their keys; the engine words them as the file does."""

    def form(self, today: date, area: str) -> Form:
        """The layout in force for the caller's area."""

    def subjects(self, form: ReadForm, batch: Batch) -> Subjects[S]:
        """Rows to subjects: the checks across cells, rows and sheets."""

    def plan(self, drafts: Sequence[S], batch: Batch) -> Sequence[PlannedImport[S]]:
        """Decide each draft on what is known now. A dry run writes nothing."""

    def overtaken(self, draft: S) -> RowError:
        """Of a subject that was changed by others each time it was planned."""

    def tried(self, actor: Actor, operation: str, subjects: Subjects[S]) -> None:
        """Somebody tries this out: recorded, and refused where an account does so too often."""

    def not_asked(self, subjects: Subjects[S]) -> tuple[Rule, ...]:
        """Rules that a dry run never answers, and by which a subject may still be refused."""

    def completed(self, batch: Batch, summary: ImportSummary, today: date) -> tuple[str, Fact]:
        """The stream and the fact that the file was imported."""

    def location(self, batch_id: UUID) -> str:
        """Where the import can be asked for."""
