"""A case that the case engine itself decides, step by step, as its procedure's document says."""

from abc import ABC, abstractmethod
from collections.abc import Generator
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

import msgspec

from contracts.casework.cases import CaseDecided, CaseEnded, CaseOutcome, ReviewOutcome
from contracts.facts import DecidedFrom
from contracts.personal import Personal
from contracts.selection import timeline
from lika.simulation.context import TIMER_ACCOUNT, SimulationContext
from lika.simulation.decided_stream import DecidedStream
from lika.simulation.divisions import Division
from lika.simulation.documents import DEPARTMENTS, decision, on_paper
from lika.simulation.event_buffer import NO_HOLDER, ClaimChange
from lika.simulation.procedures import STEP_DELAYS
from services.casework.procedures import commands as c
from services.casework.procedures import document as p
from services.casework.procedures.domain import decide
from services.casework.procedures.effects import effect_due
from services.casework.procedures.state import CaseState, Subject, due_notice_end, fold
from services.casework.procedures.store import claim_kind, stream_of

DecidedCaseProcess = Generator[date, None, CaseState]
"""Returns the case as it ended."""
DELAYS: dict[type[p.Step], tuple[int, int]] = {
    **STEP_DELAYS, p.Opinion: (2, 6), p.Inspection: (2, 8), p.Signature: (0, 2),
}  # fmt: skip


class DecidedCase(ABC):
    """One case about a subject. ``opened_by``: an office of its division, as the document says."""

    log: ClassVar[str]
    series: ClassVar[str]
    """Part of the numbers of its decisions."""

    def __init__(
        self, context: SimulationContext, case_id: UUID, subject: UUID, division: Division, procedure: p.Procedure
    ) -> None:
        self.context, self.id, self.subject_id, self.division = context, case_id, subject, division
        self.procedure, self.state = procedure, None
        self.stream = DecidedStream(context, self.log, stream_of(case_id))

    state: CaseState | None

    @abstractmethod
    def subject(self, day: date) -> Subject:
        """As the service's own matter has it on that day."""

    @abstractmethod
    def take_effect(self, case: CaseState, by: str, cause: str, basis: DecidedFrom) -> None:
        """Append what the approved case brings about. ``cause``: id of the case's fact that does."""

    def opened(self, case: CaseState, by: str, basis: DecidedFrom) -> None:  # noqa: B027 - most matters say nothing more
        """Append what only the matter knows of the application, after the opening; nothing, where that is all."""

    def fails_at(self, step: p.AnyStep) -> bool:
        """Whether the step turns out against the subject."""
        return False

    def run(self, opened_on: date, grounds: str) -> DecidedCaseProcess:
        """From the opening to the end."""
        opener = self.division.account(self.procedure.opening.office)
        opening = self._common(opened_on, opener)
        day = opened_on
        self._give(c.OpenCase(**opening, subject=self.subject_id, grounds=Personal(grounds)))
        for step in self.procedure.steps:
            day = self.context.rng.day_after(day, *DELAYS[type(step)])
            if day > self.context.recorded_on:
                yield day
            self._give(self._command(step, day))
            assert self.state is not None
            if (closes_on := due_notice_end(self.state)) is not None:
                day = closes_on
                if day > self.context.recorded_on:
                    yield day
                self._give(c.CloseNotice(**self._common(day, TIMER_ACCOUNT)))
            if not self.state.is_open:
                break
        assert self.state is not None
        return self.state

    def _give(self, command: c.Command) -> None:
        before, basis = self.state, self._basis()
        given = [
            msgspec.structs.replace(fact, decided_from=basis) if isinstance(fact, CaseDecided) else fact
            for fact in decide(command, before, self.procedure, self.subject(command.on))
        ]
        ended = any(isinstance(fact, CaseEnded) for fact in given)
        holder = self.id if before is None else NO_HOLDER
        claim = ClaimChange(claim_kind(self.procedure.standing), self.subject_id, holder)
        ids = self.stream.append(*given, claims=(claim,) if before is None or ended else ())
        self.state = after = fold(timeline(self.stream.known))
        assert after is not None
        if before is None:
            self.opened(after, command.by, basis)
        if effect_due(before, after, self.procedure):
            cause = next(i for f, i in zip(given, ids, strict=True) if not isinstance(f, CaseEnded))
            self.take_effect(after, command.by, cause, basis)

    def _basis(self) -> DecidedFrom:
        used = self.context.regulations.documents_of_case(self.log, self.procedure.procedure, self.procedure.edition)
        return self.context.events.decided_from(self.log, documents=used)

    def _common(self, day: date, by: str) -> dict[str, Any]:
        return {"case_id": self.id, "on": day, "today": self.context.recorded_on, "by": by}

    def _command(self, step: p.AnyStep, day: date) -> c.Command:
        common = {**self._common(day, self._account(step, day)), "evidence": tuple(map(on_paper, step.evidence))}
        passes, rng = not self.fails_at(step), self.context.rng
        match step:
            case p.Visit():
                return c.MakeVisit(**common, confirmed=passes)
            case p.Consent():
                return c.GiveConsent(**common, agreed=passes)
            case p.Appraisal():
                entitled = rng.randint(24, 60)
                present = entitled - rng.randbelow(entitled // 3)
                against = rng.randbelow(present // 4)
                for_it = present - against if passes else against
                return c.HoldAppraisal(
                    **common, entitled=entitled, present=present, in_favour=for_it, against=present - for_it
                )
            case p.Notice():
                return c.PostNotice(**common)
            case p.Review():
                outcome = ReviewOutcome.PASSED if passes else ReviewOutcome.REJECTED
                return c.GiveReview(**common, outcome=outcome)
            case p.Opinion():
                return c.GiveOpinion(**common, favourable=passes)
            case p.Inspection():
                return c.MakeInspection(**common, passed=passes)
            case p.Signature():
                return c.GiveSignature(**common, signed=passes, signer="监督组组长")
            case p.Comparison():
                return c.MakeComparison(**common, clean=passes, departments=DEPARTMENTS)
            case p.Decision():
                made = decision(self.division, day, self.series)
                return c.DecideCase(
                    **common, approved=passes, organ=made.organ, document_no=made.document_no, signer=made.signer
                )
        return c.AnnounceCase(**common)

    def _account(self, step: p.AnyStep, day: date) -> str:
        """Nobody reviews or decides what they entered themselves: then the office's second account does."""
        assert self.state is not None
        entered = {account for account, key in self.state.entries if key != step.key} | self.subject(day).hands
        account = self.division.account(step.office)
        return self.division.deputy(step.office) if account in entered else account


def is_completed(case: CaseState) -> bool:
    return case.outcome is CaseOutcome.COMPLETED
