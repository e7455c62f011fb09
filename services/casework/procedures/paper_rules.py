"""Rules for the papers that an opening or a step needs."""

from collections.abc import Collection, Iterable

from contracts.facts import Evidence
from services.chassis.ground.refusals import Refused, rule

EVIDENCE_MISSING = rule(
    "paper_missing",
    zh="缺少必须附上的材料：请先上传后在“evidence”中引用，或注明存于纸质档案（held_on_paper）。",
    en="A paper that must be attached is missing: upload it first and cite it in"
    " `evidence`, or say there that the archive holds it (`held_on_paper`).",
    source="evidence of the step in the procedure document; M002: meeting minutes are kept",
)
EVIDENCE_ON_PAPER = rule(
    "evidence_must_be_uploaded",
    zh="本步骤的这类材料须上传原件扫描件并在“evidence”中引用，不能只注明存于纸质档案。",
    en="For this step a paper of this kind must be uploaded and cited in `evidence`; that the archive holds it is"
    " not enough.",
    source="uploaded of the step in the procedure document",
)


def require_attached(kinds: Iterable[str], evidence: Collection[Evidence]) -> None:
    """Raises ``Refused`` where one of these kinds is missing."""
    given = {e.kind for e in evidence}
    if missing := tuple(kind for kind in kinds if kind not in given):
        raise Refused(EVIDENCE_MISSING, missing=missing)


def require_uploaded(kinds: Iterable[str], evidence: Collection[Evidence]) -> None:
    """Raises ``Refused`` where paper of one of these kinds is held in the archive only."""
    on_paper = {e.kind for e in evidence if e.file is None}
    if wanted := tuple(kind for kind in kinds if kind in on_paper):
        raise Refused(EVIDENCE_ON_PAPER, uploaded=wanted)
