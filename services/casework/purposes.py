"""What personal data, and evidence that may show some, may be read for: by role. Each reading is a fact of its own."""

from collections.abc import Collection, Mapping
from datetime import date

from contracts.registry.access import Purpose
from contracts.roles import Role
from services.chassis.ground.refusals import Refused, rule

PURPOSE_NOT_ALLOWED = rule(
    "purpose_not_allowed",
    zh="您的岗位不能以此目的查看个人信息。",
    en="Your role may not read personal data for this purpose.",
    source="Personal Information Protection Law, articles 6 and 13; docs/privacy.md",
    status=403,
)

PURPOSES_BY_ROLE: Mapping[Role, frozenset[Purpose]] = {
    Role.CADRE: frozenset({Purpose.CASE, Purpose.VERIFICATION, Purpose.CORRECTION, Purpose.ACCESS_REQUEST}),
    Role.REVIEWER: frozenset({Purpose.CASE, Purpose.VERIFICATION, Purpose.ACCESS_REQUEST, Purpose.REPORTING}),
    Role.DECIDER: frozenset({Purpose.CASE, Purpose.VERIFICATION, Purpose.PAYMENT, Purpose.REPORTING}),
    Role.AUDITOR: frozenset({Purpose.AUDIT, Purpose.VERIFICATION}),
}
"""Role → purposes for which it may read personal data; any other role may read none."""


def require_purpose(purpose: Purpose, roles: Collection[Role]) -> None:
    """Raises ``Refused`` when no role of the reader allows the purpose."""
    if not any(purpose in PURPOSES_BY_ROLE.get(role, ()) for role in roles):
        raise Refused(PURPOSE_NOT_ALLOWED, purpose=purpose)


ACCESS = "access-"


def access_stream(reader: str, day: date) -> str:
    """The stream of what somebody has read on that day."""
    return f"{ACCESS}{day.isoformat()}-{reader}"
