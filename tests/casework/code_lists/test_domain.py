"""Reading words by a code list."""

from datetime import date
from typing import Any

import pytest

from contracts.registry.members import Sex
from services.casework.code_lists.domain import code_list_from, code_lists_of
from services.registry.intake.codes import FOLDER, shipped

HEAD = {"edition": "1", "jurisdiction": "CN", "source": "GB/T 4761", "from": date(2014, 1, 1)}
COLOURS: dict[str, Any] = {
    **HEAD, "code_list": "colour", "prefixes": ("淡",), "suffixes": ("色",),
    "codes": ({"code": "red", "label": "红 / red", "aliases": ("大红", "朱 红")}, {"code": "blue", "label": "蓝 / blue"}),
}  # fmt: skip


@pytest.mark.parametrize("word", ["red", "RED", "红", " 红 ", "红色", "淡红色", "大红", "朱红", "（红）", "ｒｅｄ"])
def test_a_word_is_known_by_its_code_label_or_alias(word: str) -> None:
    assert code_list_from(COLOURS).code_of(word) == "red"


def test_several_words_in_one_text() -> None:
    colours = code_list_from(COLOURS)
    assert colours.codes_in("红、蓝") == colours.codes_in("大红 蓝色") == ("red", "blue")
    assert colours.codes_in("红、红色") == ("red",)
    assert colours.codes_in("红、绿") == ("red", None)


def test_the_nearest_word_is_named_or_else_all_labels() -> None:
    colours = code_list_from(COLOURS)
    assert colours.nearest("朱红紫") == "朱 红"
    assert colours.nearest("绿") == "红、蓝"


def test_one_word_never_means_two_codes() -> None:
    red, blue = COLOURS["codes"]
    with pytest.raises(ValueError, match="means both red and blue"):
        code_list_from({**COLOURS, "codes": (red, {**blue, "aliases": ("大红",)})})


def sexes(*codes: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {**HEAD, "code_list": "sex", "enumeration": "Sex", "codes": codes, **more}


def test_codes_of_an_enumeration_go_by_its_labels_unless_the_document_has_others() -> None:
    listed = code_list_from(sexes({"code": "male", "label": "男性 / man"}, {"code": "female", "aliases": ("女性",)}))
    assert {code: label.line for code, label in listed.labels.items()} == {
        "male": "男性 / man",
        "female": "女 / female",
    }
    assert [listed.code_of(word) for word in ("男性", "女", "女性", "女士")] == ["male", "female", "female", None]


@pytest.mark.parametrize("code", [{"code": "red"}, {"code": "red", "label": "红"}], ids=["none", "one language"])
def test_a_code_of_no_enumeration_has_a_label_in_both_languages(code: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="red"):
        code_list_from({**COLOURS, "codes": (code,)})


MALE, FEMALE = {"code": "male"}, {"code": "female"}


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        (sexes(MALE), "lacks .*female"),
        (sexes(MALE, FEMALE, {"code": "both", "label": "两 / both"}), "has .*both.* that no fact carries"),
        (sexes(MALE, FEMALE, enumeration="Gender"), "Gender is none"),
        (sexes({**MALE, "label": "男 / m"}, {**FEMALE, "label": "女 / f"}, enumeration=None), "has the codes of Sex"),
    ],
    ids=["a code lacks", "a code too many", "no enumeration", "other labels"],
)
def test_a_list_has_words_for_every_code_that_facts_carry_and_no_other(content: dict[str, Any], wrong: str) -> None:
    read = code_lists_of({"sex": Sex})
    with pytest.raises(ValueError, match=wrong):
        read(content)
    read(sexes(MALE, FEMALE))


# GB/T 4761-2008, but for the numbers.
KINSHIP = {
    "head": "本人 户主",
    "spouse": "配偶 夫 妻",
    "child": "子 独生子 长子 次子 三子 四子 五子 养子或继子 其他儿子 女 独生女 长女 次女 三女 四女 五女 养女或继女 其他女儿",
    "child_in_law": "女婿 儿媳",
    "grandchild": "孙子、孙女或外孙子、外孙女 孙子 孙女 外孙子 外孙女",
    "parent": "父母 父亲 母亲 公公 婆婆 岳父 岳母 继父或养父 继母或养母 其他父母关系",
    "grandparent": "祖父母或外祖父母 祖父 祖母 外祖父 外祖母 配偶的祖父母或外祖父母",
    "sibling": "兄弟姐妹 兄 弟 姐姐 妹妹 其他兄弟姐妹",
    "other": "孙媳妇或外孙媳妇 孙女婿或外孙女婿 曾孙子或曾外孙子 曾孙女或曾外孙女 曾祖父 曾祖母 配偶的曾祖父母"
    " 嫂 弟媳 姐夫 妹夫 其他 其它 伯父 伯母 叔父 婶母 舅父 舅母 姨父 姨母 姑父 姑母 "
    "堂兄弟、堂姐妹 表兄弟、表姐妹 侄子 侄女 外甥 外甥女 其他亲属 保姆 非亲属",
}
SHIPPED: dict[str, dict[str, str]] = {
    "relation": {**KINSHIP, "child ": "之子 之女 户主之长女"},
    "relation ": {"head": "户主本人 本人或户主 户主/本人 本人（户主） 户　主 戶主"},
    "school_stage": {
        "preschool": "学前教育 幼儿园 学前班",
        "primary": "一年级 小学三年级 义务教育阶段小学",
        "junior": "七年级 八年级 九年级 初一 初级中学",
        "senior": "高一 普高 高级中学",
        "vocational": "中职 中专 技校 职高",
        "college": "高职高专 高职 大一 本科 研究生 大专",
        "none": "非在校生 不在校",
    },
    "health": {
        "healthy": "健康",
        "chronic": "长期慢性病 慢性病",
        "serious": "患有大病 大病",
        "disabled": "残疾 残疾人",
    },
    "disability_level": {"2": "肢体二级 二级 听力残疾二级 2级 贰级", "1": "视力一级 一级残疾", "0": "无"},
    "disability_category": {"limb": "肢体 肢体残疾 肢残", "visual": "视力 盲人"},
    "nation": {"01": "汉 汉族 HA", "06": "苗族", "05": "维吾尔族", "56": "基诺族"},
    "poverty_cause": {"other": "其它 其他", "illness": "因病致贫", "no_labour": "缺劳动力"},
    "political_status": {"01": "党员 中共党员", "13": "群众"},
    "education": {"illiterate": "文盲", "primary": "小学毕业", "bachelor": "大学本科"},
}


@pytest.mark.parametrize(
    ("key", "code", "word"),
    [
        (key.strip(), code.strip(), word)
        for key, codes in SHIPPED.items()
        for code, words in codes.items()
        for word in words.split(" ")
    ],
)
def test_words_as_forms_and_the_national_tables_have_them(key: str, code: str, word: str) -> None:
    assert shipped(key).code_of(word) == code


def test_all_nations_of_the_national_table_are_there() -> None:
    assert len([code for code in shipped("nation").labels if code <= "56"]) == 56


def test_every_list_that_ships_is_a_legal_one() -> None:
    assert len([shipped(file.stem) for file in FOLDER.glob("*.yaml")]) == 37
