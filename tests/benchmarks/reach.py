"""The list: what is measured, against what, and what ratio is the goal."""

from tests.benchmarks.appends import APPENDS_8, APPENDS_64
from tests.benchmarks.bulk import BULK
from tests.benchmarks.commands import COMMANDS
from tests.benchmarks.contest import Row
from tests.benchmarks.history import HISTORY
from tests.benchmarks.rebuilding import REBUILD

ROWS = (
    Row("commands over HTTP, 32 clients ÷ async def + pool INSERT", "commands/s", 0.7, COMMANDS, "insert"),
    Row("commands over HTTP, 32 clients ÷ stock Application.save", "commands/s", 2.5, COMMANDS, "stock"),
    Row("appends, 64 writers ÷ 64 autocommit INSERTs", "events/s", 1.2, APPENDS_64, "insert"),
    Row("appends, 8 writers ÷ stock recorder", "events/s", 3.0, APPENDS_8, "stock"),
    Row("bulk append with sealing and claims ÷ COPY binary", "events/s", 0.4, BULK, "copy"),
    Row("rebuild of the household view ÷ stock ProjectionRunner", "events/s", 50, REBUILD, "stock"),
    Row("rebuild of the household view ÷ COPY, as many processes", "events/s", 0.3, REBUILD, "copy"),
    Row("household of 100 facts, folded ÷ raw SELECT", "ms", 2.5, HISTORY, "select", better="less"),
)

FULL: tuple[Row, ...] = ()
"""What needs the large sizes."""
