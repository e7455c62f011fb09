"""Procedure documents as Hypothesis draws them: any that the strict reader takes."""

from datetime import date
from typing import Any

from hypothesis import strategies as st

from services.casework.procedures.document import Procedure, procedure_from

OFFICES = st.sampled_from(
    [
        {"level": level, "role": role}
        for level in ("village", "township", "county")
        for role in ("cadre", "reviewer", "decider")
    ]
)
SHARES = st.sampled_from(["0", "1/3", "1/2", "2/3"])
BEFORE_DECISION = (
    "visit",
    "appraisal",
    "consent",
    "notice",
    "review",
    "opinion",
    "signature",
    "inspection",
    "comparison",
)


@st.composite
def _step(draw: st.DrawFn, kind: str, number: int) -> dict[str, Any]:
    step: dict[str, Any] = {"key": f"{kind}_{number}", "kind": kind, "zh": kind, "en": kind, "office": draw(OFFICES)}
    if kind == "appraisal":
        step |= {"quorum": draw(SHARES), "majority": draw(SHARES), "evidence": draw(st.sampled_from([[], ["minutes"]]))}
    elif kind == "comparison":
        step["must_be_clean"] = draw(st.booleans())
    elif kind == "notice":
        step |= {
            "days": draw(st.integers(1, 10)),
            "calendar": draw(st.sampled_from(["days", "working_days"])),
            "first_day_counts": draw(st.booleans()),
            "on_return": draw(st.sampled_from(["restart", "continue"])),
            "objections": {
                "heard_by": draw(OFFICES),
                "until": draw(st.sampled_from(["last_day", "decision"])),
                "while_open": draw(st.sampled_from(["suspend", "run"])),
                "when_upheld": draw(st.sampled_from(["end", "repost"])),
            },
        }
    return step


def procedures() -> st.SearchStrategy[Procedure]:
    """As read from ``documents``."""
    return documents("drawn", "drawn", "open", "Drawn").map(procedure_from)


@st.composite
def documents(draw: st.DrawFn, key: str, standing: str, status: str, effect: str) -> dict[str, Any]:
    """Up to seven steps before the decision, in any order, and up to two announcements after it."""
    kinds = draw(st.lists(st.sampled_from(BEFORE_DECISION), max_size=7))
    announced = draw(st.integers(0, 2))
    steps = [
        draw(_step(kind, number)) for number, kind in enumerate([*kinds, "decision", *["announcement"] * announced])
    ]
    keys = [step["key"] for step in steps]
    document: dict[str, Any] = {
        "procedure": key, "edition": "1", "zh": "抽取的程序", "en": "a drawn procedure", "jurisdiction": "CN",
        "source": "drawn", "in_force": {"from": date(2014, 1, 1), "to": None}, "standing": standing, "statuses": [status],
        "opening": {"zh": "启动", "en": "opening", "office": draw(OFFICES)}, "steps": steps,
        "effect": {
            "fact": effect, "at": draw(st.sampled_from(keys[len(kinds) :])),
            "effective": draw(st.sampled_from(["decision", "entry"])),
        },
    }  # fmt: skip
    green_channel: bool = draw(st.booleans())
    if kinds and green_channel:
        deferred: list[str] = draw(st.lists(st.sampled_from(keys[: len(kinds)]), unique=True, min_size=1))
        document["green_channel"] = {
            "office": draw(OFFICES), "deferred": deferred, "days": draw(st.integers(1, 20)), "calendar": "days",
        }  # fmt: skip
    return document
