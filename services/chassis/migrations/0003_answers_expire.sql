-- Answers to people's commands are forgotten after thirty days; the store asks for the oldest by this index. Those of
-- automated commands never expire and are left out, so that they cannot pile up at its near end.
CREATE INDEX commands_by_age ON commands (decided_at) WHERE principal NOT IN ('lika', 'timer');
