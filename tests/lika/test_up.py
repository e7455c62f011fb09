"""Whoever stops ``lika up --sample`` before the sample is loaded is told so, and what becomes of what was loaded."""

from pathlib import Path

import pytest
import typer

from lika import up
from services.chassis.ground.settings import Settings


def test_stopped_while_the_sample_is_loaded_it_says_what_is_kept_and_how_to_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(up, "tell_story", interrupted)
    with pytest.raises(typer.Exit) as ended:
        up.load_sample("http://127.0.0.1:1", Settings(data_dir=tmp_path))
    assert ended.value.exit_code == 130
    told = capsys.readouterr().err
    assert str(tmp_path) in told.replace("\n", "")
    assert "样例载入已中断" in told
    assert "was interrupted" in told
