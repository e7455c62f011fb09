"""Documents that facts cite: the simulation has no files, so all are held on paper."""

from datetime import date
from functools import cache

from contracts.facts import Decision, Evidence
from lika.simulation.divisions import Division

DEPARTMENTS = ("公安局", "民政局", "不动产登记中心", "市场监管局")


@cache
def on_paper(kind: str) -> Evidence:
    """Evidence of that kind, in the archive. One object for all facts that cite such."""
    return Evidence(kind=kind)


def decision(village: Division, day: date, series: str) -> Decision:
    """The county decides by one numbered document a month. ``series``: part of its number."""
    return Decision(
        organ=f"{village.county}县扶贫开发领导小组",
        decided_on=day,
        document_no=f"样{series}〔{day.year}〕{day.month}号",
        signer="组长",
    )
