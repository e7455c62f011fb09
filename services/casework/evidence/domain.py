"""What is known of a file of evidence, who may see and cite it, and the rules by which an upload or citation is refused."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from contracts.casework.evidence import EvidenceConcerns, EvidenceUploaded
from contracts.facts import Evidence, Recorded
from services.chassis.ground.refusals import Refused, rule
from services.chassis.security.actor import Actor

EVIDENCE_UNKNOWN = rule(
    "evidence_unknown",
    zh="没有这份依据材料（编号与摘要须与上传回执一致），或您无权引用；请先上传，再按回执引用。",
    en="There is no such evidence with this digest, or you may not cite it; upload the file and cite it as answered.",
    source="docs/decisions/0022-evidence.md; Lika access rules",
)
EVIDENCE_OF_OTHER_KIND = rule(
    "evidence_of_other_kind",
    zh="依据材料的类别与上传时不同；请按上传时的类别引用，或另行上传。",
    en="The evidence was uploaded as another kind; cite it by that kind, or upload the right file.",
    source="docs/decisions/0022-evidence.md",
)
SUBJECT_UNKNOWN = rule(
    "evidence_subject_unknown",
    zh="材料所涉对象（户、人、程序等）中有不存在或不在您管辖范围内的；请核对编号后重填。",
    en="One of the subjects does not exist or lies outside your area; check the ids and send it again.",
    source="Lika access rules",
)
TYPE_NOT_ACCEPTED = rule(
    "evidence_type_not_accepted",
    zh="按内容判断，不接受这种文件；请另存为 PDF、JPEG、PNG、WebP、HEIC、TIFF、xlsx、docx、OFD 或纯文本后重新上传。",
    en="By its content this kind of file is not accepted; save it as PDF, JPEG, PNG, WebP, HEIC, TIFF, xlsx, docx, OFD or"
    " plain text and upload it again.",
    source="docs/decisions/0022-evidence.md; GB/T 33190 (OFD)",
    status=415,
)
REFUSED_BY_SCANNER = rule(
    "evidence_refused_by_scanner",
    zh="安全检查未通过，文件没有保存；请在查杀病毒后重新上传，或与管理员联系。",
    en="The malware scanner refused this file and nothing was kept; clean it and upload it again, or ask the operator.",
    source="GB/T 22239 8.1.4 (malicious code)",
)
SCANNER_AWAY = rule(
    "evidence_scanner_unavailable",
    zh="安全检查暂时不可用，文件没有保存；请稍后再试。",
    en="The malware scanner cannot be reached and nothing was kept; try again shortly.",
    source="Lika operations",
    status=503,
)
STORAGE_AWAY = rule(
    "evidence_storage_unavailable",
    zh="材料存储暂时不可用；请稍后再试。",
    en="The evidence storage cannot be reached at this moment; try again shortly.",
    source="Lika operations",
    status=503,
)
EVIDENCE_SHREDDED = rule(
    "evidence_shredded",
    zh="该材料的密钥已依法销毁，内容不可恢复（shredded）；如需查阅，请调阅纸质档案。",
    en="The key of this evidence was lawfully destroyed and its content is shredded; ask the archive for the paper.",
    source="docs/privacy.md",
    status=410,
)
EVIDENCE_LOST = rule(
    "evidence_lost",
    zh="存储中没有该材料的内容，或内容已被改动；请将材料编号告知管理员，以便从备份恢复。",
    en="The storage lacks the content of this evidence, or it was altered; tell the operator its id, to restore a backup.",
    source="Lika operations",
    status=500,
)

Areas = Mapping[UUID, Collection[str]]
"""Subject → division codes of where it is; subjects that nobody knows are left out."""


def stream_of(evidence_id: UUID) -> str:
    return f"evidence-{evidence_id}"


@dataclass(frozen=True, slots=True)
class StoredEvidence:
    """One file as the log tells. ``position``: of the latest fact about it."""

    upload: EvidenceUploaded
    subjects: frozenset[UUID]
    position: int

    @property
    def id(self) -> UUID:
        return self.upload.evidence_id

    def may_be_read_by(self, actor: Actor, areas: Areas) -> bool:
        """In the area of one of its subjects; before it has any, by whoever uploaded it."""
        if not self.subjects:
            return self.upload.entered_by == actor.subject
        return any(actor.covers(code) for subject in self.subjects for code in areas.get(subject, ()))

    def may_be_cited_without_looking(self, actor: Actor, about: Collection[UUID]) -> bool:
        """One's own upload, and one that concerns what the command is about: whoever may not act there is refused anyway."""
        return self.upload.entered_by == actor.subject or not self.subjects.isdisjoint(about)


def fold(facts: Iterable[Recorded]) -> StoredEvidence | None:
    """The file as it is known; ``None`` where nothing was uploaded."""
    upload: EvidenceUploaded | None = None
    subjects: set[UUID] = set()
    position = 0
    for recorded in facts:
        fact, position = recorded.fact, recorded.position
        if isinstance(fact, EvidenceUploaded):
            upload = fact
        if isinstance(fact, EvidenceUploaded | EvidenceConcerns):
            subjects.update(fact.subjects)
    return None if upload is None else StoredEvidence(upload, frozenset(subjects), position)


def require_citable(cited: Evidence, stored: StoredEvidence | None, allowed: bool) -> None:
    """Raises ``Refused`` unless the file was uploaded so and may be cited. Absent and out of reach are told alike."""
    assert cited.file is not None
    if stored is None or stored.upload.sha256 != cited.file.sha256 or not allowed:
        raise Refused(EVIDENCE_UNKNOWN)
    if stored.upload.kind != cited.kind:
        raise Refused(EVIDENCE_OF_OTHER_KIND, uploaded_as=stored.upload.kind)


def require_subjects_in_area(subjects: Iterable[UUID], actor: Actor, areas: Areas) -> None:
    """Raises ``Refused`` when one of them is unknown or out of the actor's area."""
    for subject in subjects:
        if not any(actor.covers(code) for code in areas.get(subject, ())):
            raise Refused(SUBJECT_UNKNOWN, subject=str(subject))
