"""What an account has read, on whatever day."""

from contracts.facts import Recorded
from services.chassis.log.entries import COLUMNS, decode_row
from services.chassis.log.store import Store


def readings_of(store: Store, account: str) -> list[Recorded]:
    """In the order in which it was recorded."""
    sql = f"SELECT {COLUMNS} FROM log WHERE originator_id ~ %s ORDER BY notification_id"
    with store.reading() as conn:
        rows = conn.execute(sql.encode(), (rf"^access-\d{{4}}-\d\d-\d\d-{account}$",)).fetchall()
    return [decode_row(store.name, row) for row in rows]
