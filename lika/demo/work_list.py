"""The township's work list of 2016: nine items with quantity, unit, deadline and owner (source facts, table 4.1)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from contracts.quantities import Unit
from lika.demo.divisions import TOWNSHIP, village


@dataclass(frozen=True, slots=True)
class QuantityLine:
    """One quantity to reach. ``places`` are division codes; the township's own where the source names no village."""

    amount: Decimal
    unit: Unit
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WorkItem:
    """``owners`` are the labels of the table: the source names the officials, the sample does not."""

    code: str
    zh: str
    en: str
    lines: tuple[QuantityLine, ...]
    deadline: date
    owners: tuple[str, ...]


def work_list() -> tuple[WorkItem, ...]:
    """W1 to W9. Two quantities, at two places or in two units, are two lines and are never added."""
    return (
        WorkItem(
            "W1",
            "村道公路改建",
            "Village road rebuild",
            (_line("3", Unit.KILOMETRE, "Qinglongzui"), _line("13", Unit.KILOMETRE, "Qingshan")),
            date(2016, 3, 31),
            ("R1", "R2", "R3"),
        ),
        WorkItem(
            "W2",
            "革命老区整村推进",
            "Old-revolutionary-area whole-village project",
            (_line("1.5", Unit.KILOMETRE, "Tongfosi"), _line("3.2", Unit.KILOMETRE, "Youping")),
            date(2016, 10, 31),
            ("R1", "R4", "R2"),
        ),
        WorkItem(
            "W3",
            "卫生院职工周转房",
            "Health-centre staff housing",
            # The source says "1" without a unit.
            (_line("1", Unit.BUILDING),),
            date(2016, 11, 20),
            ("R2",),
        ),
        WorkItem(
            "W4",
            "农网改造",
            "Power-grid rebuild",
            (_line("4", Unit.VILLAGE, "Guihua", "Sanjiaosi", "Qinglongzui", "Qingshan"),),
            date(2016, 12, 31),
            ("R2", "R3"),
        ),
        WorkItem(
            "W5",
            "活动室、社区活动中心",
            "Activity room (Qingshan) and community centre (Guanmiaoba)",
            # Guanmiaoba is a community outside the ten villages: the township's code stands for it.
            (QuantityLine(Decimal(2), Unit.BUILDING, (village("Qingshan").code, TOWNSHIP)),),
            date(2016, 5, 31),
            ("R5", "R1"),
        ),
        WorkItem(
            "W6",
            "饮水管网入户",
            "Household water pipes",
            (_line("6", Unit.VILLAGE_GROUP, "Qingshan"),),
            date(2016, 5, 31),
            ("R3",),
        ),
        WorkItem(
            "W7",
            "宽带入户",
            "Broadband",
            (_line("2", Unit.VILLAGE, "Tongfosi", "Youping"),),
            date(2016, 8, 31),
            ("R2",),
        ),
        WorkItem(
            "W8",
            "脱贫",
            "Poverty exit",
            (_line("105", Unit.HOUSEHOLD), _line("421", Unit.PERSON)),
            date(2016, 12, 31),
            # The source gives one character of R6's name.
            ("R6", "R5"),
        ),
        WorkItem(
            "W9",
            "烟叶",
            "Tobacco",
            (_line("1500", Unit.MU), _line("450000", Unit.JIN)),
            date(2016, 12, 10),
            ("R5", "R3"),
        ),
    )


def _line(amount: str, unit: Unit, *villages: str) -> QuantityLine:
    places = tuple(village(name).code for name in villages) or (TOWNSHIP,)
    return QuantityLine(Decimal(amount), unit, places)
