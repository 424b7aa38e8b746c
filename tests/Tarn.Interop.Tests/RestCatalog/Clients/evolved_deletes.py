"""DuckDB deletes from tables whose partitioning has changed. Where it lists its deletes so that engines read them differently, it is refused and all stays as it was.

Arguments: address of the catalog, access key, secret, the program tarn, its data folder."""
import csv
import io
import os
import subprocess
import sys

import duckdb
import duckdb_extension_avro, duckdb_extension_httpfs, duckdb_extension_iceberg
from pyiceberg.catalog.rest import RestCatalog
from pyiceberg.expressions import EqualTo

uri, key, secret, tarn, data = sys.argv[1:6]
for name in list(os.environ):
    if name.startswith("AWS_"):
        del os.environ[name]
os.environ["AWS_EC2_METADATA_DISABLED"] = "true"


def sql(text):
    done = subprocess.run([tarn, "sql", "--data", data, "--format", "csv", text], capture_output=True, text=True, encoding="utf-8")
    if done.returncode != 0:
        raise RuntimeError(f"{text}: {done.stderr}")
    return list(csv.reader(io.StringIO(done.stdout)))[1:]


catalog = RestCatalog("tarn", uri=uri, credential=f"{key}:{secret}", warehouse="lake")


def attach():
    duck = duckdb.connect()
    duck.execute("SET autoinstall_known_extensions=false; SET autoload_known_extensions=false")
    for package, name in ((duckdb_extension_avro, "avro"), (duckdb_extension_httpfs, "httpfs"), (duckdb_extension_iceberg, "iceberg")):
        folder = os.path.dirname(package.__file__)
        duck.execute(f"LOAD '{[os.path.join(at, f) for at, _, files in os.walk(folder) for f in files if f == f'{name}.duckdb_extension'][0]}'")
    duck.execute(f"CREATE SECRET tarn (TYPE iceberg, CLIENT_ID '{key}', CLIENT_SECRET '{secret}', OAUTH2_SERVER_URI '{uri}/v1/oauth/tokens')")
    duck.execute(f"ATTACH 'lake' AS lake (TYPE iceberg, SECRET tarn, ENDPOINT '{uri}')")
    return duck


def ids(table):
    seen = {
        "tarn": sorted(int(row[0]) for row in sql(f"SELECT id FROM {table}")),
        "DuckDB": sorted(row[0] for row in attach().execute(f"SELECT id FROM lake.{table}").fetchall()),
    }
    if catalog.load_table(table).format_version == 2:
        seen["PyIceberg"] = sorted(catalog.load_table(table).scan().to_arrow()["id"].to_pylist())
    assert len({str(rows) for rows in seen.values()}) == 1, f"{table}: {seen}"
    return seen["tarn"]


def refused(table, statement):
    before = catalog.load_table(table).metadata_location
    try:
        attach().execute(statement)
    except duckdb.Error as error:
        assert "adds the delete manifest" in str(error) and "nothing was changed" in str(error), error
    else:
        raise AssertionError(f"{statement} was accepted")
    assert catalog.load_table(table).metadata_location == before


def make(name, version, late):
    sql(f"CREATE TABLE evolved.{name} (id BIGINT, g INTEGER) WITH (format_version = {version}, partitioning = ARRAY['g']); INSERT INTO evolved.{name} VALUES (1, 1), (2, 2), (3, 1), (4, NULL);"
        f" ALTER TABLE evolved.{name} SET PROPERTIES partitioning = ARRAY['bucket(id, 2)']" + (f"; INSERT INTO evolved.{name} VALUES (11, 1), (12, 2)" if late else ""))
    return f"evolved.{name}"


sql("CREATE SCHEMA evolved")
old = make("old", 2, late=False)
refused(old, f"DELETE FROM lake.{old} WHERE id = 1")
refused(old, f"UPDATE lake.{old} SET g = 7 WHERE id = 2")
assert ids(old) == [1, 2, 3, 4]
print("the fields of the older partitioning are refused")
both = make("both", 2, late=True)
refused(both, f"DELETE FROM lake.{both} WHERE id IN (1, 4, 11)")
refused(both, f"DELETE FROM lake.{both} WHERE id = 11")
assert ids(both) == [1, 2, 3, 4, 11, 12]
print("the fields of both are refused")
catalog.load_table(both).delete(EqualTo("id", 1))
assert ids(both) == [2, 3, 4, 11, 12]
print("deletes of another engine are taken")
sql(f"ALTER TABLE {old} SET PROPERTIES format_version = 3")
third = make("third", 3, late=True)
for table in (old, third):
    attach().execute(f"DELETE FROM lake.{table} WHERE id IN (1, 4, 11)")
assert ids(old) == [2, 3] and ids(third) == [2, 3, 12]
print("deletes of version 3 are taken")
