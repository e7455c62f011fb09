"""Findings of subjects of which nothing but their own facts is read: what is said at entry follows from the facts entered."""

from collections.abc import Callable, Sequence
from datetime import date
from uuid import UUID

from contracts.facts import Recorded
from services.casework.documents.reading import Documents
from services.casework.findings.domain import FactChecks, Found, Period, S, found_on
from services.casework.findings.editions import CheckEditions
from services.casework.findings.store import CheckedSubjects, Findings, Naming
from services.casework.procedures.store import Persons, nobody_known
from services.chassis.ground.messages import Message
from services.chassis.log.command_record import CommandWarning, Reply
from services.chassis.log.unit import Tx

Noticing = Callable[[UUID, Sequence[Recorded], Sequence[Recorded], date], Sequence[tuple[str, Message]]]
"""Subject, its facts before and after, and today → rule and what it says of each finding that was not there before."""


class FactFindings(Findings[S]):
    """Those of such a set of checks."""

    checks: FactChecks[S]

    def __init__(
        self, checks: FactChecks[S], subjects: CheckedSubjects, documents: Documents, persons: Persons = nobody_known,
        naming: Naming | None = None,
    ) -> None:  # fmt: skip
        super().__init__(checks, subjects, documents, persons, naming)

    def periods(self, tx: Tx, subject: UUID, facts: Sequence[Recorded]) -> Sequence[Period[S]]:
        """As known to the unit."""
        return self.checks.periods(subject, facts)

    def checking(self, work: Callable[[Tx], Reply]) -> Callable[[Tx], Reply]:
        """The same work, which says in its answer what it makes the rules find that they did not find before. Only the
        state of the day is looked at: what is said at entry is a help for whoever enters, no record."""

        def checked(tx: Tx) -> Reply:
            reply = work(tx)
            for subject in dict.fromkeys(filter(None, map(self._touched, tx.appended))):
                for found in self._new(tx, subject):
                    about = {"finding_id": str(found.finding_id), "subject": str(subject)}
                    tx.warnings.append(CommandWarning.of(found.rule, self.checks.explanation_of(found), about))
            return reply

        return checked

    def noticing(self) -> Noticing:
        """``checking`` for who decides many subjects before their units of work, by the documents as they are now.
        Blocking."""
        editions = self.editions_of(self._documents.own())

        def noticed(
            subject: UUID, before: Sequence[Recorded], after: Sequence[Recorded], today: date
        ) -> list[tuple[str, Message]]:
            found = newly_found(self.checks, editions, subject, before, after, today)
            return [(one.rule, self.checks.explanation_of(one)) for one in found]

        return noticed

    def _touched(self, recorded: Recorded) -> UUID | None:
        if not recorded.fact.annuls and not self.checks.reads(recorded.fact):
            return None
        return self.subjects.subject_of(recorded)

    def _new(self, tx: Tx, subject: UUID) -> list[Found]:
        after = self.subjects.facts(tx, subject)
        before = [r for r in after if r.position <= tx.head]
        return newly_found(self.checks, self.editions(tx), subject, before, after, tx.today)


def newly_found(
    checks: FactChecks[S], editions: CheckEditions, subject: UUID, before: Sequence[Recorded], after: Sequence[Recorded],
    today: date,
) -> list[Found]:  # fmt: skip
    """What the rules find today after these facts, and did not find, or on other grounds, before them."""

    def found(facts: Sequence[Recorded]) -> dict[tuple[UUID, str], Found]:
        value = checks.now(subject, facts) if facts else None
        edition = None if value is None else editions.on(value.division, today)
        if value is None or edition is None:
            return {}
        on_day = found_on(checks, subject, value, today, edition.document, edition.edition)
        return {(one.finding_id, one.grounds): one for one in on_day}

    now = found(after)
    then = found(before) if now else {}
    return [one for key, one in now.items() if key not in then]
