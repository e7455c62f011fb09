"""The texts that a release ships: YAML in a service's folder, adopted once into its log and never read again.

A house that starts takes in what its log does not have yet, in one unit of work under the append lock: two replicas that
start together adopt nothing twice. An edition whose name the log knows stays as it is, also where it was withdrawn.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from uuid import UUID, uuid5

import structlog

from contracts.canonical import encode
from contracts.casework.documents import DocumentAdopted, DocumentProposed
from contracts.facts import Fact, Recorded
from services.casework.documents.domain import Register
from services.casework.documents.editions import STREAM
from services.casework.documents.kinds import DocumentKinds, checked, proposal_of
from services.chassis.ground.release import release
from services.chassis.law.yaml_text import YamlText
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx

SHIPPED_BY = "lika"
"""``entered_by`` of what a release ships: its makers answer for it, and no two persons of the house."""
ADOPTIONS = UUID("7c0f0f52-9a0e-5d3a-8a62-64c1b0f6f3de")
"""Namespace of the command ids: UUIDv5 of log and digests."""

SOME_TIME = datetime(2014, 1, 1, tzinfo=UTC)

log = structlog.get_logger("lika.documents")


@dataclass(frozen=True)
class FirstTexts:
    """The documents in a ``folder``, its subfolders included, and ``also`` these files."""

    folder: Path
    kinds: DocumentKinds
    also: Sequence[Path] = ()

    @cached_property
    def proposals(self) -> Sequence[DocumentProposed]:
        """In order of their files' names. Raises ``DocumentFileError``."""
        found = []
        for file in (*sorted(self.folder.rglob("*.yaml")), *self.also):
            text = YamlText.shipped(file)
            with text.located():
                found.append(proposal_of(checked(text.content, self.kinds), SHIPPED_BY, release()))
        return found

    def register(self, of_log: str) -> Register:
        """What an empty log with this name comes to hold of documents when it takes these in, for who needs no log: the
        simulation and tests."""
        return Register(
            [
                Recorded(of_log, n, STREAM, n, SOME_TIME, uuid5(ADOPTIONS, of_log), SHIPPED_BY, fact, encode(fact))
                for n, fact in enumerate(adoption_facts(of_log, self.proposals, 0), start=1)
            ]
        )

    def adopt(self, store: Store) -> None:
        """Take into the service's log what it does not have yet."""
        if not self.proposals:
            log.warning("no_first_texts", service=store.name)
            return
        digests = "\n".join(fact.digest for fact in self.proposals)
        store.transact(self._append_missing, command_id=uuid5(ADOPTIONS, f"{store.name}\n{digests}"))

    def _append_missing(self, tx: Tx) -> None:
        facts = tx.load(STREAM)
        known = Register(facts).as_known()
        missing = []
        for fact in self.proposals:
            there = known.named(fact.kind, fact.key, fact.edition)
            if there is None:
                missing.append(fact)
            elif there.edition.fact.digest != fact.digest:
                position = there.edition.proposed.position
                log.warning("differs_from_shipped", service=tx.log, kind=fact.kind, position=position)
        if missing:
            tx.append(STREAM, *adoption_facts(tx.log, missing, len(facts)))


def adoption_facts(of_log: str, proposals: Sequence[DocumentProposed], version: int) -> list[Fact]:
    """Each proposal and its adoption, as they follow in the stream after this version."""
    facts: list[Fact] = []
    for proposed in proposals:
        document = f"{of_log}/{STREAM}/{version + len(facts) + 1}"
        adopted = DocumentAdopted(
            effective_on=proposed.effective_on, entered_by=SHIPPED_BY, document=document, caused_by=document
        )
        facts += [proposed, adopted]
    return facts
