"""Casework as a service mounts it that follows the registry: documents of its own, cases about its subjects, and the register's
people and staff. What is peculiar to a service it passes in; no matter is known here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from services.casework.calendars.kinds import CALENDAR_KINDS
from services.casework.directory.admission import admit_by
from services.casework.directory.feed import view as directory_view
from services.casework.directory.queries import Directory
from services.casework.documents.api import documents_router
from services.casework.documents.feed import FollowedDocuments
from services.casework.documents.first_texts import FirstTexts
from services.casework.documents.open_acts import acts_of_documents
from services.casework.documents.reading import Documents
from services.casework.evidence.citations import Citations
from services.casework.inbox.entries import InboxSource
from services.casework.people import view as people
from services.casework.procedures import view as case_view
from services.casework.procedures.api import cases_router
from services.casework.procedures.command_service import CaseCommandService
from services.casework.procedures.feed import deadlines
from services.casework.procedures.inbox_source import case_inboxes
from services.casework.procedures.matters import Matters
from services.casework.procedures.open_acts import acts_of_cases
from services.casework.procedures.queries import CaseQueries, never_leaves
from services.casework.procedures.read_api import case_queries_router
from services.casework.procedures.repository import ProcedureRepository
from services.casework.procedures.steps import CaseSteps
from services.casework.procedures.store import CaseCommands
from services.casework.revocations import view as revocations
from services.casework.revocations.view import refuse_revoked_tokens
from services.chassis.environment import Environment
from services.chassis.following.reactions import Reaction
from services.chassis.following.sealed_subjects import KeyComparison, SealedSubjectsView
from services.chassis.ground.background import Background
from services.chassis.log.store import Store
from services.chassis.log.timers import Handler
from services.chassis.service import Service
from services.chassis.web.open_acts import SubjectActs
from services.chassis.web.routing import DeferredRouter


@dataclass(frozen=True)
class SubjectsOfCases:
    """SQL of where they are: the relation (subject, division); and of whether something was recorded about ``cases.subject`` since
    ``cases.reviewed_at``."""

    areas: str
    changed: str


class Casework:
    """``views``, ``reactions``, ``deadlines``, ``at_start``, ``background`` and ``closes`` are what the service is made with,
    ``routers`` and ``subject_acts`` what it answers by; ``persons``: which accounts are one person's."""

    def __init__(
        self, environment: Environment, store: Store, first_texts: FirstTexts, subjects: SubjectsOfCases,
        matters: Callable[[Documents], Matters],
    ) -> None:  # fmt: skip
        self._store, self._subjects = store, subjects
        self.sealer = environment.sealer(store)
        self.documents = Documents(store, first_texts.kinds, dict.fromkeys(CALENDAR_KINDS, people.REGISTRY))
        self._procedures = ProcedureRepository(self.documents)
        self._directory = Directory(store, people.REGISTRY)
        self.persons = persons = self._directory.accounts_known_to
        self._matters = matters(self.documents)
        self._commands = CaseCommands(store.name, self._procedures, self._matters, persons)
        self._steps = CaseSteps(store, self._procedures, self._matters, persons)
        self.at_start: Sequence[Callable[[], None]] = (partial(first_texts.adopt, store),)
        self.deadlines: Mapping[str, Handler] = deadlines(self._commands)
        self.background: Sequence[Background] = (KeyComparison(store, self.sealer.data_keys),)
        self.closes: Sequence[Callable[[], None]] = (self.sealer.data_keys.close,)
        admit_by(self._directory, environment.verifier.admission)
        refuse_revoked_tokens(environment.verifier, store)

    @property
    def views(self) -> Sequence[Reaction]:
        return case_view.view(self._procedures), SealedSubjectsView()

    @property
    def reactions(self) -> Sequence[Reaction]:
        """To the registry's log, before the service's own, which query the households."""
        register = people.view()
        return (
            FollowedDocuments(),
            directory_view(people.REGISTRY),
            revocations.view(people.REGISTRY),
            register,
            SealedSubjectsView(register.types),
        )

    @property
    def inbox(self) -> tuple[InboxSource, ...]:
        return case_inboxes(self._store.name, self._store, self._subjects.areas, self._steps)

    @property
    def subject_acts(self) -> Mapping[str, SubjectActs]:
        """Template of a path → what is open there."""
        return {**acts_of_cases(self._steps), **acts_of_documents(self.documents, self.persons)}

    def routers(self, service: Service, citations: Citations) -> Sequence[DeferredRouter]:
        wait = service.wait_for_positions
        queries = CaseQueries(self._store, self._procedures, self._subjects.areas, never_leaves, self._subjects.changed)
        commands = CaseCommandService(self._store, self._commands, queries, self.sealer, citations)
        return (
            cases_router(commands, wait),
            case_queries_router(queries, self._steps, wait, self._directory),
            documents_router(service, self.documents, self._directory.accounts_known_to),
        )
