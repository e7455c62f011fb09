"""The rows of the table: what is measured, against what, and what ratio is the goal."""

from tests.benchmarks.appends import APPENDS_8, APPENDS_64
from tests.benchmarks.browser_heap import BROWSER_HEAP
from tests.benchmarks.bulk import BULK
from tests.benchmarks.commands import COMMANDS
from tests.benchmarks.comparison import Row
from tests.benchmarks.consuming import CONSUMING
from tests.benchmarks.duty_sweep import DUTY_SWEEP
from tests.benchmarks.fund_ledgers import LEDGERS
from tests.benchmarks.growth import GROWTH
from tests.benchmarks.helper_page import HELPER_PAGE
from tests.benchmarks.history import HISTORY
from tests.benchmarks.importing import IMPORT
from tests.benchmarks.inbox import INBOX
from tests.benchmarks.listing import LISTING
from tests.benchmarks.loan_portfolio import LOAN_PORTFOLIO
from tests.benchmarks.loan_statement import LOAN_STATEMENT
from tests.benchmarks.memory import MEMORY
from tests.benchmarks.pages import PAGES
from tests.benchmarks.paying import PAYING
from tests.benchmarks.project_pages import PROJECT_PAGES
from tests.benchmarks.propagation import PROPAGATION
from tests.benchmarks.rebuilding import REBUILD
from tests.benchmarks.reevaluating import REEVALUATING
from tests.benchmarks.replicas import FAILING_OVER, STARTING, STARTING_ALONE
from tests.benchmarks.statements import STATEMENTS
from tests.benchmarks.sweeping import SWEEP
from tests.benchmarks.through_kafka import KAFKA
from tests.benchmarks.whole_aid import WHOLE_AID

