"""The directory, in audit's own fold of it, as what posts of a caller are checked against."""

from contracts.civil import civil_day
from services.audit.histories.posts import posts_then
from services.audit.histories.store import staff_of
from services.chassis.log.store import Store
from services.chassis.security.admission import Admission, HeldPost


def admit_by_copies(store: Store, admission: Admission) -> None:
    """Callers are admitted by the posts that the copied directory says they hold, or stand in for, today."""

    def posts_held(account: str) -> tuple[HeldPost, ...]:
        with store.reading() as conn:
            staff = staff_of(conn, [account])
        return tuple(HeldPost(p.role, p.division) for p in posts_then(staff, account, civil_day(store.now()), None))

    admission.offer(posts_held)
