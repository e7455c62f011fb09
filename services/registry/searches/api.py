"""Searches over HTTP. What is searched for stands in the body and nowhere else: in no URL, no log line and no fact."""

from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Annotated, Self
from uuid import UUID

import anyio
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field, model_validator

from contracts.civil import civil_day
from contracts.personal import MASK
from contracts.registry.access import Purpose
from contracts.registry.searches import SearchKind
from services.casework.purposes import access_stream
from services.chassis.ground.refusals import Refused, Unavailable
from services.chassis.log.command_record import Reply
from services.chassis.log.unit import Tx
from services.chassis.service import Service
from services.chassis.web.application import Body
from services.chassis.web.areas import narrowed_to_area
from services.chassis.web.commands import ACCEPTED, CurrentCommand, execute
from services.chassis.web.form_errors import FormError
from services.chassis.web.position_tokens import HEADER, PositionToken, parse_positions
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter
from services.chassis.web.text_fields import IdNumber, Name, Phone
from services.registry.households.resident_id import parse_resident_id
from services.registry.searches.domain import (
    NOTHING,
    TOO_MANY_SEARCHES,
    Found,
    FoundPerson,
    Search,
    reading,
    require_lawful,
    searched,
)
from services.registry.searches.queries import SearchQueries
from services.registry.searches.quotas import SearchQuota, stream_of


class SearchForm(Body):
    """One of the four is searched by. ``division``: searched within it, by default the whole of one's area; ``case_id``: needed
    where personal data is opened for the comparison (phone, part of a name), within one village."""

    id_number: IdNumber | None = None
    full_name: Name | None = None
    phone: Phone | None = None
    name_part: Name | None = None
    division: Annotated[str, Field(pattern=r"^[0-9]{0,12}$")] = ""
    purpose: Purpose
    case_id: UUID | None = None

    @model_validator(mode="after")
    def _by_one_of_them(self) -> Self:  # noqa: N804 - an "after" validator is an instance method
        if len(self._asked()) != 1:
            raise FormError(
                "请以 id_number、full_name、phone、name_part 之一查找",
                "search by one of id_number, full_name, phone, name_part",
            )
        return self

    def _asked(self) -> dict[SearchKind, str]:
        values = {kind: getattr(self, kind.value) for kind in SearchKind}
        return {kind: value for kind, value in values.items() if value is not None}

    def search(self, division: str) -> Search:
        """Raises ``Refused`` for a number that can be nobody's."""
        ((kind, value),) = self._asked().items()
        text = parse_resident_id(value).number if kind is SearchKind.ID_NUMBER else value
        return Search(kind, text, division, self.purpose, self.case_id)


class FoundPersonAnswer(BaseModel):
    """``person_id`` and ``name`` are null where it is the household's own phone. The name is masked."""

    household_id: UUID
    national_no: str | None
    division: str
    person_id: UUID | None
    name: str | None


class SearchAnswer(BaseModel):
    """``more``: there are more than are named. A repeated request is answered without what was found."""

    position: PositionToken
    replayed: bool
    items: list[FoundPersonAnswer]
    more: bool


def searches_router(
    service: Service, queries: SearchQueries, quota: SearchQuota, persons: Callable[[Tx, str], Collection[str]]
) -> DeferredRouter:
    """``persons``: every account of the person whose this one is."""
    router = DeferredRouter(tags=["searches"])
    store = service.store

    def find(search: Search, account: str) -> Found:
        # What is over the quota is not even looked for; whether it is, is decided under the lock.
        now = store.now()
        quota.require(search, store.stream(stream_of(account, civil_day(now))), now)
        return queries.find(search)

    @router.post("/searches", status_code=201, responses={**ACCEPTED, 201: {"model": SearchAnswer}})
    async def search_register(form: SearchForm, command: CurrentCommand, after: AskedPositions) -> JSONResponse:
        """Find a person in your area by ID number or full name, or in one village by phone or part of a name. Nobody, and
        somebody outside the area, are one answer. Who searched, how, and what was found is recorded before the answer."""
        await service.wait_for_positions(after)
        actor, recorded = command.actor, list[Found]()
        search = form.search(narrowed_to_area(form.division, actor))
        require_lawful(search, actor.roles)

        def record(found: Found, tx: Tx) -> Reply:
            own = persons(tx, command.by)
            quota.require(search, (r for each in own for r in tx.load(stream_of(each, tx.today))), tx.instant)
            tx.append(stream_of(command.by, tx.today), searched(search, found, command.by, tx.today))
            if not search.by_digest and found.persons:
                tx.append(access_stream(command.by, tx.today), reading(search, found, actor, tx.today))
            recorded.append(found)
            return Reply()

        try:
            # What is found teaches: a dry run looks for nothing.
            found = NOTHING if command.dry_run else await anyio.to_thread.run_sync(find, search, command.by)
            answer = await execute(store, command, partial(record, found))
        except Refused as refused:
            raise _with_its_time(refused) from None
        if command.dry_run:
            return answer
        # The work of a repeated request is not run: it gets nothing of what was found.
        given = recorded[-1] if recorded else NOTHING
        numbers = await anyio.to_thread.run_sync(queries.household_numbers, given.households)
        body = SearchAnswer(
            position=parse_positions(answer.headers[HEADER]),
            replayed=not recorded,
            items=[_answer(person, numbers) for person in given.persons],
            more=given.more,
        )
        return JSONResponse(body.model_dump(mode="json"), 201, {HEADER: answer.headers[HEADER]})

    return router


def _with_its_time(refused: Refused) -> Refused:
    """Of too many searches, with the time from which on there are more."""
    if refused.rule is not TOO_MANY_SEARCHES:
        return refused
    facts = dict(refused.facts)
    return Unavailable(refused.rule, retry_after=int(str(facts.pop("seconds"))), **facts)


def _answer(found: FoundPerson, numbers: Mapping[UUID, str]) -> FoundPersonAnswer:
    return FoundPersonAnswer(
        household_id=found.household_id,
        national_no=numbers.get(found.household_id),
        division=found.division,
        person_id=found.person_id,
        name=None if found.person_id is None else MASK,
    )
