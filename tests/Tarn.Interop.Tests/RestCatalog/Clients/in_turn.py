"""Tarn's SQL, PyIceberg and DuckDB write to one table in turn, and after each step all three see the same rows.

Arguments: address of the catalog, access key, secret, the program tarn, its data folder."""
import csv
import io
import os
import subprocess
import sys
import threading

import duckdb
import duckdb_extension_avro, duckdb_extension_httpfs, duckdb_extension_iceberg
import pyarrow as pa
from pyiceberg.catalog.rest import RestCatalog
from pyiceberg.exceptions import CommitFailedException
from pyiceberg.expressions import EqualTo
from pyiceberg.schema import Schema
from pyiceberg.types import DecimalType, LongType, NestedField
from pyiceberg.view.metadata import SQLViewRepresentation, ViewRepresentation, ViewVersion

uri, key, secret, tarn, data = sys.argv[1:6]
for name in list(os.environ):
    if name.startswith("AWS_"):
        del os.environ[name]
os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
CONCURRENT = 4


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


def load():
    return catalog.load_table("turn.t")


def batch(*rows):
    return pa.table({"id": pa.array([r[0] for r in rows], pa.int64()), "name": [r[1] for r in rows]})


def text(rows):
    return sorted([str(v) if v not in (None, "") else "" for v in row] for row in rows)


def all_see(step, *expected):
    columns = ["id", "name"] if len(expected[0]) == 2 else ["id", "name", "price"]
    expected = text(expected)
    seen = {
        "tarn": text(sql(f"SELECT {', '.join(columns)} FROM turn.t")),
        "PyIceberg": text([[row[c] for c in columns] for row in load().scan().to_arrow().to_pylist()]),
        "DuckDB": text(attach().execute(f"SELECT {', '.join(columns)} FROM lake.turn.t").fetchall()),
    }
    for who, rows in seen.items():
        assert rows == expected, f"after {step}, {who} sees {rows} instead of {expected}"
    print(step)


sql("CREATE SCHEMA turn; CREATE TABLE turn.t (id BIGINT, name VARCHAR); INSERT INTO turn.t VALUES (1, 'a'), (2, 'b'), (3, 'c')")
all_see("Tarn created and inserted", (1, "a"), (2, "b"), (3, "c"))
load().append(batch((4, "d"), (5, "e")))
all_see("PyIceberg appended", (1, "a"), (2, "b"), (3, "c"), (4, "d"), (5, "e"))
before = load().current_snapshot().snapshot_id
duck = attach()
duck.execute("INSERT INTO lake.turn.t VALUES (6, 'f')")
duck.execute("UPDATE lake.turn.t SET name = 'updated' WHERE id = 1")
duck.execute("DELETE FROM lake.turn.t WHERE id = 2")
all_see("DuckDB inserted, updated and deleted", (1, "updated"), (3, "c"), (4, "d"), (5, "e"), (6, "f"))
assert len(sql(f"SELECT id FROM turn.t FOR VERSION AS OF {before}")) == len(attach().execute(f"SELECT id FROM lake.turn.t AT (VERSION => {before})").fetchall()) == 5
assert sorted(load().scan(snapshot_id=before).to_arrow()["id"].to_pylist()) == [1, 2, 3, 4, 5]
sql("INSERT INTO turn.t VALUES (7, 'g')")
upserted = load().upsert(batch((3, "upserted"), (8, "h")), join_cols=["id"])
assert (upserted.rows_updated, upserted.rows_inserted) == (1, 1)
all_see("Tarn inserted and PyIceberg upserted", (1, "updated"), (3, "upserted"), (4, "d"), (5, "e"), (6, "f"), (7, "g"), (8, "h"))
with load().update_schema() as update:
    update.add_column("price", DecimalType(10, 2))