ROWS = (
    Row("commands over HTTP, 32 clients ÷ async def + pool INSERT", "commands/s", 0.7, COMMANDS, "insert"),
    Row("commands over HTTP, 32 clients ÷ stock Application.save", "commands/s", 2.5, COMMANDS, "stock"),
    Row("appends, 64 writers ÷ 64 autocommit INSERTs", "events/s", 1.2, APPENDS_64, "insert"),
    Row("appends, 8 writers ÷ stock recorder", "events/s", 3.0, APPENDS_8, "stock"),
    Row("bulk append with sealing and claims ÷ COPY binary", "events/s", 0.4, BULK, "copy"),
    Row("rebuild of the household view ÷ stock ProjectionRunner", "events/s", 50, REBUILD, "stock"),
    Row("rebuild of the household view ÷ COPY, as many processes", "events/s", 0.3, REBUILD, "copy"),
    Row("consuming over HTTP with a view effect ÷ no transport", "events/s", 0.5, CONSUMING, "no transport"),
    Row("append → Kafka → effect elsewhere ÷ bare kafka-python", "events/s", 0.5, KAFKA, "kafka-python"),
    Row(
        "propagation at 200 commands/s, p99 ÷ bare transport + 100 ms",
        "ms",
        1.0,
        PROPAGATION,
        "bare transport + 100 ms",
        better="less",
    ),
    Row("import of a workbook of 4,500 members over HTTP, at least", "members/s", 3000, IMPORT, "member/s"),
    Row("memory that it takes, its reading process included, at most", "MB", 300, IMPORT, "MB", "MB more", "less"),
    Row(
        "sweep of all check rules where all differ ÷ a million in ten minutes",
        "households/s",
        1.0,
        SWEEP,
        "a million in ten minutes",
    ),
    Row("household of 100 facts, folded ÷ raw SELECT", "ms", 2.5, HISTORY, "select", better="less"),
    Row("page of 50 households on any day as known on any, p95 ÷ bare SQL", "ms", 3, LISTING, "bare SQL", better="less"),
    Row("the same where few match, at most", "ms", 25, LISTING, "ms", "few match", "less"),
    Row("page of an office's inbox, p95 ÷ bare SQL of that office's matters", "ms", 3, INBOX, "bare SQL", better="less"),
    Row("trial balance of all funds in both times ÷ sum of the same rows", "ms", 1.5, LEDGERS, "sum of the same rows", better="less"),
    Row(
        "rates of execution of a province by division, published and restated ÷ SQL of one time", "ms", 3, LEDGERS,
        "bare execution", "execution", "less",
    ),
    Row(
        "the same by division and month over 13 years, known at any time", "ms", 3, LEDGERS, "bare months", "months", "less",
    ),
    Row("page of 50 projects, p95 ÷ bare SQL", "ms", 3, PROJECT_PAGES, "bare page", "page", "less"),
    Row(
        "projects of a province by county and month over 13 years, known at any time", "ms", 3, PROJECT_PAGES, "bare months",
        "months", "less",
    ),
    Row("loans by age of arrears on any day as known on any ÷ SQL of that day", "ms", 3, LOAN_PORTFOLIO, "bare SQL", better="less"),
    Row("statement of one loan of 24 instalments, folded ÷ raw SELECT", "ms", 2.5, LOAN_STATEMENT, "select", better="less"),
    Row("statement of a province over 13 years, p95, at most", "ms", 100, STATEMENTS, "ms", "known at any time", "less"),
    Row("the same during an import of all households, p95, at most", "ms", 100, STATEMENTS, "ms", "during an import", "less"),
    Row("duties looked at in the end of a month ÷ 4 million in ten minutes", "duties/s", 1.0, DUTY_SWEEP, "allowed"),
    Row("page of a helper with 30 pairs and the month's duties, p95 ÷ bare SQL", "ms", 3, HELPER_PAGE, "bare SQL", better="less"),
    Row("a command meanwhile, p99, at most", "ms", 250, DUTY_SWEEP, "ms", "command meanwhile, p99", "less"),
    Row("memory that it takes, at most", "MB", 128, DUTY_SWEEP, "MB", "memory", "less"),
    Row("pay-list of all persons ÷ INSERT … SELECT of as many lines", "s", 4, PAYING, "INSERT … SELECT", better="less"),
    Row("its result file reconciled ÷ bulk append of as many facts", "rows/s", 0.7, PAYING, "bulk append", "result file"),
    Row(
        "all programmes asked of every household ÷ a million in fifteen minutes", "households/s", 1.0, REEVALUATING,
        "a million in fifteen minutes",
    ),
    Row("memory that these questions take, at most", "MB", 128, REEVALUATING, "MB", "memory", "less"),
    Row("a person's whole aid as of any day as known then, folded ÷ raw SELECT", "ms", 2.5, WHOLE_AID, "select", better="less"),
    Row("start of the largest service until it is ready, at most", "s", 5, STARTING_ALONE, "s", better="less"),
    Row("start of all services until they are ready, at most", "s", 5, STARTING, "s", better="less"),
    Row("nothing acknowledged when the append leader is killed, at most", "s", 3, FAILING_OVER, "s", better="less"),
    Row("inbox opened for the first time, largest paint, at most", "ms", 1000, PAGES, "ms", "inbox", "less"),
    Row(
        "the same at a quarter of the CPU and fast 3G, opened again, at most", "ms", 2500, PAGES, "ms",
        "inbox on a slow phone, again", "less",
    ),
    Row("the same ÷ a bare page", "ms", 2.5, PAGES, "bare page on a slow phone, again", "inbox on a slow phone, again", "less"),
    Row("a key on the two-time slider until the paint, p98, at most", "ms", 200, PAGES, "ms", "slider", "less"),
    Row("200 rows, from the answer to the paint, at most", "ms", 100, PAGES, "ms", "200 rows", "less"),
    Row("heap of a browser's tab 50 pages later", "MB", 1.2, BROWSER_HEAP, "first 10 pages", "50 pages more", "less"),
)  # fmt: skip

FULL_ROWS = (
    Row(
        "command at 20 million events ÷ at 200 thousand", "ms", 1.3, GROWTH, "command at 200 thousand",
        "command at 20 million", "less",
    ),
    Row(
        "history at 20 million events ÷ at 200 thousand", "ms", 1.3, GROWTH, "history at 200 thousand",
        "history at 20 million", "less",
    ),
    Row("memory while rebuilding 5 million events, at most", "MB", 512, MEMORY, "MB", better="less"),
    Row("the same, at the end ÷ at a third", "MB", 1.1, MEMORY, "at a third", "at the end", "less"),
)  # fmt: skip
"""Rows that need the large sizes."""
