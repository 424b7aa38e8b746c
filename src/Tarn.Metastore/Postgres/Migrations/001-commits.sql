-- One row, whose lock is the turn of whoever commits.
CREATE TABLE {schema}.log (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    id uuid NOT NULL,
    moved_to text
);
INSERT INTO {schema}.log (id) VALUES (gen_random_uuid());

-- The log itself: "record" is the truth, the columns beside it are for people who look.
CREATE TABLE {schema}.commits (
    number bigint PRIMARY KEY CHECK (number > 0),
    id uuid NOT NULL UNIQUE,
    time timestamptz NOT NULL,
    principal text NOT NULL,
    warehouse text NOT NULL,
    branch text NOT NULL,
    record json NOT NULL
);
