"""What officials fill into the form of each published act, besides what is settled."""

from datetime import date
from typing import Any

from tests.support.evidence import on_paper

ORDER = {"organ": "县扶贫开发领导小组", "document_no": "扶组〔2018〕3号", "signer": "组长"}
VOTE = {"entitled": 30, "present": 25, "in_favour": 24, "against": 1, "abstained": 0, "evidence": on_paper("minutes")}
STEPS: dict[str, dict[str, Any]] = {
    "open_case": {"grounds": "情况属实"},
    "make_visit": {"confirmed": True},
    "hold_appraisal": VOTE,
    "give_consent": {"agreed": True},
    "post_notice": {},
    "raise_objection": {"text": "与事实不符"},
    "resolve_objection": {"upheld": False, "finding": "不属实"},
    "give_review": {"outcome": "passed"},
    "make_comparison": {"clean": True, "departments": ["民政局"]},
    "decide_case": {"approved": True, **ORDER},
    "announce_case": {},
    "take_down_notice": {"evidence": on_paper("notice_photo")},
    "return_case": {"reason": "材料不全"},
    "withdraw_case": {},
    "close_case": {"reason": "无法继续办理", "evidence": on_paper("minutes")},
}
"""Act on a case → its form but for the day (``on``)."""
NEGATIVE: dict[str, dict[str, Any]] = {
    "make_visit": {"confirmed": False},
    "hold_appraisal": {**VOTE, "in_favour": 0, "against": 25},
    "give_consent": {"agreed": False},
    "resolve_objection": {"upheld": True, "finding": "属实"},
    "give_review": {"outcome": "rejected"},
    "make_comparison": {"clean": False, "departments": ["民政局"]},
    "decide_case": {"approved": False, **ORDER},
}
"""Act on a case → what its form says where the answer is no."""
PATHS = {
    "visits": "make_visit", "appraisals": "hold_appraisal", "consents": "give_consent", "notices": "post_notice",
    "takings-down": "take_down_notice", "objections": "raise_objection", "reviews": "give_review", "comparisons": "make_comparison",
    "decisions": "decide_case", "announcements": "announce_case", "returns": "return_case",
    "withdrawals": "withdraw_case",
}  # fmt: skip
CAUSE_OF = {"return": "illness"}
"""Procedure → the cause that its opening names."""


def form_of(act: str, settled: dict[str, Any], day: date, refused: dict[str, Any]) -> dict[str, Any] | None:
    """The body of a request for this act on that day. ``refused``: the form that was refused, which an act about the same
    (a report of it) repeats; ``None``: the act takes no body."""
    if act in STEPS:
        cause = CAUSE_OF.get(settled.get("procedure", ""))
        return {"on": day.isoformat(), **STEPS[act], **({"cause": cause} if cause else {}), **settled}
    if act == "correct_facts":
        return {"effective_on": day.isoformat(), "reason": "录入有误", **settled}
    if act == "accept_move":
        return settled
    if act in ("decline_move", "withdraw_move"):
        return {"reason": "未迁入", **settled}
    if act in ("record_reported", "withdraw_report"):
        return None
    if act == "decline_report":
        return {"reason": "不属实", "evidence": on_paper("certificate"), **settled}
    if (
        act == "report_birth" and "person_id" not in refused
    ):  # the number of somebody new is entered once they are a member
        refused = {**refused, "member": {k: v for k, v in refused["member"].items() if k != "id_number"}}
    return {**refused, **settled}
