-- What is found about the risks of monitored households that no measure is against, and what the rules read of them.
CREATE TABLE risk_findings (LIKE findings INCLUDING ALL);
CREATE TABLE risk_checked_subjects (LIKE checked_subjects INCLUDING ALL);
