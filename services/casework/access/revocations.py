"""Row of the access table for revoking tokens. An account need not stand on the directory, and so has no area: it is the
province's operators who revoke."""

from services.casework.access.roles import OPERATOR
from services.chassis.security.access_table import AccessRow, Relation

REVOCATION_ROWS = (
    AccessRow(
        "revoke_tokens", OPERATOR, Relation.WHOLE_INSTALLATION, "吊销账号的令牌", "Revoke the tokens of an account"
    ),
)
