-- Of which target of a place above a target is a part. An exit target may run over several years.
ALTER TABLE targets ADD COLUMN part_of uuid;
CREATE INDEX targets_by_whole ON targets (part_of) WHERE part_of IS NOT NULL;

CREATE OR REPLACE VIEW target_states AS
SELECT t.target_id, t.division, t.year, t.item, t.set_on, t.deadline, t.quantities_met, t.households, t.persons,
       t.state_if_met, t.state_if_short, t.target_json, e.exited_households, e.exited_persons,
       CASE WHEN coalesce(t.quantities_met, e.exited_households >= t.households AND e.exited_persons >= t.persons)
            THEN t.state_if_met ELSE t.state_if_short END AS state
FROM targets t
CROSS JOIN LATERAL (
    SELECT count(*)::int AS exited_households, coalesce(sum(x.persons), 0)::int AS exited_persons
    FROM exits x
    WHERE t.households IS NOT NULL AND x.known_to IS NULL
      AND x.division >= t.division AND x.division < t.division || '~'
      AND x.exited_on BETWEEN make_date(t.year, 1, 1) AND make_date(extract(year FROM t.deadline)::int, 12, 31)
) e;
