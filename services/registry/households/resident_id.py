"""The citizen's number (GB 11643): 6 digits area, 8 birth date, 3 sequence (odd: male), 1 check (MOD 11-2).

A disabled person's card carries the same 18 digits, then one digit for the kind of disability, one for its level and,
when it was issued again, a letter with a figure or two more digits: 20 or 22 in all.
"""

import re
from dataclasses import dataclass
from datetime import date

from contracts.registry.members import Sex
from services.chassis.ground.refusals import Refused, Rule, rule

SOURCE = "GB 11643-1999"
CHECK_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
OLDEST_BIRTH_YEAR = 1880
"""Nobody alive was born before; an earlier year is a typing error."""

PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83".split()
)
"""First two digits that GB/T 2260 ever assigned, Hong Kong, Macao and Taiwan residents included."""

ID_NUMERIC = rule(
    "id_stored_as_number",
    zh="证件号码被存为数值，末几位已丢失：请将该列设为文本格式后重新录入，系统不作推补。",
    en="The ID is stored as a number and its last digits are lost: reformat the column as text and retype it.",
    source="Spreadsheets keep 15 significant digits",
)
ID_LENGTH = rule(
    "id_wrong_length",
    zh="证件号码应为 18 位，残疾人证为 20 或 22 位。",
    en="An ID number has 18 characters, a disabled person's card 20 or 22.",
    source=SOURCE,
)
ID_CHARACTERS = rule(
    "id_wrong_characters",
    zh="证件号码含有不应出现的字符：前 17 位为数字，末位为数字或 X。",
    en="The ID number has characters that do not belong: 17 digits, then a digit or X.",
    source=SOURCE,
)
ID_CHECKSUM = rule(
    "id_wrong_checksum",
    zh="证件号码的校验码不符，请核对原件。",
    en="The check digit of the ID number is wrong: compare it with the card.",
    source=SOURCE,
)
ID_BIRTH = rule(
    "id_impossible_birth_date",
    zh="证件号码中的出生日期不存在。",
    en="The birth date inside the ID number does not exist.",
    source=SOURCE,
)
ID_CONTRADICTS = rule(
    "id_contradicts_person",
    zh="性别或出生年份与证件号码不符。",
    en="Sex or year of birth contradicts the ID number.",
    source=SOURCE,
)
ID_AREA = rule(
    "id_unknown_area",
    zh="提示：证件号码前两位不是已知的省级代码，请核对原件；不影响导入。",
    en="Note: the ID number begins with no known province code; compare it with the card. It is accepted.",
    source="GB/T 2260; old prefixes stay valid for life, so this never refuses",
)

_SHAPE = re.compile(r"([0-9]{17}[0-9X])(?:([1-7])([1-4])(?:[A-Z][0-9]|[0-9]{2})?)?", re.ASCII)
_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?E\+1[0-9]", re.ASCII)


@dataclass(frozen=True, slots=True)
class ResidentId:
    """A number that passed every check. ``disability_*`` and ``card``, all of its characters, only when it came from a disabled
    person's card."""

    number: str
    disability_kind: int | None = None
    disability_level: int | None = None
    card: str | None = None

    def __repr__(self) -> str:
        return "ResidentId(***)"


def parse_resident_id(text: str) -> ResidentId:
    """The number in this text (18, 20 or 22 characters, x or X). Raises ``Refused``; nothing is ever repaired."""
    number_text = text.strip().upper()
    if _SCIENTIFIC.fullmatch(number_text):
        raise Refused(ID_NUMERIC)
    if len(number_text) not in (18, 20, 22):
        raise Refused(ID_LENGTH, length=len(number_text))
    shape = _SHAPE.fullmatch(number_text)
    if shape is None:
        raise Refused(ID_CHARACTERS)
    number, kind, level = shape.groups()
    birth_date_of(number)
    if check_character(number[:17]) != number[17]:
        raise Refused(ID_CHECKSUM)
    if kind is None:
        return ResidentId(number)
    return ResidentId(number, int(kind), int(level), number_text)


def check_character(seventeen: str) -> str:
    """The 18th character for the first seventeen digits."""
    return CHECK_CHARACTERS[
        sum(int(digit) * weight for digit, weight in zip(seventeen, CHECK_WEIGHTS, strict=True)) % 11
    ]


def birth_date_of(number: str) -> date:
    """Digits 7 to 14. Raises ``Refused`` when there is no such day."""
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise Refused(ID_BIRTH) from None
    if born.year < OLDEST_BIRTH_YEAR:
        raise Refused(ID_BIRTH)
    return born


def birth_year_of(number: str) -> int:
    return int(number[6:10])


def sex_of(number: str) -> Sex:
    """Digit 17: odd is male."""
    return Sex.MALE if int(number[16]) % 2 else Sex.FEMALE


def require_consistent(number: str, sex: Sex, birth_year: int) -> None:
    """Sex and birth year agree with the number. Raises ``Refused``."""
    if (sex_of(number), birth_year_of(number)) != (sex, birth_year):
        raise Refused(ID_CONTRADICTS)


def area_warning(number: str) -> Rule | None:
    """``ID_AREA`` when no province ever had these first two digits; a warning, never a refusal."""
    return None if number[:2] in PROVINCES else ID_AREA
