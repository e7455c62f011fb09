-- What the register tells of visits and talks (its records), folded as this service's own are: they fulfil what helpers owe.
CREATE TABLE followed_records (LIKE records INCLUDING ALL);
