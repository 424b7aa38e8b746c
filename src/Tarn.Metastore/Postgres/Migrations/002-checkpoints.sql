-- The state at one commit, so that opening need not read the log from its start; a row for each form of the state.
CREATE TABLE {schema}.checkpoints (
    form integer PRIMARY KEY,
    number bigint NOT NULL,
    state bytea NOT NULL
);
