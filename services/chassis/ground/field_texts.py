"""How the text of each kind of field is read, over HTTP and in a workbook's cell alike. Pure; each raises ``Unreadable``."""

import re
import unicodedata
from functools import cache

from services.chassis.ground.invisible_characters import LINE_BREAK
from services.chassis.ground.messages import CHASSIS
from services.chassis.ground.readings import Reader, Reading, Unreadable
from services.chassis.ground.refusals import Rule, rule
from services.chassis.ground.text_normalization import HAN, Draft, compact, is_plain, is_plain_code, one_line, visible

FORM = "OpenAPI of this service"

NAME_UNREADABLE = rule(
    "name_unreadable",
    zh="不是姓名：姓名由文字组成，中间不得换行，可有间隔号（·）。请按证件重新填写。",
    en="Not a name: letters, with middle dots (·) where it has them, and no line break within. Enter it as the paper has it.",
    source="GB/T 40662-2021 (names of persons); " + FORM,
    status=422,
)
PHONE_UNREADABLE = rule(
    "phone_unreadable",
    zh="电话号码应为 5 至 20 位数字，可含 + 与 -；每格只填一个号码。",
    en="A phone number has 5 to 20 digits, + and -; one number a field.",
    source=FORM,
    status=422,
)
ACCOUNT_UNREADABLE = rule(
    "account_unreadable",
    zh="银行账号应为 8 至 32 位数字，请核对存折或银行卡。",
    en="A bank account has 8 to 32 digits: compare it with the passbook or card.",
    source=FORM,
    status=422,
)
NUMBER_UNREADABLE = rule(
    "number_unreadable",
    zh="不是数字；请只填数字，单位可省。",
    en="Not a number: enter figures, the unit may be left out.",
    source=FORM,
    status=422,
)

_HAN_NAME = re.compile("[\u4e00-\u9fff]{2,}(?:·[\u4e00-\u9fff]+)*")
_MIDDLE_DOTS = re.compile(
    " ?[\u00b7\u0387\u1427\u16eb\u2022\u2024\u2027\u2219\u22c5\u25cf\u2e31\u2e33\u30fb\ua78f\uff0e\uff65.]+ ?"
)
"""The marks that keyboards and fonts give for the middle dot of a name of several parts."""
_PARTS_OF_NAME = re.compile("[·’' -]")
_LETTERS = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Nl", "Co"})
_FURTHER = frozenset({"Mn", "Mc", "Nd"})
_BETWEEN_HAN = re.compile(f"(?<=[{HAN}]) (?=[{HAN}])")
_PHONE = re.compile(r"\+?[0-9][0-9-]{4,19}", re.ASCII)
_DASHES = re.compile("[‐‑‒–—―−－ー]+")
_ACCOUNT = re.compile("[0-9]{8,32}", re.ASCII)
_LOOKALIKES_OF_X = re.compile("[×хХχΧ✕]$")
_GROUPED = re.compile(r"(-?[0-9]{1,3}(?:[,，'’][0-9]{3})+)(\.[0-9]+)?", re.ASCII)
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?", re.ASCII)

UNITS = (
    ("mu", "亩", "市亩"),
    ("m2", "㎡", "平方米", "平米", "m²"),
    ("km", "公里", "千米"),
    ("yuan", "元", "块", "块钱", "rmb", "¥", "￥"),
)
"""Spellings of one unit each."""


def read_line(sent: str) -> Reading[str | None]:
    """One line of free text."""
    if is_plain(sent):
        return Reading(sent)
    return _text(one_line(sent))


def read_name(sent: str) -> Reading[str | None]:
    """A person's name: no blanks between Chinese characters, one kind of middle dot."""
    if _HAN_NAME.fullmatch(sent) and is_plain(sent):
        return Reading(sent)
    draft = visible(sent)
    if LINE_BREAK.search(draft.text):
        raise Unreadable.naming(NAME_UNREADABLE, sent)
    if draft.says_nothing:
        return _text(draft)
    draft = one_line(sent)
    draft.become(_MIDDLE_DOTS.sub("·", draft.text), lambda: CHASSIS.say("change.middle_dots"))
    draft.become(_BETWEEN_HAN.sub("", draft.text), lambda: CHASSIS.say("change.blanks"))
    if not all(map(_is_part_of_name, _PARTS_OF_NAME.split(draft.text))):
        raise Unreadable.naming(NAME_UNREADABLE, sent)
    return _text(draft)


def _is_part_of_name(part: str) -> bool:
    """Letters of any script, and figures behind them that tell namesakes apart. ``Co``: rare characters of old fonts."""
    kinds = [unicodedata.category(character) for character in part]
    return kinds[:1] != [] and kinds[0] in _LETTERS and all(kind in _LETTERS or kind in _FURTHER for kind in kinds)