load().delete(EqualTo("id", 5))
sql("INSERT INTO turn.t VALUES (9, 'i', 1.5)")
all_see("PyIceberg evolved and deleted, Tarn inserted", (1, "updated", None), (3, "upserted", None), (4, "d", None), (6, "f", None), (7, "g", None), (8, "h", None), (9, "i", "1.50"))
attach().execute("INSERT INTO lake.turn.t VALUES (10, 'j', 2.5)")
load().overwrite(pa.table({"id": pa.array([11], pa.int64()), "name": ["k"], "price": pa.array([None], pa.decimal128(10, 2))}), overwrite_filter=EqualTo("id", 4))
left = [(1, "updated", None), (3, "upserted", None), (6, "f", None), (7, "g", None), (8, "h", None), (9, "i", "1.50"), (10, "j", "2.50"), (11, "k", None)]
all_see("DuckDB inserted and PyIceberg overwrote", *left)

# DuckDB makes tables with rows in one commit, and tells last which schema is the current one.
duck = attach()
duck.execute("CREATE TABLE lake.turn.made_with_rows AS SELECT id, name FROM lake.turn.t WHERE id < 7")
duck.execute("BEGIN; CREATE TABLE lake.turn.made_in_steps (id BIGINT, name VARCHAR); INSERT INTO lake.turn.made_in_steps SELECT id, name FROM lake.turn.t WHERE id < 7; COMMIT")
for made in ("made_with_rows", "made_in_steps"):
    expected = text([(1, "updated"), (3, "upserted"), (6, "f")])
    assert text(sql(f"SELECT id, name FROM turn.{made}")) == expected and text(attach().execute(f"FROM lake.turn.{made}").fetchall()) == expected, made
    assert text([[row["id"], row["name"]] for row in catalog.load_table(f"turn.{made}").scan().to_arrow().to_pylist()]) == expected, made
print("DuckDB made tables with rows")

# Views: each sees what the other made.
sql("CREATE VIEW turn.made_by_tarn AS SELECT id FROM turn.t WHERE id > 8")
assert catalog.view_exists("turn.made_by_tarn") and "SELECT" in catalog.load_view("turn.made_by_tarn").current_version().representations[0].root.sql
version = ViewVersion(version_id=1, schema_id=0, timestamp_ms=1, summary={}, default_namespace=["turn"],
                      representations=[ViewRepresentation(SQLViewRepresentation(type="sql", sql="SELECT id FROM turn.t WHERE id <= 8", dialect="spark"))])
catalog.create_view("turn.made_by_pyiceberg", Schema(NestedField(1, "id", LongType())), version)
assert [int(row[0]) for row in sql("SELECT id FROM turn.made_by_pyiceberg ORDER BY id")] == [1, 3, 6, 7, 8]
print("each saw the other's view")


# All at once: appends meet and none is lost.
def by_pyiceberg():
    for i in range(CONCURRENT):
        for tries in range(20):
            try:
                load().append(pa.table({"id": pa.array([100 + i], pa.int64()), "name": ["p"]}))
                break
            except CommitFailedException:
                if tries == 19:
                    raise


def by_duckdb():
    own = attach()
    for i in range(CONCURRENT):
        for tries in range(20):
            try:
                own.execute(f"INSERT INTO lake.turn.t (id, name) VALUES ({200 + i}, 'd')")
                break
            except duckdb.TransactionException:
                if tries == 19:
                    raise


def by_tarn():
    for i in range(CONCURRENT):
        sql(f"INSERT INTO turn.t (id, name) VALUES ({300 + i}, 't')")


failed = []


def watched(work):
    try:
        work()
    except Exception as error:
        failed.append(f"{work.__name__}: {error}")


threads = [threading.Thread(target=watched, args=(work,)) for work in (by_pyiceberg, by_duckdb, by_tarn)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert not failed, failed
made = [(start + i, name, None) for start, name in ((100, "p"), (200, "d"), (300, "t")) for i in range(CONCURRENT)]
all_see("all appended at once", *left, *made)
