"""Property tests of the parser: any upload yields ``Subjects`` or ``Refused``, and nothing else."""

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import openpyxl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.casework.workbooks.importing.results import Subjects
from services.casework.workbooks.reading.messages import Message, Order
from services.casework.workbooks.reading.process import refuse_at_once
from services.casework.workbooks.reading.worker import messages
from services.casework.workbooks.writing.annotation import annotate
from services.chassis.ground.refusals import Refused
from services.registry.intake.reading.drafts import HouseholdDraft
from tests.registry.intake.example_workbooks import (
    FORM,
    HEAD,
    HOUSEHOLD,
    SHEETS,
    SPOUSE,
    content_of,
    form_workbook,
    parse_workbook,
)

CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40),
    st.dates(date(1900, 1, 2), date(2200, 1, 1)),
    st.datetimes(datetime(1900, 1, 2), datetime(2200, 1, 1)),  # noqa: DTZ001 - cells have no time zone
    st.times().map(lambda at: time(at.hour, at.minute)),
    st.timedeltas(timedelta(0), timedelta(days=900)),
    st.sampled_from(["H1", "H1-01", "是", "户主", "2014-05", "990001197003150014", "#N/A", "-1", "=1+1", "@x"]),
)
GRIDS = st.lists(st.tuples(st.integers(0, 2), st.integers(1, 6), st.integers(1, 26), CELLS), max_size=12)
SOUND = content_of(form_workbook([HOUSEHOLD], [HEAD, SPOUSE], []))
QUICK = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])


def in_this_process(content: bytes, order: Order) -> Iterator[Message]:
    """What the reading process says, without a process for every example."""
    return refuse_at_once(messages(content, order))


def parsed(file: bytes) -> Subjects[HouseholdDraft] | None:
    try:
        return parse_workbook(file, reader=in_this_process)
    except Refused:
        return None


@QUICK
@given(GRIDS)
def test_garbage_in_cells_gives_errors_and_the_errors_can_be_written_back(
    grid: list[tuple[int, int, int, object]],
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(SOUND))
    for sheet, row, column, value in grid:
        book[SHEETS[sheet].name].cell(row=row, column=column).value = value
    file = content_of(book)
    reading = parsed(file)
    if reading is not None:
        spoiled = {error.row for error in reading.errors if error.sheet == SHEETS[0].name}
        assert not spoiled & {draft.row for draft in reading.drafts}
        again = parsed(annotate(file, reading.errors, FORM.layout, reader=in_this_process))
        assert again is not None
        assert (again.drafts, again.errors) == (reading.drafts, reading.errors)


@QUICK
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(file: bytes) -> None:
    parsed(file)


@QUICK
@given(st.lists(st.tuples(st.integers(0, len(SOUND) - 1), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_workbook_with_flipped_bytes_is_read_or_refused(flips: list[tuple[int, int]]) -> None:
    file = bytearray(SOUND)
    for at, byte in flips:
        file[at] = byte
    parsed(bytes(file))


@QUICK
@given(st.data())
def test_a_package_with_damaged_parts_is_read_or_refused(data: st.DataObject) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(SOUND)) as before, zipfile.ZipFile(out, "w") as after:
        victim = data.draw(st.sampled_from(before.namelist()))
        for name in before.namelist():
            part = before.read(name)
            if name == victim:
                start = data.draw(st.integers(0, len(part)))
                end = data.draw(st.integers(start, min(len(part), start + 20)))
                part = part[:start] + data.draw(st.binary(max_size=8)) + part[end:]
            after.writestr(name, part)
    parsed(out.getvalue())
