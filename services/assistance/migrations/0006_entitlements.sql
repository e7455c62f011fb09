-- What units were granted of which programme, one row per application that was approved. From this service's own log alone.
-- The former release keeps `aid_grants` while it still serves; a release after this one drops it.
CREATE TABLE entitlements (
    case_id        uuid PRIMARY KEY,
    unit_id        uuid NOT NULL,                   -- person or household
    programme      text NOT NULL COLLATE "C",
    household_id   uuid NOT NULL,                   -- of the unit, as of the last transfer
    division       text NOT NULL COLLATE "C",
    stage          text NOT NULL,
    amounts        jsonb NOT NULL,                  -- by component: yuan for each period
    granted_from   date NOT NULL,
    granted_until  date,                            -- first day without it
    ending         text,
    continued_on   date,                            -- day of the exit after which it went on
    suspended_from date,                            -- since when it is suspended, where it is
    review         jsonb                            -- what was due that is not: lines and their amount
);
CREATE INDEX entitlements_by_place ON entitlements (division, unit_id, case_id);
CREATE INDEX entitlements_of ON entitlements (unit_id, programme);
CREATE INDEX entitlements_by_household ON entitlements (household_id);

-- Where a unit with a programme ever was, annulled or not: what is due is asked as known at any moment.
CREATE TABLE entitlement_places (
    programme text NOT NULL COLLATE "C",
    division  text NOT NULL COLLATE "C",
    unit_id   uuid NOT NULL,
    PRIMARY KEY (programme, division, unit_id)
);
CREATE INDEX entitlement_places_of ON entitlement_places (unit_id);
CREATE INDEX entitlement_places_in_order ON entitlement_places (programme, unit_id);
