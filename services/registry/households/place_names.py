"""The village group and the natural village in which a household lives, as people write them. Pure.

A group is written by its number where it has one: “第三村民小组”, “三组” and “3 组” are one, “3组”.
"""

import re
import unicodedata
from typing import Annotated

from pydantic import Field

from services.chassis.ground.field_texts import read_line
from services.chassis.ground.readings import Reading, Unreadable
from services.chassis.ground.refusals import rule
from services.chassis.web.field_readers import Reads
from services.registry.messages import say

PLACE_NAME_UNREADABLE = rule(
    "place_name_unreadable",
    zh="不是村民小组或自然村的名称：请只填名称或序号（如“3组”“杨家湾”），不超过 20 字。",
    en="Not the name of a village group or a natural village: enter its name or number alone (“3组”, “杨家湾”), up to 20 characters.",
    source="Lika collection form",
    status=422,
)
LONGEST = 20
_NAME = re.compile(r"[\u4e00-\u9fff\u3400-\u4dbf〇·A-Za-z0-9()-]{1,20}")
_GROUP = re.compile(r"(?:村民)?第?(?P<number>[0-9]{1,3}|[一二三四五六七八九十]{1,3})(?:村民)?(?P<kind>小组|组|社|队)")
_DIGITS = {numeral: digit for digit, numeral in enumerate("一二三四五六七八九", start=1)}


def read_natural_village(sent: str) -> Reading[str | None]:
    """Raises ``Unreadable``."""
    read = read_line(sent)
    if read.value is None:
        return read
    name = unicodedata.normalize("NFKC", read.value).replace(" ", "")
    if not _NAME.fullmatch(name):
        raise Unreadable.naming(PLACE_NAME_UNREADABLE, sent)
    return Reading(name, read.changes)


def read_village_group(sent: str) -> Reading[str | None]:
    """Raises ``Unreadable``."""
    read = read_natural_village(sent)
    if read.value is None or (found := _GROUP.fullmatch(read.value)) is None:
        return read
    number, kind = _number(found["number"]), found["kind"].removeprefix("小")
    if number is None:
        return read
    name = f"{number}{kind}"
    return Reading(name, read.changes if name == read.value else (*read.changes, say("village_group_read", name=name)))


def _number(written: str) -> int | None:
    """Of one to ninety-nine in Chinese numerals, or in digits."""
    if written.isdecimal():
        return int(written)
    tens, ten, ones = written.partition("十")
    if not ten:
        return _DIGITS.get(tens) if len(tens) == 1 else None
    if any(part and part not in _DIGITS for part in (tens, ones)):
        return None
    return 10 * (_DIGITS[tens] if tens else 1) + (_DIGITS[ones] if ones else 0)


VillageGroup = Annotated[str, Reads(read_village_group), Field(max_length=LONGEST, examples=["3组"])]
NaturalVillage = Annotated[str, Reads(read_natural_village), Field(max_length=LONGEST, examples=["杨家湾"])]
