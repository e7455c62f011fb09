-- How monitoring begins (contracts/registry/clues.py, authorisations.py). Nothing personal is in these tables.
CREATE TABLE clues (
    clue_id      uuid PRIMARY KEY,
    receipt_no   text NOT NULL,
    source       text NOT NULL,
    channel      text,
    department   text,
    item         text,
    reference    text,
    division     text NOT NULL COLLATE "C",  -- the village that it is in today
    received_in  text NOT NULL COLLATE "C",  -- of the office that gave the receipt
    household_id uuid,                       -- null while it is not on record
    received_on  date NOT NULL,
    document     text NOT NULL,              -- edition of the handling of clues
    accept_by    date,                       -- null where nobody has to accept it
    end_by       date NOT NULL,
    state        text NOT NULL,
    accepted_on  date,
    refused_for  text,
    answer       text,
    duplicate_of uuid,
    case_id      uuid,
    ended_on     date
);
CREATE INDEX clues_by_receipt ON clues (receipt_no);
CREATE INDEX clues_by_division ON clues (division, clue_id);
CREATE INDEX clues_open ON clues (division, received_on) WHERE ended_on IS NULL;
CREATE INDEX clues_of_household ON clues (household_id) WHERE household_id IS NOT NULL;
