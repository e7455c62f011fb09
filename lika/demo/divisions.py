"""The divisions of the sample township.

Codes begin with 990001. GB/T 2260 has no province 99, so no citizen's number and no division begins so; and as the
number of a foreigner's permanent-residence card (9, two digits of province, three of country) it would name a
province 90 and a country 001, which do not exist either. The sample can belong to nobody.

Six village names are those of the township's work list (source facts, table 4.1), which are known in pinyin only: the
characters are ours. The other four, the county, the township, and which five villages are poor, are synthetic.
"""

from dataclasses import dataclass

from contracts.registry.divisions import Level

COUNTY = "990001"
TOWNSHIP = "990001101"

TOWNSHIP_NAME = "样例乡"
COUNTY_NAME = "样例县"


@dataclass(frozen=True, slots=True)
class Division:
    """``poor``: stands on the list of poor villages (M001)."""

    code: str
    level: Level
    name: str
    name_en: str
    poor: bool = False


def _villages() -> tuple[Division, ...]:
    names = (
        ("青山村", "Qingshan", True),
        ("青龙咀村", "Qinglongzui", True),
        ("同佛寺村", "Tongfosi", True),
        ("油坪村", "Youping", True),
        ("三教寺村", "Sanjiaosi", True),
        ("桂花村", "Guihua", False),
        ("向阳村", "Xiangyang", False),
        ("石桥村", "Shiqiao", False),
        ("新民村", "Xinmin", False),
        ("双河村", "Shuanghe", False),
    )
    # Digits 10 to 12 of a village committee lie between 200 and 399.
    return tuple(
        Division(f"{TOWNSHIP}{number}", Level.VILLAGE, zh, en, poor)
        for number, (zh, en, poor) in enumerate(names, start=201)
    )


VILLAGES = _villages()

DIVISIONS = (
    Division(COUNTY, Level.COUNTY, COUNTY_NAME, "Sample County"),
    Division(TOWNSHIP, Level.TOWNSHIP, TOWNSHIP_NAME, "Sample Township"),
    *VILLAGES,
)


def village(name_en: str) -> Division:
    """Raises ``LookupError`` for a name that is not in the sample."""
    for division in VILLAGES:
        if division.name_en == name_en:
            return division
    raise LookupError(name_en)
