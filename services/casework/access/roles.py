"""Groups of roles that rows of the access table name."""

from contracts.roles import Role

CADRE = frozenset({Role.CADRE})
REVIEWER = frozenset({Role.REVIEWER})
DECIDER = frozenset({Role.DECIDER})
OPERATOR = frozenset({Role.OPERATOR})
EDUCATION = frozenset({Role.EDUCATION})
"""Departments of education, and of human resources where the school is theirs: enrolment is written by them and nobody else (R14)."""
APPROVERS = REVIEWER | DECIDER
OFFICES = frozenset({Role.CADRE, Role.REVIEWER, Role.DECIDER})
"""Those who handle matters; which of them takes a step of a case, the procedure document says."""
READERS = OFFICES | EDUCATION | {Role.ANALYST, Role.AUDITOR}
"""Those who read about households. Who runs the system (operator) and Lika's own services do not."""
STAFF = READERS | {Role.OPERATOR}
"""Everybody who works with the system: they read about divisions, documents and colleagues."""
