"""Who may act. A role says what one does; the division scope says where, and its level is the level of office:
a cadre scoped to twelve digits is a village cadre, a reviewer scoped to nine a township reviewer. What each may do is in the
access table (docs/rules/access.md)."""

from enum import StrEnum


class Role(StrEnum):
    CADRE = "cadre"  # visits, enters, appraises, posts notices
    REVIEWER = "reviewer"  # reviews what others entered
    DECIDER = "decider"  # decides for the county's organ
    ANALYST = "analyst"  # reads figures and masked records
    AUDITOR = "auditor"  # reads everything, decides nothing
    OPERATOR = "operator"  # runs the system: divisions, simulated clock
    EDUCATION = "education"  # enters enrolment and attendance for the department of education, or of human resources
    SERVICE = "service"  # another service of Lika, reading a log
