"""The staff directory: whether whoever acts is on it, and whether anybody can enter the others."""

from lika.operations.finding import Finding, broken, ok, warning
from lika.operations.installation import Installation

ACTED = (
    "SELECT DISTINCT principal FROM commands WHERE decided_at > %s - interval '30 days'"
    " AND principal NOT IN ('lika', 'timer')"
)
KNOWN = "SELECT account FROM staff_accounts"
MOST_NAMED = 10


def staff(installation: Installation, name: str) -> Finding:
    """Which accounts gave commands in the last thirty days, in whichever service, and belong to nobody on the
    directory that ``name`` keeps."""
    named = f"{name}.staff"
    known = {account for (account,) in installation.query(name, KNOWN)}
    enforced = installation.settings.directory == "enforced"
    if not known:
        return broken(named, "directory_empty") if enforced else ok(named, "directory_not_kept")
    acted: set[str] = set()
    for service in installation.present_databases.intersection(installation.logs):
        acted.update(account for (account,) in installation.query(service, ACTED, installation.now(service)))
    if unknown := sorted(acted - known):
        return warning(named, "accounts_unknown", count=len(unknown), accounts=unknown[:MOST_NAMED])
    return ok(named, "accounts_known", count=len(known))
