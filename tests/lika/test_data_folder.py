"""One house at a time runs on a data folder."""

from pathlib import Path

import pytest

from lika.data_folder import DataFolderTaken, held_by_one_house


def test_a_second_house_on_a_data_folder_is_told_which_other_way_there_is(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with held_by_one_house(folder), pytest.raises(DataFolderTaken, match="LIKA_DATA_DIR"), held_by_one_house(folder):
        pass


def test_a_folder_that_was_left_is_free(tmp_path: Path) -> None:
    with held_by_one_house(tmp_path):
        pass
    with held_by_one_house(tmp_path):
        pass
