"""Messages filled in: figures that are the same in both languages, and those that are not."""

from pathlib import Path

import pytest

from services.chassis.ground.messages import Catalogue

ENTRIES = """
behind:
  zh: "{log} 落后 {entries:,} 条"
  en: "{entries:,} behind {log}"
waiting:
  zh: "{logs}（服务未运行）"
  en: "{logs} (not running)"
  remedy:
    zh: 执行 lika up
    en: run lika up
"""


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    (tmp_path / "messages.yaml").write_text(ENTRIES, encoding="utf-8")
    return Catalogue(tmp_path / "messages.yaml")


def test_a_figure_is_shown_as_its_template_says(catalogue: Catalogue) -> None:
    message = catalogue.say("behind", log="registry", entries=1234)
    assert (message.zh, message.en) == ("registry 落后 1,234 条", "1,234 behind registry")
    assert message.line == "registry 落后 1,234 条 / 1,234 behind registry"


def test_a_figure_that_is_a_message_is_shown_in_the_language_around_it(catalogue: Catalogue) -> None:
    message = catalogue.say("waiting", logs=catalogue.say("behind", log="registry", entries=1))
    assert (message.zh, message.en) == ("registry 落后 1 条（服务未运行）", "1 behind registry (not running)")


def test_a_list_is_separated_as_its_language_does(catalogue: Catalogue) -> None:
    names = catalogue.say("waiting", logs=["registry", "audit"])
    assert (names.zh, names.en) == ("registry、audit（服务未运行）", "registry, audit (not running)")
    logs = [catalogue.say("behind", log=log, entries=1) for log in ("registry", "audit")]
    assert catalogue.say("waiting", logs=logs).zh == "registry 落后 1 条；audit 落后 1 条（服务未运行）"
    assert catalogue.say("waiting", logs=logs).en == "1 behind registry; 1 behind audit (not running)"


def test_what_belongs_to_a_message_has_a_code_below_it(catalogue: Catalogue) -> None:
    assert catalogue.say("waiting.remedy").en == "run lika up"


def test_a_code_or_a_figure_that_is_missing_is_an_error(catalogue: Catalogue) -> None:
    with pytest.raises(KeyError):
        catalogue.say("unheard_of")
    with pytest.raises(KeyError):
        catalogue.say("behind", log="registry")


def test_languages_that_show_different_figures_are_refused(tmp_path: Path) -> None:
    (tmp_path / "messages.yaml").write_text('odd:\n  zh: "{log}"\n  en: "{entries}"\n', encoding="utf-8")
    with pytest.raises(ValueError, match="odd shows other figures"):
        _ = Catalogue(tmp_path / "messages.yaml").templates
