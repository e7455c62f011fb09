"""Large bodies take memory of their own: so many at once for a service, and so many for one account."""

from services.chassis.ground.limits import Limits
from services.chassis.ground.refusals import rule
from services.chassis.web.slots import Slots

TOO_MANY_UPLOADS = rule(
    "too_many_uploads",
    zh="您的账户同时提交的大文件过多，请等前一个完成后再试。",
    en="Your account sends too many large bodies at once; wait until one of them is done.",
    source="RFC 6585 §4",
    status=429,
)
UPLOADS_BUSY = rule(
    "uploads_busy",
    zh="正在接收的大文件过多，请稍后再试。",
    en="Too many large bodies are being received; try again shortly.",
    source="Lika interface rules",
    status=503,
)


def upload_slots(limits: Limits) -> Slots:
    """While a large body is received and worked on."""
    return Slots(limits.uploads_per_account, limits.uploads, TOO_MANY_UPLOADS, UPLOADS_BUSY)
