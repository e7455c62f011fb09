"""The document of one code list, and reading a word by it. Pure.

The codes themselves are those that facts carry, and go by the labels of their enumeration; a document gives the other words
that stand for them in forms and in the national code tables, and a label only where there is none, or another is wanted.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from enum import Enum
from functools import lru_cache
from typing import Any

import msgspec

from services.chassis.ground.labels import LABELS, Label, written
from services.chassis.law.content import DocumentError

KIND = "code_list"
"""Of the documents that code lists are."""
LIKE_ENOUGH = 0.4
"""How much of a word agrees with the nearest known one, by ``difflib``."""
MOST_NAMED = 12

_MARKS = re.compile(r"[\s()\[\]{}<>《》〈〉【】「」“”\"'`·•.。,，、;；:：/\\|-]+")
_BETWEEN_WORDS = re.compile(r"[\s、,，;；/+&|和及与]+")


def folded(word: str) -> str:
    """A word as it is compared: plain widths, lower case, without blanks and marks."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", word)).casefold()


class Code(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``label``: as in ``contracts/labels``, instead of the enumeration's; ``aliases``: other words that mean it."""

    code: str
    label: str | None = None
    aliases: tuple[str, ...] = ()


class CodeListDocument(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One edition. ``enumeration``: whose codes these are, under its name in ``contracts/labels``. ``prefixes`` and
    ``suffixes``: what may stand before or behind every word, such as 之 in 之子."""

    code_list: str
    edition: str
    jurisdiction: str
    source: str
    starts: date = msgspec.field(name="from")
    ends: date | None = msgspec.field(name="to", default=None)
    enumeration: str | None = None
    codes: tuple[Code, ...]
    prefixes: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class CodeList:
    """``labels``: code → label, in the order of the enumeration or else of the document; ``words``: every folded word → its
    code, and as it is written."""

    key: str
    enumeration: str | None
    labels: Mapping[str, Label]
    words: Mapping[str, tuple[str, str]]
    prefixes: tuple[str, ...]
    suffixes: tuple[str, ...]

    @property
    def title(self) -> Label | None:
        """What the enumeration is called; ``None`` where there is none."""
        return None if self.enumeration is None else LABELS.codes[self.enumeration].title

    def code_of(self, text: str) -> str | None:
        """The code of a code, label or other word; ``None`` when it is none of them."""
        return _code_of(self, text)

    def codes_in(self, text: str) -> tuple[str | None, ...]:
        """The codes of one word, or of several with marks between them; ``None`` for each that is not known."""
        whole = self.code_of(text)
        words = [text] if whole is not None else [word for word in _BETWEEN_WORDS.split(text) if word]
        return tuple(dict.fromkeys(self.code_of(word) for word in words))

    def nearest(self, text: str) -> str:
        """The known word most like this one, or else the labels that there are."""
        for word in _BETWEEN_WORDS.split(text):
            if word and self.code_of(word) is None:
                like = get_close_matches(folded(word), self.words, n=1, cutoff=LIKE_ENOUGH)
                if like:
                    return self.words[like[0]][1]
        return "、".join(label.zh for label in list(self.labels.values())[:MOST_NAMED])

    def variants(self, word: str) -> Iterator[str]:
        """The word itself first: what stands before or behind may be a part of it."""
        starts = [word, *(word.removeprefix(p) for p in self.prefixes if word.startswith(p))]
        for start in starts:
            yield start
        for start in starts:
            yield from (start.removesuffix(s) for s in self.suffixes if start.endswith(s) and start != s)


@lru_cache(maxsize=4096)
def _code_of(words: CodeList, text: str) -> str | None:
    """Kept, for a workbook says the same few words in every row."""
    for word in words.variants(folded(text)):
        if word in words.words:
            return words.words[word][0]
    return None


def code_list_from(content: Mapping[str, Any]) -> CodeList:
    """Raises ``msgspec.ValidationError``, and ``DocumentError`` where one word means two codes, or a code has no label."""
    document = msgspec.convert(content, CodeListDocument)
    labels = _labels(document)
    words: dict[str, tuple[str, str]] = {}
    aliases = {each.code: each.aliases for each in document.codes}
    for code, label in labels.items():
        for word in (code, label.zh, label.en, *aliases.get(code, ())):
            if not folded(word):
                raise DocumentError((), f"{code}：用词须含文字或数字", f"{code}: a word without a letter or figure")
            other = words.setdefault(folded(word), (code, word))[0]
            if other != code:
                raise DocumentError(
                    (), f"{word}：同时指{other}和{code}，请从其中一处删去", f"{word}: means both {other} and {code}"
                )
    prefixes, suffixes = (
        tuple(sorted(map(folded, around), key=len, reverse=True)) for around in (document.prefixes, document.suffixes)
    )
    return CodeList(document.code_list, document.enumeration, labels, words, prefixes, suffixes)


def _labels(document: CodeListDocument) -> dict[str, Label]:
    """Those of the enumeration, and the document's own instead. Raises ``DocumentError``."""
    labels: dict[str, Label] = {}
    if document.enumeration is not None:
        if document.enumeration not in LABELS.codes:
            raise DocumentError(
                (),
                f"enumeration：没有{document.enumeration}这种代码表，请核对名称",
                f"enumeration: {document.enumeration} is none",
            )
        labels.update(LABELS.codes[document.enumeration].codes)
    if len({each.code for each in document.codes}) < len(document.codes):
        raise DocumentError((), "同一代码只列一次，请删去重复的", "a code stands twice")
    for each in document.codes:
        if each.label is not None:
            labels[each.code] = Label.of(each.code, each.label)
        elif each.code not in labels:
            raise DocumentError((), f"{each.code}：缺少名称，请填写 zh 和 en", f"{each.code}: has no label")
    return labels


def code_lists_of(enumerations: Mapping[str, type[Enum]]) -> Callable[[Mapping[str, Any]], CodeList]:
    """Reads a code list. ``enumerations``: key → the codes that facts carry; a list of that key has words for each of them,
    and for no other. Raises as ``code_list_from``."""

    def read(content: Mapping[str, Any]) -> CodeList:
        found, kind = code_list_from(content), enumerations.get(content["code_list"])
        if kind is not None:
            listed, carried = {each["code"] for each in content["codes"]}, {written(member) for member in kind}
            if listed != carried:
                missing, more = sorted(carried - listed), sorted(listed - carried)
                raise DocumentError(
                    (),
                    f"codes：缺少{missing}；{more}没有任何记录使用，请更正",
                    f"codes: lacks {missing}, has {more} that no fact carries",
                )
            if found.enumeration != LABELS.code_list_key(kind):
                raise DocumentError(
                    (),
                    f"enumeration：{found.key}的代码就是{LABELS.code_list_key(kind)}的，请核对",
                    f"enumeration: {found.key} has the codes of {LABELS.code_list_key(kind)}",
                )
        return found

    return read
