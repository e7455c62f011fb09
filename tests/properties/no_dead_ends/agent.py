"""An agent that reaches a goal knowing nothing but the published acts, the officials, and what a refusal says is next."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

import httpx

from contracts.registry.divisions import Level
from tests.properties.no_dead_ends.forms import ORDER, STEPS, VOTE, form_of
from tests.properties.no_dead_ends.roster import LEVELS, Official, Roster
from tests.support.evidence import on_paper, uploaded

MOST_ACTS = 60
"""Accepted acts on the way to one goal; a lawful sequence is much shorter."""
MOST_REPEATS = 5
"""Of one act with one form at one address."""
MOST_DETOURS = 5
"""Refusals one behind the other, each of what the one before said is next."""
ANOTHER_PERSON = frozenset({"approves_own_entry", "report_of_somebody_else"})
ANOTHER_AREA = frozenset({"not_found", "move_answered_where_it_leads", "move_withdrawn_by_proposer"})
"""Refusals of who asks, not of what is asked; as those of another person."""
PAPERS = frozenset({
    "paper_missing", "evidence_must_be_uploaded", "closing_paper_missing", "report_needs_evidence",
})  # fmt: skip
RELATIONS_NEEDED = "relations_to_new_head_needed"
"""Refusals of a form that is not complete; it says what is missing."""
NOT_SETTLED = "terms_malformed"
"""Of a case whose terms nobody but whoever knows what is true can give."""
ENDED = "case_closed"
UNASKED = frozenset({"record_departure", "record_death", "join_member"})
"""Acts that say something happened: the agent says so of what is true only, in its turn."""
ENDINGS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "withdraw_case": ("withdrawals", {}),
    "close_case": ("closings", {}),
    "decide_case": ("decisions", {"approved": False}),
}
"""Act by which a case ends without effect → the last part of its path, and what its form says."""

Counted = Counter[tuple[str, str]]
"""(act, ``accepted`` or code of the refusal) → how often."""


class DeadEnd(AssertionError):
    """No lawful sequence was found. ``what``: the last refusal."""

    def __init__(self, trace: Iterable[str], what: str) -> None:
        super().__init__("\n".join([*trace, what]))
        self.what = what


@dataclass(frozen=True)
class Request:
    """``levels``: of whoever may ask, any where none is named; ``first``: number of the official who asks first."""

    act: str
    path: str
    form: dict[str, Any] | None
    levels: tuple[Level, ...] = ()
    first: int = 0


@dataclass
class Agent:
    """``villages``: where the household in question may be, the likeliest first; ``subject``: household that papers are about;
    ``day``: earliest day of what is done; ``wait_until``: moves the clock on; ``trace``: what was asked, and
    the answers; ``refused``: code of each refusal → its latest figures."""

    roster: Roster
    villages: Callable[[], Sequence[str]]
    subject: UUID | None
    day: date
    today: Callable[[], date]
    wait_until: Callable[[date], None]
    counted: Counted
    trace: list[str] = field(default_factory=list)
    refused: dict[str, dict[str, Any]] = field(default_factory=dict)

    def ask(self, request: Request) -> httpx.Response:
        """The answer to whoever is the first that may ask it; the last refusal where nobody is."""
        answer = None
        for office in self.roster.offices(request.levels, self.villages(), request.first):
            for official in office:
                answer = self._sent(official, request)
                if answer.is_success or answer.json()["code"] not in ANOTHER_PERSON:
                    break
            if answer is not None and (answer.is_success or answer.json()["code"] not in ANOTHER_AREA):
                break
        assert answer is not None
        return answer

    def _sent(self, official: Official, request: Request) -> httpx.Response:
        answer = self._posted(official, request)
        if answer.is_success or request.form is None:
            return answer
        problem = answer.json()
        if problem["code"] in PAPERS:
            papers = self._papers(official, problem["facts"])
            return self._posted(official, replace(request, form={**request.form, "evidence": papers}))
        if problem["code"] == RELATIONS_NEEDED:
            relations = [{"person_id": person, "relation": "other"} for person in problem["facts"]["person_ids"]]
            return self._posted(official, replace(request, form={**request.form, "relations": relations}))
        return answer

    def _posted(self, official: Official, request: Request) -> httpx.Response:
        answer = official.client.post(request.path, request.form)
        result = "accepted" if answer.is_success else answer.json()["code"]
        assert answer.status_code < 500, (request, answer.text)
        assert answer.status_code not in (422, 429) or result == NOT_SETTLED, (request, answer.text)
        what = (request.form or {}).get("procedure")
        self.counted[f"{request.act} {what}" if what else request.act, result] += 1
        if not answer.is_success:
            self.refused[result] = answer.json().get("facts", {})
        if not answer.is_success and not answer.json().get("next", []):
            self.counted["without next", result] += 1
        form = {k: v for k, v in (request.form or {}).items() if k not in ORDER and k not in VOTE}
        self.trace.append(
            f"{official.account} {request.act} {request.path.removeprefix('/registry')} {form} → {result}"
        )
        return answer

    def _papers(self, official: Official, facts: dict[str, Any]) -> list[dict[str, Any]]:
        kinds = facts.get("uploaded") or facts.get("missing")
        if kinds is None:
            return on_paper("certificate")
        return [paper for kind in kinds for paper in uploaded(official.client, kind=kind, subjects=[self.subject])]

    def reach(self, goal: Request, reached_by: Collection[str] = ()) -> httpx.Response:
        """Ask for the goal; where that is refused do what the refusal says is next, until it is accepted, or refused by one of
        the rules ``reached_by``. Where it names nothing, the office above asks, whose area shows more. Raises ``DeadEnd``."""
        done = Counter[tuple[str, str]]()
        while not (answer := self.ask(goal)).is_success:
            problem = answer.json()
            if problem["code"] in reached_by:
                break
            if problem["code"] == "office_not_allowed" and problem["next"][0]["act"] == goal.act:
                goal = self._request(problem["next"][0], goal)
                continue
            if not problem.get("next") and goal.act not in STEPS and goal.levels != LEVELS[-1:]:
                goal = replace(goal, levels=(LEVELS[LEVELS.index(goal.levels[0]) + 1 if goal.levels else 1],))
                continue
            if done.total() >= MOST_ACTS or not self._go_on(answer, goal, done, MOST_DETOURS):
                raise DeadEnd(self.trace[-30:], f"{goal.act} {goal.path} {goal.form}: {answer.text}")
        return answer

    def _go_on(self, refused: httpx.Response, goal: Request, done: Counter[tuple[str, str]], detours: int) -> bool:
        """Whether one of the alternatives was accepted, or one on the way to it."""
        for step in refused.json().get("next", []):
            if step["act"] in UNASKED and step["act"] != goal.act:
                continue
            request, key = self._request(step, goal), (step["act"], f"{step['path']} {step['form']}")
            if request == goal or done[key] >= MOST_REPEATS:
                continue
            answer = self.ask(request)
            if answer.is_success:
                done[key] += 1
                if request.act == "open_case":
                    replace(self, day=self.today()).complete(answer.headers["Location"], self.today())
                return True
            if detours and self._go_on(answer, request, done, detours - 1):
                return True
        return False

    def _request(self, step: dict[str, Any], refused: Request) -> Request:
        form: dict[str, Any] | None
        act, sent = step["act"], refused.form or {}
        day = max(date.fromisoformat(step.get("first_day") or "0001-01-01"), self.day)
        if act == refused.act:
            day = max(day, date.fromisoformat(sent["on"])) if "on" in sent else day
            form = {**sent, **step["form"], **({"on": day.isoformat()} if "on" in sent else {})}
        else:
            day = self.today() if act == "open_case" else day
            form = form_of(act, step["form"], day, sent)
        if day > self.today():
            self.wait_until(day)
        return Request(act, step["path"], form, tuple(map(Level, step["office"]["levels"])), refused.first)

    def ask_as_told(self, request: Request) -> httpx.Response:
        """Ask, and once more by the office that the refusal names."""
        answer = self.ask(request)
        told = [] if answer.is_success else answer.json().get("next", [])
        if told and answer.json()["code"] == "office_not_allowed" and told[0]["act"] == request.act:
            return self.follow(told[0], request)
        return answer

    def follow(self, step: dict[str, Any], refused: Request) -> httpx.Response:
        """Do what the refusal of a request says is next."""
        return self.ask(self._request(step, refused))

    def advance(self, case: str, decided_on: date, steps: int, first: int) -> None:
        """Up to so many steps of a case, and no further than something else is in the way."""
        goals = [("decide_case", "decisions"), ("announce_case", "announcements")]
        for _ in range(steps):
            act, path = goals[0]
            goal = Request(act, f"{case}/{path}", form_of(act, {}, decided_on, {}), (), first)
            answer = self.ask_as_told(goal)
            if answer.is_success:
                goals = goals[1:]
            elif not (told := answer.json().get("next", [])) or not self.follow(told[0], goal).is_success:
                return
            if not goals:
                return

    def carry_out_case(self, opening: Request, decided_on: date | None = None) -> None:
        """Open a case and take it to its end; decided today, unless a day is given. Raises ``DeadEnd``."""
        self.complete(self.reach(opening).headers["Location"], decided_on or self.today())

    def complete(self, case: str, decided_on: date) -> None:
        """Take a case from step to step until it is decided on that day, and announced where that is asked for. Raises
        ``DeadEnd``."""
        for act, path in (("decide_case", "decisions"), ("announce_case", "announcements")):
            self.reach(Request(act, f"{case}/{path}", form_of(act, {}, decided_on, {})), {ENDED})

    def end(self, case: str, act: str) -> None:
        """End a case before its time, by one of ``ENDINGS``. Raises ``DeadEnd``."""
        path, settled = ENDINGS[act]
        self.reach(Request(act, f"{case}/{path}", form_of(act, settled, self.day, {})), {ENDED})
