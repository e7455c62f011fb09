-- By which obligations anything was missed, and what one account missed: asked before each obligation is.
CREATE INDEX duty_misses_by_obliged ON duty_misses (obligation, obliged);
