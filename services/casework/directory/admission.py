"""The directory as what posts of a caller are checked against, where the installation enforces it."""

from contracts.civil import civil_day
from services.casework.directory.queries import Directory
from services.chassis.security.admission import Admission, HeldPost


def admit_by(directory: Directory, admission: Admission) -> None:
    """Callers are admitted by the posts that the directory says they hold, or stand in for, today."""

    def posts_held(account: str) -> tuple[HeldPost, ...]:
        today = civil_day(directory.now())
        held = directory.holdings([(account, today)]).get((account, today), ())
        return tuple(HeldPost(h.post.role, h.post.division) for h in held)

    admission.offer(posts_held)
