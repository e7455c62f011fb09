"""Procedures as delivered, and builders of facts and commands of one case, for the tests in this folder."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml

import services.registry
from contracts.casework import cases as f
from contracts.facts import Decision, Fact
from contracts.personal import Personal
from contracts.registry.codes import PovertyCause
from contracts.registry.divisions import Level
from contracts.registry.poverty_status import PovertyStatus
from services.casework.calendars.day_count import Holidays, holidays_from
from services.casework.procedures import commands as c
from services.casework.procedures.document import Procedure, procedure_from
from services.casework.procedures.domain import decide
from services.casework.procedures.state import Subject, fold
from tests.support.evidence import paper
from tests.support.given import specification

PARAMETERS = Path(services.registry.__file__).parent / "parameters"
EDITIONS = ("identification-2014", "exit-2016", "return-2014", "look_back_removal-2014")


def document(edition: str) -> dict[str, Any]:
    """The delivered document, as YAML reads it; a copy that a test may change."""
    loaded = yaml.safe_load((PARAMETERS / "procedures" / f"{edition}.yaml").read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return deepcopy(loaded)


def edition_with(edition: str, step: str, **changes: object) -> Procedure:
    """The delivered edition, but one step says something else: what a province would write into its own file."""
    content = document(edition)
    found = next(s for s in content["steps"] if s["key"] == step)
    for key, value in changes.items():
        found[key] = {**found.get(key, {}), **value} if isinstance(value, Mapping) else value
    return procedure_from(content)


IDENTIFICATION, EXIT, RETURN, LOOK_BACK = (procedure_from(document(edition)) for edition in EDITIONS)
HOLIDAYS: Holidays = holidays_from(yaml.safe_load((PARAMETERS / "holidays" / "cn.yaml").read_text(encoding="utf-8")))

HOUSEHOLD = UUID("11111111-1111-4111-8111-111111111111")
CASE = UUID("22222222-2222-4222-8222-222222222222")
OTHER_CASE = UUID("33333333-3333-4333-8333-333333333333")
VILLAGE = "990101001001"
CADRE, TOWNSHIP, COUNTY, DECIDER, TIMER = "cadre", "township-reviewer", "county-reviewer", "decider", "timer"
MINUTES = paper("minutes")
TEXT = Personal("stated in the paper")
DAY_ONE = date(2015, 3, 2)
LATER = date(2015, 12, 31)


def _household(standing: PovertyStatus, since: date, fact_id: str) -> Subject:
    return Subject(id=HOUSEHOLD, household_id=HOUSEHOLD, area=VILLAGE, standing=standing, since=since, fact_id=fact_id)


CANDIDATE = _household(PovertyStatus.CANDIDATE, since=date(2014, 1, 10), fact_id="registry/household-1/1")
REGISTERED = _household(PovertyStatus.REGISTERED, since=date(2014, 6, 30), fact_id="registry/household-1/2")
EXITED = _household(PovertyStatus.EXITED, since=date(2014, 12, 20), fact_id="registry/household-1/3")


def day(number: int) -> date:
    """The n-th day of the story; day 1 is the day the case was opened."""
    return DAY_ONE + timedelta(days=number - 1)


def _fact(number: int, by: str) -> dict[str, Any]:
    return {
        "subject": HOUSEHOLD,
        "household_id": HOUSEHOLD,
        "case_id": CASE,
        "effective_on": day(number),
        "entered_by": by,
    }


def opened(number: int = 1, procedure: Procedure = EXIT, cause: PovertyCause | None = None) -> f.CaseOpened:
    return f.CaseOpened(
        **_fact(number, CADRE),
        standing=procedure.standing,
        procedure=procedure.procedure,
        edition=procedure.edition,
        division=VILLAGE,
        grounds=TEXT,
        cause=cause,
    )


def appraised(number: int, in_favour: int = 25) -> f.AppraisalHeld:
    return f.AppraisalHeld(
        **_fact(number, CADRE),
        evidence=MINUTES,
        step="appraisal",
        entitled=36,
        present=30,
        in_favour=in_favour,
        against=30 - in_favour,
        abstained=0,
    )


def visited(number: int, step: str = "check") -> f.VisitMade:
    return f.VisitMade(**_fact(number, CADRE), step=step, confirmed=True)


def agreed(number: int) -> f.ConsentGiven:
    return f.ConsentGiven(**_fact(number, CADRE), step="consent", agreed=True)


def posted(number: int, days: int = 7, step: str = "village_notice") -> f.NoticePosted:
    return f.NoticePosted(
        **_fact(number, CADRE), step=step, level=Level.VILLAGE, posted_on=day(number), last_day=day(number + days)
    )


def objected(number: int, no: int = 1) -> f.ObjectionRaised:
    return f.ObjectionRaised(**_fact(number, CADRE), step="village_notice", objection_no=no, objector=TEXT, text=TEXT)


def returned(number: int, back_to: str, undone: tuple[str, ...], step: str = "village_notice") -> f.CaseReturned:
    return f.CaseReturned(**_fact(number, CADRE), step=step, back_to=back_to, undone=undone, reason=TEXT)


def green_channel_taken(number: int, deferred: tuple[str, ...]) -> f.GreenChannelTaken:
    return f.GreenChannelTaken(**_fact(number, COUNTY), deferred=deferred, make_good_by=day(number + 30), reason=TEXT)


def closed(number: int, by: str = TIMER) -> f.NoticeClosed:
    return f.NoticeClosed(**_fact(number, by), step="village_notice", level=Level.VILLAGE)


def reviewed(number: int) -> f.ReviewGiven:
    return f.ReviewGiven(**_fact(number, TOWNSHIP), step="township_review", outcome=f.ReviewOutcome.PASSED)


def decided(number: int, approved: bool = True) -> f.CaseDecided:
    return f.CaseDecided(
        **_fact(number, DECIDER), decision=decision_document(number), step="decision", approved=approved
    )


def announced(number: int) -> f.CaseAnnounced:
    return f.CaseAnnounced(**_fact(number, COUNTY), step="announcement")


def ended(number: int, outcome: f.CaseOutcome, step: str, by: str) -> f.CaseEnded:
    return f.CaseEnded(**_fact(number, by), outcome=outcome, step=step)


def decision_document(number: int) -> Decision:
    return Decision(organ="county leading group", decided_on=day(number), document_no="2015-7", signer="head of office")


def exit_until_notice() -> tuple[Fact, ...]:
    """Opened on day 1, appraised on 2, checked on 3, agreed on 4; the notice of day 5 hangs until the end of day 12."""
    return opened(), appraised(2), visited(3), agreed(4), posted(5)


def exit_until_review() -> tuple[Fact, ...]:
    """The notice closed on day 13, the township passed it on day 14."""
    return *exit_until_notice(), closed(13), reviewed(14)


def command(kind: type[c.Command], number: int, by: str = CADRE, **more: Any) -> Any:
    """A command of the n-th day, entered much later unless ``today`` is given."""
    return kind(**{"case_id": CASE, "on": day(number), "today": LATER, "by": by, **more})


def open_case(number: int = 1, **more: Any) -> c.OpenCase:
    opening = {"subject": HOUSEHOLD, "grounds": TEXT}
    made = command(c.OpenCase, number, **{**opening, **more})
    assert isinstance(made, c.OpenCase)
    return made


def appraise(number: int, in_favour: int = 25, present: int = 30, entitled: int = 36, **more: Any) -> c.HoldAppraisal:
    votes = {"in_favour": in_favour, "against": present - in_favour, "present": present, "entitled": entitled}
    made = command(c.HoldAppraisal, number, **{**votes, "evidence": MINUTES, **more})
    assert isinstance(made, c.HoldAppraisal)
    return made


def decide_on(number: int, approved: bool = True, by: str = DECIDER, **more: Any) -> c.DecideCase:
    words = {"organ": "county leading group", "document_no": "2015-7", "signer": "head of office"}
    made = command(c.DecideCase, number, by, approved=approved, **{**words, **more})
    assert isinstance(made, c.DecideCase)
    return made


def pass_review(number: int, by: str = TOWNSHIP) -> c.GiveReview:
    made = command(c.GiveReview, number, by, outcome=f.ReviewOutcome.PASSED)
    assert isinstance(made, c.GiveReview)
    return made


def with_status(status: PovertyStatus) -> Subject:
    return replace(REGISTERED, standing=status)


given = specification(decide, fold)
