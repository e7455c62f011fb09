"""Every check, as ``lika doctor`` makes it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import psycopg

from lika.databases import MIGRATIONS
from lika.house import BUILDS
from lika.operations import checks
from lika.operations.checks import run_check, schema
from lika.operations.finding import Finding
from lika.operations.installation import Installation


def test_a_check_that_cannot_be_made_keeps_its_name(installation: Installation) -> None:
    calls: list[tuple[Callable[..., Finding], tuple[str, ...]]] = []
    calls += [(check, ()) for check in (*checks.MACHINE_CHECKS, *checks.SERVER_CHECKS)]
    for name in MIGRATIONS:
        of_log = checks.LOG_CHECKS if name in BUILDS else ()
        own = checks.OWN_CHECKS.get(name, ())
        calls += [(check, (name,)) for check in (schema.migrations, *checks.DATABASE_CHECKS, *of_log, *own)]
    for check, names in calls:

        @wraps(check)
        def fails(*_: Any) -> Finding:
            raise psycopg.OperationalError

        finding = run_check(fails, installation, *names)
        assert finding.name == run_check(check, installation, *names).name
        assert (finding.code, finding.en) == ("check_failed", "could not be looked at (OperationalError)")
