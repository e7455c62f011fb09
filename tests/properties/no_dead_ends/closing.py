"""The end of a walk: whatever is open ends, and the register comes to what is true, by lawful acts alone."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from contracts.facts import Recorded
from contracts.registry.households import HouseholdRecorded
from services.registry.households.rules import DECIDED_BY_PROCEDURE
from tests.properties.no_dead_ends.agent import ENDINGS, Agent, DeadEnd, Request
from tests.properties.no_dead_ends.consistency import require_consistent, require_truth
from tests.properties.no_dead_ends.entering import DataEntry
from tests.properties.no_dead_ends.forms import form_of
from tests.properties.no_dead_ends.house import House
from tests.properties.no_dead_ends.lawful_histories import PROCEDURES
from tests.properties.no_dead_ends.registered import Registered
from tests.properties.true_households import Act, Kind
from tests.support.running import all_items

MOST_ROUNDS = 12
"""Of mending and entering; what is annulled on the way is entered again in the next one."""


class Closing:
    """``reports``: those that were made, each with the act that it reports; ``for_act`` and ``about``: the agent of a matter.
    ``waited``: what was refused with nothing lawful said to be next, and went on only after something else was mended."""

    def __init__(
        self, house: House, registered: Registered, entry: DataEntry, reports: Sequence[tuple[str, Act]],
        for_act: Callable[[Act], Agent], about: Callable[[UUID], Agent],
    ) -> None:  # fmt: skip
        self._house, self._registered, self._entry = house, registered, entry
        self._reports, self._for_act, self._about = reports, for_act, about
        self.waited: list[str] = []

    def run(self) -> None:
        self.end_cases()
        self.end_reports()
        self.end_moves()
        for _ in range(MOST_ROUNDS):
            if not self.mend_and_enter():
                break
        else:
            raise DeadEnd((), f"missing: {self._registered.missing_acts()}; untrue: {[*self._registered.untrue()]}")
        assert self.open_cases() == []
        assert self.open_reports() == []
        assert self.open_moves() == []
        require_truth(self._registered)
        require_consistent(self._house, self._registered)

    def end_cases(self) -> None:
        for number, case in enumerate(self.open_cases()):
            act = [*ENDINGS][number % len(ENDINGS)]
            self._about(UUID(case["subject"])).end(f"/registry/cases/{case['case_id']}", act)
        assert self.open_cases() == []

    def open_cases(self) -> list[dict[str, Any]]:
        return [
            case for county in self._registered.counties
            for case in all_items(self._house.roster.auditor, "/registry/cases", division=county, open="true")
        ]  # fmt: skip

    def end_reports(self) -> None:
        """What is true is recorded, the rest withdrawn or declined."""
        open_ = {report["report_id"] for report in self.open_reports()}
        for report, act in self._reports:
            if report.rpartition("/")[2] not in open_:
                continue
            agent = self._for_act(act)
            agent.reach(Request("withdraw_report", f"{report}/withdrawals", None))
        assert self.open_reports() == []

    def open_reports(self) -> list[dict[str, Any]]:
        return [
            report for county in self._registered.counties
            for report in all_items(self._house.roster.auditor, "/registry/reports", division=county, state="open")
        ]  # fmt: skip

    def end_moves(self) -> None:
        """Those that are proposed are declined where they lead, or taken back."""
        for number, move in enumerate(self.open_moves()):
            act, path = (("decline_move", "refusals"), ("withdraw_move", "withdrawals"))[number % 2]
            form = form_of(act, {}, self._house.today(), {})
            self._about(UUID(move["household_id"])).reach(
                Request(act, f"/registry/moves/{move['move_id']}/{path}", form)
            )
        assert self.open_moves() == []

    def open_moves(self) -> list[dict[str, Any]]:
        found = [
            move for county in self._registered.counties
            for move in all_items(self._house.roster.auditor, "/registry/moves", division=county, open="true")
        ]  # fmt: skip
        return list({move["move_id"]: move for move in found}.values())

    def mend_and_enter(self) -> bool:
        """One round; whether there was anything to do. What is in one another's way may need several. Raises the ``DeadEnd`` of
        the first where nothing went on."""
        untrue, missing = [*self._registered.untrue()], self._registered.missing_acts()
        ways: list[Callable[[], None]] = [partial(self._mend, recorded) for recorded in untrue]
        ways += [partial(self._correct_identity, *wrong) for wrong in self._registered.wrong_identities()]
        ways += [partial(self._enter, act) for act in missing]
        stuck = list[DeadEnd]()
        for way in ways:
            try:
                way()
            except DeadEnd as end:
                self.waited.append(end.what)
                stuck.append(end)
        if ways and len(stuck) == len(ways):
            raise stuck[0]
        return bool(ways)

    def _mend(self, recorded: Recorded) -> None:
        """Of a first recording what should have been recorded, of a decision now and then the right one in its place, of anything
        else its annulment."""
        if recorded.id not in {r.id for r in self._registered.untrue()}:
            return
        household: UUID = recorded.fact.household_id  # type: ignore[attr-defined]
        agent = self._about(household)
        if isinstance(recorded.fact, HouseholdRecorded):
            number = next(n for n, ids in self._registered.households.items() if household in ids)
            act = next(a for a in self._entry.history.acts if a.kind is Kind.RECORD and a.household == number)
            agent.reach(self._entry.correction_of_recording(act, household))
        elif (true := self._true_decision(recorded)) is not None and true.number % 2:
            try:
                agent.carry_out_case(self._entry.replacement(recorded, true, self._house.today()))
            except DeadEnd:  # on the true day the status does not allow it yet: what comes before it is not mended
                self._annul_or_look_up(recorded, agent)
        else:
            self._annul_or_look_up(recorded, agent)

    def _annul_or_look_up(self, recorded: Recorded, agent: Agent) -> None:
        try:
            self._annul(recorded, agent)
        except DeadEnd:
            elsewhere = self._membership_elsewhere(agent)
            if elsewhere is None:
                raise
            self._annul(elsewhere, self._about(elsewhere.fact.household_id))  # type: ignore[attr-defined]
            self._annul(recorded, agent)

    def _annul(self, recorded: Recorded, agent: Agent) -> None:
        # What was in the way may have gone with it.
        agent.reach(self._entry.annulment(recorded, self._house.today()), {"unknown_act"})

    def _membership_elsewhere(self, agent: Agent) -> Recorded | None:
        """What has somebody in another household, which a refusal names only to whoever covers that: the office above looks it
        up. Entered again in its turn, where it is true."""
        facts = agent.refused.pop("member_of_another_household", None)
        return None if facts is None else self._registered.membership(UUID(facts["person"]), facts["since"])

    def _true_decision(self, recorded: Recorded) -> Act | None:
        """What should have been decided instead, where something was decided."""
        if type(recorded.fact) not in DECIDED_BY_PROCEDURE:
            return None
        return next((a for a in self._registered.missing_acts() if self._registered.is_like(recorded.fact, a)), None)

    def _correct_identity(self, household: UUID, person: int, id_: UUID) -> None:
        if (household, person, id_) in self._registered.wrong_identities():
            request = self._entry.identity_correction(household, person, id_, self._house.today())
            self._about(household).carry_out_case(request)

    def _enter(self, act: Act) -> None:
        if act.number not in {a.number for a in self._registered.missing_acts()}:
            return
        request = self._entry.request(act)
        if request is None:
            raise DeadEnd((), f"somebody is not on record: {act}")
        agent = self._for_act(act)
        if act.kind in PROCEDURES:
            agent.carry_out_case(request, self._entry.history.decided_on[act.number])
            return
        answer = agent.reach(request)
        if (moved := answer.headers["Location"]).startswith("/registry/moves/"):
            agent.reach(Request("accept_move", f"{moved}/acceptances", {}))
        else:
            self._entry.entered(act, answer.headers.get("Location"))
