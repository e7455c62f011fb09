"""The canonical text of a document: one text for one content, and nothing in it is taken for something else."""

import unicodedata
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import services
from services.chassis.law.content import (
    DocumentError,
    canonical_text,
    content_of,
    digest_of,
    path_of,
    plain_form,
    written,
)
from services.chassis.law.yaml_text import DocumentFileError, YamlText
from services.chassis.web.figures import in_words
from tests.support.long_run import LONG

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")).map(
    lambda text: unicodedata.normalize("NFC", text)
)
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, places=3)
SCALARS = st.none() | st.booleans() | st.integers() | TEXTS | st.dates() | DECIMALS
PARTS = st.recursive(
    SCALARS, lambda part: st.lists(part).map(tuple) | st.dictionaries(TEXTS, part, min_size=2), max_leaves=20
)


@settings(max_examples=100 if LONG else 30)
@given(st.dictionaries(TEXTS, PARTS, min_size=2))
def test_what_is_read_back_is_what_was_written(content: dict[str, Any]) -> None:
    text = canonical_text(content)
    again = content_of(text)
    assert canonical_text(again) == text
    assert _kinds(again) == _kinds(content)


def _kinds(value: Any) -> Any:
    """The value with the kind of each part, so that 1, true, "1" and a decimal 1 differ."""
    if hasattr(value, "items"):
        return {key: _kinds(part) for key, part in value.items()}
    if isinstance(value, tuple):
        return [_kinds(part) for part in value]
    return type(value).__name__, value


def test_a_text_a_date_and_a_decimal_of_the_same_letters_stay_apart() -> None:
    texts = [canonical_text({"a": part, "b": 0}) for part in ("2016-01-01", date(2016, 1, 1), "1", Decimal(1), 1, True)]
    assert len({digest_of(text) for text in texts}) == len(texts)


def test_order_of_keys_and_form_of_letters_make_no_difference() -> None:
    composed, decomposed = "é", "e\u0301"
    assert canonical_text({"a": composed, "b": 1}) == canonical_text({"b": 1, "a": decomposed})


@pytest.mark.parametrize(
    "text",
    [
        "[]", "1", "{", '{"a": 1.5, "b": 1}', '{"a": NaN, "b": 1}', "[" * 100_000, '{"a":' * 40 + "1" + "}" * 40,
        f'{{"a": 1{"0" * 5_000}, "b": 1}}', '{"a": 1, "b": 2, "a": 3}', '{"a": "\\ud800", "b": 1}', '{"\\u0000": 1, "b": 1}',
    ],
)  # fmt: skip
def test_what_is_no_document_is_refused(text: str) -> None:
    with pytest.raises(DocumentError) as no:
        content_of(text)
    assert "NaN" not in str(no.value)


@pytest.mark.parametrize("part", [
    {"date": "2016-13-01"}, {"date": 1}, {"decimal": "x"}, {"decimal": None}, {"decimal": "NaN"}, {"decimal": "1e999999"},
    {"decimal": "１"},
])  # fmt: skip
def test_a_date_that_is_none_is_refused_with_its_place(part: dict[str, Any]) -> None:
    with pytest.raises(DocumentError, match=r"^b\[1\]: 不是.* / no "):
        content_of(f'{{"a": 1, "b": [0, {str(part).replace(chr(39), chr(34)).replace("None", "null")}]}}')


@pytest.mark.parametrize("part", [{"date": "x"}, {"decimal": 1}, 1.5, {1}])
def test_what_could_not_be_read_back_is_never_written(part: Any) -> None:
    with pytest.raises(DocumentError, match=r"^b\.c: "):
        canonical_text({"a": 1, "b": {"c": part, "d": 1}})


def test_a_complaint_about_a_part_names_its_line() -> None:
    text = YamlText("a: 1\nb:\n  - c: 2\n    d: 3\n", "file")
    for path, line in {(): 1, ("b",): 2, ("b", 0): 3, ("b", 0, "d"): 4, ("b", 0, "missing"): 3, ("z",): 1}.items():
        assert text.line_of(path) == line
    with pytest.raises(DocumentFileError, match=r"^file:4: b\[0\]\.d: x / wrong$"), text.located():
        raise DocumentError(("b", 0, "d"), "x", "wrong")
    assert path_of(written(("b", 0, "d"))) == ("b", 0, "d")


def test_each_language_of_a_complaint_stands_in_its_own_line() -> None:
    complaint = {"complaint": DocumentError((), "缺少这一项", "missing").complaint}
    told = [in_words("", complaint, language) for language in ("zh", "en")]
    assert [("缺少这一项" in line, "missing" in line) for line in told] == [(True, False), (False, True)]


def test_what_a_release_ships_is_read_as_anybody_s_text_is() -> None:
    files = sorted(Path(services.__file__).parent.glob("*/parameters/**/*.yaml"))
    assert files
    for file in files:
        shipped, anybody_s = YamlText.shipped(file), YamlText.of(file)
        assert shipped.content == anybody_s.content, file
        assert all(shipped.line_of((name,)) == anybody_s.line_of((name,)) for name in shipped.content), file


def test_for_people_a_date_is_a_text() -> None:
    content = content_of(canonical_text({"a": (date(2016, 1, 1), Decimal("1.50")), "b": {"c": None, "d": 1}}))
    assert plain_form(content) == {"a": ["2016-01-01", "1.50"], "b": {"c": None, "d": 1}}
