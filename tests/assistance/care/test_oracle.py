"""Whatever a duty set asks for, and whatever was recorded: over HTTP it stands as counting days by hand says, on any day."""

import json
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from random import Random
from typing import Any

from contracts.roles import Role
from services.chassis.law.content import canonical_text
from services.chassis.law.yaml_text import YamlText
from tests.assistance.care.telling import BEGIN, CareCounty
from tests.assistance.harness import COUNTY
from tests.properties.duty_stories import windows

SEED, PAIRS, DAYS_ASKED = 20160229, 8, 2
START = date.fromisoformat(BEGIN)
ONE_DAY = timedelta(days=1)
CADENCES: tuple[Mapping[str, Any], ...] = (
    *({"kind": "every", "period": period} for period in ("week", "month", "term", "half_year", "year")),
    {"kind": "once", "within_days": 20},
    {"kind": "dates", "days": ["02-28", "06-01"], "days_before": 5, "days_after": 3},  # a leap day is between them
    {"kind": "weekdays", "days": ["wednesday"]},
)
HEAD = {
    "of_programme": "oracle", "edition": "990001-2016", "zh": "核对", "en": "oracle", "jurisdiction": COUNTY, "source": "a test",
    "in_force": {"from": "2014-01-01", "to": None},
}  # fmt: skip
MADE_BY = {"made_by": {"roles": ["cadre"]}}


def _duties(random: Random) -> list[dict[str, Any]]:
    return [
        {
            "key": f"d{n}", "zh": "事项", "en": "duty", "obligation": "pair", "of": "oracle_pair",
            "office": {"level": "village", "role": "cadre"}, "cadence": cadence,
            "fulfilled_by": {"fact": "oracle_act", "done_by": random.choice(["obliged", "anyone"])},
            "at_least": random.choice([1, 1, 2]), "least_days": random.choice([1, 1, 12]),
            "grace_days": random.choice([0, 4]),
        }
        for n, cadence in enumerate(CADENCES)
    ]  # fmt: skip


def _adopt(county: CareCounty, content: Mapping[str, Any]) -> None:
    proposer, confirmer = (county.harness.running.client_for(f"op-{n}", COUNTY, Role.OPERATOR) for n in (1, 2))
    written = json.dumps(content, ensure_ascii=False).replace('"2014-01-01"', "2014-01-01")  # a day of YAML, no text
    text = canonical_text(YamlText(written, "new").content)
    made = county.post("/documents", {"content": text}, proposer)
    assert confirmer.post(f"/assistance{made}/confirmations").status_code == 201


def _expected(
    duty: Mapping[str, Any], until: date | None, acts: list[tuple[date, bool]], day: date
) -> Iterator[tuple[str, str, str, str]]:
    """``acts``: when something was done, and whether by the helper. By counting the days that the pair covers."""
    lasts = until is None or until > day
    once = duty["cadence"]["kind"] == "once"
    for first, last in windows(duty["cadence"], START, START):
        if once:
            is_owed = until is None or until > last
        else:
            days = (first + n * ONE_DAY for n in range((last - first).days + 1))
            covered = sum(d >= START and (until is None or d < until) for d in days)
            is_owed = covered >= duty["least_days"]
        if not is_owed or first > day:
            continue
        counting = [
            on for on, by_helper in acts
            if first <= on <= last and (by_helper or duty["fulfilled_by"]["done_by"] == "anyone")
        ]  # fmt: skip
        if len(counting) >= duty["at_least"]:
            state = "met"
        elif day <= last + timedelta(duty["grace_days"]):
            state = "due"
        else:
            state = "overdue" if lasts else "missed"
        yield duty["key"], first.isoformat(), last.isoformat(), state


def test_what_is_owed_is_what_counting_days_says(county: CareCounty) -> None:
    random = Random(SEED)
    duties = _duties(random)
    _adopt(county, {"pair_kind": "oracle_pair", **HEAD, "helped": ["person"], **MADE_BY})
    _adopt(county, {
        "record_kind": "oracle_act", **HEAD, "volume": "record", "subjects": ["person"], **MADE_BY, "fields": []
    })  # fmt: skip
    _adopt(county, {"duty_set": "oracle_set", **HEAD, "duties": duties})
    seen = set[str]()
    for n in range(PAIRS):
        child, helper = county.pupil(), f"oracle-{n}"
        until = random.choice([None, START + timedelta(random.randint(1, 200))])
        body = {"kind": "oracle_pair", "subject": child, "helper": helper, "unit": "中心校", "effective_on": BEGIN}
        county.post("/pairs", {**body, **({} if until is None else {"ends_on": until.isoformat()})})
        acts = [
            (START - timedelta(random.choice([0, 0, 1, 14, 40])), random.random() < 0.7) for _ in range(random.randint(0, 4))
        ]  # fmt: skip
        for on, by_helper in acts:
            county.tell("oracle_act", child, on.isoformat(), by=helper if by_helper else "somebody-else")
        for day in [START, *(START + timedelta(random.randint(1, 400)) for _ in range(DAYS_ASKED - 1))]:
            wanted = sorted(each for duty in duties for each in _expected(duty, until, acts, day))
            found = sorted(county.owed("oracle_set", child, as_of=day.isoformat()))
            assert found == wanted, (n, day, until, acts)
            seen |= {state for *_, state in wanted}
    assert seen == {"met", "due", "overdue", "missed"}
