"""Handlers of the commands that propose, confirm and withdraw documents, and the release's own texts in the log."""

from collections.abc import Callable, Collection

from services.casework.documents import rules
from services.casework.documents.domain import EditionState, KnownDocuments, Register, confirm, withdraw
from services.casework.documents.editions import STREAM
from services.casework.documents.kinds import NamesOthers, checked, proposal_of
from services.casework.documents.reading import Documents
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.law.content import DocumentError, as_dicts, content_of, written
from services.chassis.law.dated import NATIONAL
from services.chassis.law.documents import Document
from services.chassis.log.command_record import Reply
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor

Handler = Callable[[Tx], Reply]
Persons = Callable[[Tx, str], Collection[str]]
"""An account → every account of the person whose it is, as far as a unit of work knows."""

COUNTY_DIGITS = 6
"""Documents are adopted by counties and those above them."""


class DocumentCommands:
    """``service``: whose ``documents`` they are; ``persons``: which accounts are one person's."""

    def __init__(self, service: str, documents: Documents, persons: Persons) -> None:
        self._service, self._documents, self._persons = service, documents, persons
        self._kinds = documents.kinds

    def propose_handler(self, content: str, actor: Actor) -> Handler:
        """``content``: canonical text of a document. Raises ``Refused`` for one that is not legal."""
        document = self._document(content)
        _require_place(actor, document.jurisdiction)
        proposed = proposal_of(document, actor.subject)

        def work(tx: Tx) -> Reply:
            known = _known(tx)
            self._require_named(document, tx)
            if known.named(document.kind, document.key, document.edition) is not None:
                raise Refused(rules.EDITION_EXISTS, edition=document.edition)
            tx.append(STREAM, proposed)
            return Reply(location=self._location(tx.version(STREAM)))

        return work

    def confirm_handler(self, number: int, actor: Actor) -> Handler:
        def work(tx: Tx) -> Reply:
            state = self._state(tx, number, actor)
            tx.append(STREAM, confirm(state, actor.subject, tx.today, self._persons(tx, actor.subject)))
            return Reply(location=self._location(number))

        return work

    def withdraw_handler(self, number: int, reason: str, actor: Actor) -> Handler:
        def work(tx: Tx) -> Reply:
            state = self._state(tx, number, actor)
            tx.append(STREAM, withdraw(state, actor.subject, reason, tx.today))
            return Reply(location=self._location(number))

        return work

    def _require_named(self, document: Document, tx: Tx) -> None:
        reader: object = self._kinds[document.kind]
        if isinstance(reader, NamesOthers):
            try:
                reader.require(as_dicts(document.content), self._documents.in_unit(tx))
            except DocumentError as error:
                raise Refused(rules.MALFORMED_DOCUMENT, part=written(error.path), complaint=error.complaint) from None

    def _document(self, content: str) -> Document:
        try:
            return checked(content_of(content), self._kinds)
        except DocumentError as error:
            raise Refused(rules.MALFORMED_DOCUMENT, part=written(error.path), complaint=error.complaint) from None

    def _state(self, tx: Tx, number: int, actor: Actor) -> EditionState:
        state = _known(tx).states.get(f"{tx.log}/{STREAM}/{number}")
        if state is None:
            raise Refused(NOT_FOUND)
        _require_place(actor, state.edition.jurisdiction)
        return state

    def _location(self, number: int) -> str:
        return f"/{self._service}/documents/{number}"


def _known(tx: Tx) -> KnownDocuments:
    return Register(tx.load(STREAM)).as_known()


def governs(actor: Actor, jurisdiction: str) -> bool:
    """Whether documents of this place are the actor's to adopt."""
    covers = actor.is_everywhere if jurisdiction == NATIONAL else actor.covers(jurisdiction)
    return covers and len(actor.division) <= COUNTY_DIGITS


def _require_place(actor: Actor, jurisdiction: str) -> None:
    if not governs(actor, jurisdiction):
        raise Refused(rules.NOT_YOUR_PLACE, jurisdiction=jurisdiction)