def read_code(sent: str) -> Reading[str | None]:
    """A code, an identifier or a word of a code list; 无 may be one."""
    return _kept(compact(sent))


def read_code_words(sent: str) -> Reading[str | None]:
    """Words of a code list, with marks, blanks or line breaks between them; 无 may be one."""
    if is_plain_code(sent):
        return Reading(sent)
    draft = visible(sent)
    draft.become(unicodedata.normalize("NFKC", draft.text), lambda: CHASSIS.say("change.width"))
    return _kept(draft)


def read_number_of(what: str) -> Reader:
    """Of an identifier ("12号") without the word that people write behind it."""

    def read(sent: str) -> Reading[str | None]:
        draft = compact(sent)
        draft.become(
            re.sub(f"(?<=[0-9A-Za-z])(?:{what}|号码|号)$", "", draft.text), lambda: CHASSIS.say("change.suffix")
        )
        return _text(draft)

    return read


read_identifier = read_number_of("编号")


def read_id_number(sent: str) -> Reading[str | None]:
    """Upper case, without blanks; whether it is one, its check digit says."""
    draft = compact(sent)
    draft.become(re.sub("(?<=[0-9Xx×хХ])号$", "", draft.text), lambda: CHASSIS.say("change.suffix"))
    draft.become(_LOOKALIKES_OF_X.sub("X", draft.text), lambda: CHASSIS.say("change.lookalike"))
    draft.text = draft.text.upper()
    return _text(draft)


def read_phone(sent: str) -> Reading[str | None]:
    if _PHONE.fullmatch(sent):
        return Reading(sent)
    draft = compact(sent)
    if draft.says_nothing:
        return _text(draft)
    draft.become(_DASHES.sub("-", draft.text), lambda: CHASSIS.say("change.width"))
    draft.become(re.sub(r"^\(([0-9+]+)\)-?", r"\1-", draft.text), lambda: CHASSIS.say("change.brackets"))
    draft.become(re.sub("(?<=[0-9])号$", "", draft.text), lambda: CHASSIS.say("change.suffix"))
    return _shaped(draft, _PHONE, PHONE_UNREADABLE, sent)


def read_account(sent: str) -> Reading[str | None]:
    if _ACCOUNT.fullmatch(sent):
        return Reading(sent)
    draft = compact(sent)
    if draft.says_nothing:
        return _text(draft)
    draft.become(re.sub("(?<=[0-9])[-‐‑–—](?=[0-9]{4})", "", draft.text), lambda: CHASSIS.say("change.separators"))
    draft.become(re.sub("(?<=[0-9])号$", "", draft.text), lambda: CHASSIS.say("change.suffix"))
    return _shaped(draft, _ACCOUNT, ACCOUNT_UNREADABLE, sent)


def spellings_of(unit: str) -> tuple[str, ...]:
    return next((unit_names for unit_names in UNITS if unit in unit_names), (unit,))


@cache
def number_reader(unit: str | None = None) -> Reader:
    """Reads a decimal number in plain digits, without its ``unit`` in any spelling and the separators of its thousands; 无 is
    zero. Another unit is refused: nothing is converted."""
    spellings = spellings_of(unit) if unit else ()
    around = "|".join(re.escape(each) for each in sorted(spellings, key=len, reverse=True))
    beside = re.compile(f"^(?:{around})|(?:{around})$", re.IGNORECASE) if spellings else None

    def read(sent: str) -> Reading[str | None]:
        if _NUMBER.fullmatch(sent):
            return Reading(sent)
        draft = compact(sent)
        if draft.text in ("无", "無", "没有", "无。"):
            draft.become("0", lambda: CHASSIS.say("change.none_is_zero"))
        if draft.says_nothing:
            return _text(draft)
        if beside is not None:
            draft.become(beside.sub("", draft.text), lambda: CHASSIS.say("change.unit"))
        if grouped := _GROUPED.fullmatch(draft.text):
            digits = re.sub("[^0-9-]", "", grouped[1]) + (grouped[2] or "")
            draft.become(digits, lambda: CHASSIS.say("change.separators"))
        return _shaped(draft, _NUMBER, NUMBER_UNREADABLE, sent)

    return read


def _shaped(draft: Draft, shape: re.Pattern[str], why: Rule, sent: str) -> Reading[str | None]:
    if not shape.fullmatch(draft.text):
        raise Unreadable.naming(why, sent)
    return _text(draft)


def _text(draft: Draft) -> Reading[str | None]:
    """``None`` for a placeholder."""
    if draft.says_nothing:
        draft.changes["change.nothing"] = CHASSIS.say("change.nothing")
        return Reading(None, draft.noted)
    return _kept(draft)


def _kept(draft: Draft) -> Reading[str | None]:
    return Reading(draft.text, draft.noted)
