-- A lake that holds what Tarn can write, for readers that are not ours. Statements end with a semicolon at the end of a line.
CREATE SCHEMA types;
CREATE SCHEMA parts;
CREATE SCHEMA changes;

-- Every type, in each format version: common values, extremes, and a row of nulls.
CREATE TABLE types.v1 (
  id int, b boolean, i integer, l bigint, f real, d double, n9 decimal(9, 2), n18 decimal(18, 4), n38 decimal(38, 10), whole decimal(38, 0),
  day date, clock time, wall timestamp, moment timestamp with time zone, s varchar, u uuid, raw varbinary) WITH (format_version = 1);
INSERT INTO types.v1 VALUES
  (1, true, -2147483648, -9223372036854775808, 1.5::real, -0.1::double, -1234567.89, -12345678901234.5678, 1234567890123456789012345678.0123456789, 99999999999999999999999999999999999999,
   DATE '1969-12-31', TIME '23:59:59.999999', TIMESTAMP '1969-12-31 23:59:59.999999', TIMESTAMPTZ '2024-02-29 12:00:00+02', 'ünï''cödé 🏔', '12345678-1234-1234-1234-123456789abc', '\x00\xFF'::BLOB),
  (2, false, 2147483647, 9223372036854775807, '-inf', 'nan', 9999999.99, 99999999999999.9999, -9999999999999999999999999999.9999999999, -99999999999999999999999999999999999999,
   DATE '0001-01-01', TIME '00:00:00', TIMESTAMP '0001-01-01 00:00:00.000001', TIMESTAMPTZ '1900-01-01 00:00:00.5+00', '', '00000000-0000-0000-0000-000000000000', ''::BLOB),
  (3, NULL, 0, 0, 'nan', '-0.0'::DOUBLE, 0, 0, 0, 0,
   DATE '9999-12-31', TIME '12:34:56.000001', TIMESTAMP '9999-12-31 23:59:59.999999', TIMESTAMPTZ '9999-12-31 23:59:59.999999+00', 'a string that is longer than sixteen characters', 'ffffffff-ffff-ffff-ffff-ffffffffffff', '\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF'::BLOB),
  (4, true, 42, 42, '-0.0'::REAL, 'inf', 0.01, -0.0001, 0.0000000001, 1,
   DATE '1970-01-01', TIME '00:00:00.000001', TIMESTAMP '1970-01-01 00:00:00', TIMESTAMPTZ '1969-12-31 23:59:59.999999+00', '􏿿􏿿􏿿􏿿􏿿􏿿􏿿􏿿􏿿􏿿􏿿􏿿􏿿􏿿􏿿􏿿􏿿􏿿', '80000000-0000-0000-0000-000000000001', 'text'::BLOB),
  (5, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
CREATE TABLE types.v2 WITH (format_version = 2) AS SELECT * FROM types.v1;
CREATE TABLE types.v3 WITH (format_version = 3) AS SELECT * FROM types.v1;
CREATE TABLE types.timeless_v1 WITH (format_version = 1) AS SELECT * EXCLUDE (clock) FROM types.v1;
CREATE TABLE types.timeless_v2 WITH (format_version = 2) AS SELECT * EXCLUDE (clock) FROM types.v1;
CREATE TABLE types.timeless_v3 WITH (format_version = 3) AS SELECT * EXCLUDE (clock) FROM types.v1;

-- One file that holds nothing but nulls, one that holds nothing but NaN, and a table without rows.
CREATE TABLE types.nothing (x int, s varchar, d double, n decimal(20, 3));
INSERT INTO types.nothing VALUES (NULL, NULL, NULL, NULL), (NULL, NULL, NULL, NULL);
INSERT INTO types.nothing VALUES (1, 'x', 'nan', 1);
CREATE TABLE types.empty (x int, s varchar);

-- Nested: nulls and emptiness at every level, structs in lists in maps, keys of other types than text.
CREATE TABLE types.nested (
  id int, list integer[], pair row(x integer, y varchar), kv map(varchar, integer), deep row(inner row(a bigint, b double[]), tag varchar),
  points row(x integer, y decimal(38, 3))[], lists varchar[][], keyed map(integer, row(at timestamp, items varchar[])), days map(date, date[]));
INSERT INTO types.nested VALUES
  (1, [1, NULL, 3], {'x': 1, 'y': NULL}, MAP {'a': 1, 'b': NULL}, {'inner': {'a': 9, 'b': ['nan'::double, '-0.0'::double, NULL]}, 'tag': 't'},
   [{'x': 1, 'y': 1.5}, {'x': NULL, 'y': NULL}, NULL], [['a', NULL], [], NULL], MAP {1: {'at': TIMESTAMP '1969-07-20 20:17:40', 'items': ['x']}, 2: NULL}, MAP {DATE '1969-01-01': [DATE '2000-01-01', NULL]}),
  (2, [], {'x': NULL, 'y': NULL}, MAP {}, {'inner': NULL, 'tag': NULL}, [], [[]], MAP {}, MAP {}),
  (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (4, [NULL], {'x': 2147483647, 'y': ''}, MAP {'': 0}, {'inner': {'a': NULL, 'b': []}, 'tag': ''}, [NULL], [NULL], MAP {-1: {'at': NULL, 'items': NULL}}, MAP {DATE '2020-02-02': NULL});
CREATE TABLE types.nested_v3 WITH (format_version = 3) AS SELECT * FROM types.nested;
CREATE TABLE types.required (id bigint NOT NULL, name varchar NOT NULL, place row(city varchar, zip int) NOT NULL);
INSERT INTO types.required VALUES (1, 'one', {'city': NULL, 'zip': 1}), (2, 'two', {'city': 'Oslo', 'zip': NULL});

-- Version 3: nanoseconds and default values.
CREATE TABLE types.nanos (id int, wall timestamp(9)) WITH (format_version = 3);
INSERT INTO types.nanos VALUES (1, '1969-12-31 23:59:59.999999999'::TIMESTAMP_NS), (2, '2262-01-01 00:00:00.123456789'::TIMESTAMP_NS), (3, NULL);
CREATE TABLE types.nanos_tz (id int, moment timestamp(9) with time zone) WITH (format_version = 3);
INSERT INTO types.nanos_tz VALUES (1, '1969-12-31 23:59:59.999999999'::TIMESTAMP_NS), (2, '2262-01-01 00:00:00.123456789'::TIMESTAMP_NS), (3, NULL);
CREATE TABLE types.defaults (id int) WITH (format_version = 3);
INSERT INTO types.defaults VALUES (1), (2);
ALTER TABLE types.defaults ADD COLUMN name varchar DEFAULT 'nobody';
ALTER TABLE types.defaults ADD COLUMN n bigint DEFAULT 7;
ALTER TABLE types.defaults ADD COLUMN price decimal(10, 2) DEFAULT 12.50;
ALTER TABLE types.defaults ADD COLUMN day date DEFAULT DATE '1969-12-31';
ALTER TABLE types.defaults ADD COLUMN flag boolean DEFAULT true;
ALTER TABLE types.defaults ADD COLUMN d double DEFAULT 0.5;
INSERT INTO types.defaults (id, name) VALUES (3, 'given'), (4, NULL);
ALTER TABLE types.defaults ALTER COLUMN name SET DEFAULT 'somebody';
INSERT INTO types.defaults (id, n) VALUES (5, NULL);
CREATE TABLE types.simple_defaults (id int) WITH (format_version = 3);
INSERT INTO types.simple_defaults VALUES (1), (2);
ALTER TABLE types.simple_defaults ADD COLUMN name varchar DEFAULT 'nobody';
ALTER TABLE types.simple_defaults ADD COLUMN n bigint DEFAULT 7;
ALTER TABLE types.simple_defaults ADD COLUMN day date DEFAULT DATE '1969-12-31';
ALTER TABLE types.simple_defaults ADD COLUMN d double DEFAULT 0.5;
INSERT INTO types.simple_defaults (id, name) VALUES (3, 'given'), (4, NULL);

-- Steps of evolution with data between them.
CREATE TABLE changes.evolved (id int, name varchar, small real, price decimal(9, 2), place row(city varchar, zip int), list integer[]);
INSERT INTO changes.evolved VALUES (1, 'one', 1.5, 1.25, {'city': 'Oslo', 'zip': 150}, [1, 2]), (2, NULL, 'nan'::real, NULL, NULL, NULL);
ALTER TABLE changes.evolved ADD COLUMN note varchar COMMENT 'a remark';
INSERT INTO changes.evolved VALUES (3, 'three', -0.5, 3, {'city': NULL, 'zip': 3}, [], 'noted');
ALTER TABLE changes.evolved RENAME COLUMN name TO title;
ALTER TABLE changes.evolved ALTER COLUMN id SET DATA TYPE bigint;
ALTER TABLE changes.evolved ALTER COLUMN small SET DATA TYPE double;
ALTER TABLE changes.evolved ALTER COLUMN price SET DATA TYPE decimal(38, 2);
INSERT INTO changes.evolved VALUES (3000000000, 'big', 1e300, 123456789012345678901234567890123456.78, {'city': 'Turku', 'zip': 20100}, [NULL], 'n');
ALTER TABLE changes.evolved ADD COLUMN place.country varchar;
ALTER TABLE changes.evolved DROP COLUMN note;
INSERT INTO changes.evolved VALUES (5, 'five', 5, 5, {'city': 'Turku', 'zip': 1, 'country': 'FI'}, NULL);
ALTER TABLE changes.evolved ADD COLUMN note varchar FIRST;
ALTER TABLE changes.evolved ALTER COLUMN title FIRST;
ALTER TABLE changes.evolved ALTER COLUMN price AFTER title;
INSERT INTO changes.evolved (id, note, title) VALUES (6, 'new note', 'six');

-- Partitioning that changes between writes.
CREATE TABLE changes.layout (id bigint, d date, region varchar) WITH (partitioning = ARRAY['month(d)', 'bucket(id, 4)'], sorted_by = ARRAY['id DESC']);
INSERT INTO changes.layout SELECT i, DATE '1969-12-01' + i::int, CASE WHEN i % 2 = 0 THEN 'north' ELSE 'south' END FROM range(90) r(i);
ALTER TABLE changes.layout SET PROPERTIES partitioning = ARRAY['region'];
INSERT INTO changes.layout VALUES (1000, DATE '2025-01-01', 'north'), (1001, NULL, NULL), (NULL, DATE '2025-01-01', 'a/b c%20=d');
ALTER TABLE changes.layout SET PROPERTIES partitioning = ARRAY['year(d)', 'truncate(region, 2)'];
INSERT INTO changes.layout VALUES (2000, DATE '1950-05-05', 'western'), (2001, NULL, NULL);
ALTER TABLE changes.layout SET PROPERTIES partitioning = ARRAY[];
INSERT INTO changes.layout VALUES (3000, DATE '2025-01-01', 'plain');
CREATE TABLE changes.layout_v1 (id bigint, d date, region varchar) WITH (format_version = 1, partitioning = ARRAY['month(d)', 'region']);
INSERT INTO changes.layout_v1 VALUES (1, DATE '1969-12-31', 'a'), (2, DATE '2020-02-02', NULL), (3, NULL, 'b');
ALTER TABLE changes.layout_v1 SET PROPERTIES partitioning = ARRAY['region'];
INSERT INTO changes.layout_v1 VALUES (4, DATE '2021-01-01', 'a'), (5, NULL, NULL);

-- Several snapshots, a branch and a tag, whole files deleted, rollback, replacement, truncation.
CREATE TABLE changes.history (n int, k varchar) WITH (partitioning = ARRAY['k']);
INSERT INTO changes.history VALUES (1, 'a'), (2, 'b');
ALTER TABLE changes.history CREATE TAG first_load;
INSERT INTO changes.history VALUES (3, 'a'), (4, 'c');
ALTER TABLE changes.history CREATE BRANCH audit;
DELETE FROM changes.history WHERE k = 'a';
INSERT INTO changes.history VALUES (5, 'e');
CREATE TABLE changes.history_v3 (n int, k varchar) WITH (format_version = 3, partitioning = ARRAY['k']);
INSERT INTO changes.history_v3 VALUES (1, 'a'), (2, 'b');
INSERT INTO changes.history_v3 VALUES (3, 'a'), (4, 'c');
DELETE FROM changes.history_v3 WHERE k = 'a';
INSERT INTO changes.history_v3 VALUES (5, 'e'), (6, NULL);
CREATE TABLE changes.replaced (n int, k varchar);
INSERT INTO changes.replaced VALUES (1, 'old');
CREATE OR REPLACE TABLE changes.replaced WITH (partitioning = ARRAY['bucket(k, 3)']) AS SELECT i::bigint AS m, 'new' || i AS k FROM range(10) r(i);
INSERT INTO changes.replaced VALUES (100, NULL);
CREATE TABLE changes.emptied (n int);
INSERT INTO changes.emptied VALUES (1), (2);
TRUNCATE TABLE changes.emptied;
CREATE TABLE changes.upgraded (n int, k varchar) WITH (format_version = 1);
INSERT INTO changes.upgraded VALUES (1, 'one');
ALTER TABLE changes.upgraded SET PROPERTIES format_version = 2;
INSERT INTO changes.upgraded VALUES (2, 'two');
ALTER TABLE changes.upgraded SET PROPERTIES format_version = 3;
INSERT INTO changes.upgraded VALUES (3, 'three');
CREATE TABLE changes.sorted (id int, s varchar, d double) WITH (sorted_by = ARRAY['s DESC NULLS LAST', 'id']);
INSERT INTO changes.sorted SELECT i, CASE WHEN i % 7 = 0 THEN NULL ELSE 'name ' || (i * 37 % 100) END, CASE WHEN i % 10 = 0 THEN 'nan'::double ELSE i / 8 END FROM range(200) r(i);

-- Partitioned by each transform over each type; every table holds nulls and values before 1970 or below zero.
CREATE TABLE parts.source (
  id int, b boolean, i integer, l bigint, n9 decimal(9, 2), n38 decimal(38, 10), day date, clock time, wall timestamp, moment timestamp with time zone, s varchar, u uuid, raw varbinary);
INSERT INTO parts.source VALUES
  (1, true, 1, 1, 1.50, 1.5, DATE '2024-02-29', TIME '01:02:03.000004', TIMESTAMP '2024-02-29 23:59:59.999999', TIMESTAMPTZ '2024-02-29 23:59:59.999999+00', 'alpha', '12345678-1234-1234-1234-123456789abc', 'abc'::BLOB),
  (2, false, -1, -1, -1.50, -1.5, DATE '1969-12-31', TIME '23:59:59.999999', TIMESTAMP '1969-12-31 23:59:59.999999', TIMESTAMPTZ '1969-12-31 23:59:59.999999+00', 'älpha', '00000000-0000-0000-0000-000000000000', '\x00\xFF'::BLOB),
  (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (4, true, -11, -11, -10.01, -0.0000000001, DATE '1900-01-01', TIME '00:00:00', TIMESTAMP '1900-01-01 00:00:00', TIMESTAMPTZ '1900-01-01 00:00:00+00', '', 'ffffffff-ffff-ffff-ffff-ffffffffffff', ''::BLOB),
  (5, false, 2147483647, 9223372036854775807, 9999999.99, 9999999999999999999999999999.9999999999, DATE '9999-12-31', TIME '12:00:00', TIMESTAMP '2100-07-01 12:30:00', TIMESTAMPTZ '2100-07-01 12:30:00+02', 'a/b=c d%20é🏔', '80000000-0000-0000-0000-000000000001', '\xFF\xFF'::BLOB),
  (6, true, 10, 10, 0.00, 0, DATE '1970-01-01', TIME '00:00:00.000001', TIMESTAMP '1970-01-01 00:00:00', TIMESTAMPTZ '1970-01-01 00:00:00+00', 'alphabet', '12345678-1234-1234-1234-123456789abd', 'abcd'::BLOB),
  (7, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (8, false, 0, -9223372036854775000, 0.49, 1234567890123456789.5, DATE '1969-01-01', TIME '00:00:01', TIMESTAMP '1969-01-01 01:00:00', TIMESTAMPTZ '1969-01-01 01:00:00+00', 'zürich', 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee', '\x80'::BLOB);
