"""Import of a filled form over HTTP, with sealing, claims, evidence and group commit: members a second, and the memory of the
service and of the process that reads, in MB of 1,000,000 bytes. Beside it: reading and checking the same file alone.

Memory is that of the whole process tree above what it had before the file came; the file is in it several times.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from itertools import count

from services.casework.workbooks.parsing import read_form
from tests.benchmarks.comparison import Benchmark, Variant
from tests.benchmarks.environment import BenchmarkEnvironment
from tests.benchmarks.memory import ProcessTreeMemory
from tests.registry.intake.example_workbooks import FORM, HOUSEHOLDS, MEMBERS, TODAY, filled_form, resident_id_of
from tests.registry.intake.import_requests import (
    ALL_CONDITIONS,
    cadre_of,
    household_line,
    import_workbook,
    income_fields,
    registry_with_villages,
)

HOUSEHOLD_COUNT, MEMBERS_EACH = 1500, 3
NOW = datetime(2014, 6, 1)  # noqa: DTZ001 - the day of a simulated clock


@contextmanager
def import_variants(environment: BenchmarkEnvironment) -> Iterator[Mapping[str, Variant]]:
    files = (workbook(number) for number in count())
    members = HOUSEHOLD_COUNT * MEMBERS_EACH
    with environment.fresh("registry", "vault") as (registry, vault):
        databases = {"registry": registry, "vault": vault}
        with registry_with_villages(databases.__getitem__, environment.folder, NOW) as running:
            cadre = cadre_of(running)

            def ours() -> float:
                file = next(files)
                started = time.monotonic()
                answer = import_workbook(cadre, file)
                seconds = time.monotonic() - started
                assert (answer["recorded"], answer["members_seen"]) == (HOUSEHOLD_COUNT, members), answer["errors"][:3]
                return members / seconds

            def memory() -> float:
                # In an import of its own: looking through all processes takes a tenth of the machine.
                tree = ProcessTreeMemory()
                before = tree.sample()
                tree.start()
                ours()
                tree.stop()
                return tree.peak - before

            def reading() -> float:
                file = next(files)
                started = time.monotonic()
                read = read_form(file, FORM, TODAY)
                assert len(read.rows[MEMBERS.key]) == members
                return members / (time.monotonic() - started)

            yield {
                "ours": ours,
                "member/s": lambda: 1.0,
                "MB more": memory,
                "MB": lambda: 1.0,
                "reading and checking alone": reading,
            }


def workbook(number: int) -> bytes:
    """A file of households that no other number has: the numbers go through days of birth and the serial of a day."""
    households, members = [], []
    for index in range(HOUSEHOLD_COUNT):
        national_no = f"B{number}H{index:05}"
        households.append({**household_line(national_no), **income_fields(), **ALL_CONDITIONS})
        for place in range(MEMBERS_EACH):
            serial = (number * HOUSEHOLD_COUNT + index) * MEMBERS_EACH + place
            year, day, in_day = 1940 + serial // 336_000, serial // 1000 % 336, serial % 1000
            id_number = resident_id_of(f"{year}{1 + day // 28:02}{1 + day % 28:02}", f"{in_day:03}")
            members.append({
                "household_no": national_no, "national_no": f"{national_no}{place:02}", "name": "陈某某",
                "id_number": id_number, "relation": "户主" if place == 0 else "其他", "health": "健康",
                "labour_skill": "普通劳动力",
            })  # fmt: skip
    return filled_form({HOUSEHOLDS: households, MEMBERS: members})  # type: ignore[dict-item]


IMPORT = Benchmark("import of a workbook", import_variants, rounds=3)
