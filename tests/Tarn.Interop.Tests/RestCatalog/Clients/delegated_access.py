"""PyIceberg and DuckDB with an access key of the catalog alone: no rights and no keys for the storage.

Arguments: address of the catalog, access key, secret."""
import os
import sys

import duckdb
import duckdb_extension_avro, duckdb_extension_httpfs, duckdb_extension_iceberg
import pyarrow as pa
from pyiceberg.catalog.rest import RestCatalog
from pyiceberg.table.update import SetLocationUpdate
from pyiceberg.expressions import And, EqualTo, GreaterThanOrEqual

uri, key, secret = sys.argv[1:4]
for name in list(os.environ):
    if name.startswith("AWS_"):
        del os.environ[name]
os.environ["AWS_EC2_METADATA_DISABLED"] = "true"

# 1. PyIceberg writes and reads with the keys that come with the table.
catalog = RestCatalog("tarn", uri=uri, credential=f"{key}:{secret}", warehouse="lake")
catalog.create_namespace("delegated")
rows = pa.table({"id": pa.array(range(100), pa.int64()), "region": pa.array(["north" if i % 2 else "south" for i in range(100)])})
table = catalog.create_table("delegated.orders", rows.schema)
assert table.io.properties["s3.session-token"], "the catalog handed out no keys"
table.append(rows)
assert len(catalog.load_table("delegated.orders").scan().to_arrow()) == 100
print("PyIceberg wrote and read with vended credentials")

# 2. DuckDB appends and deletes with the keys that come with the table.
duck = duckdb.connect()
duck.execute("SET autoinstall_known_extensions=false; SET autoload_known_extensions=false")
for package, name in ((duckdb_extension_avro, "avro"), (duckdb_extension_httpfs, "httpfs"), (duckdb_extension_iceberg, "iceberg")):
    folder = os.path.dirname(package.__file__)
    found = [os.path.join(at, f) for at, _, files in os.walk(folder) for f in files if f == f"{name}.duckdb_extension"]
    duck.execute(f"LOAD '{found[0]}'")
duck.execute(f"CREATE SECRET tarn (TYPE iceberg, CLIENT_ID '{key}', CLIENT_SECRET '{secret}', OAUTH2_SERVER_URI '{uri}/v1/oauth/tokens')")
duck.execute(f"ATTACH 'lake' AS lake (TYPE iceberg, SECRET tarn, ENDPOINT '{uri}')")
assert duck.execute("SELECT count(*) FROM lake.delegated.orders").fetchone() == (100,)
duck.execute("INSERT INTO lake.delegated.orders SELECT 100 + range, 'west' FROM range(10)")
duck.execute("DELETE FROM lake.delegated.orders WHERE id < 10")
assert duck.execute("SELECT count(*), min(id) FROM lake.delegated.orders").fetchone() == (100, 10)
print("DuckDB appended, deleted and read with vended credentials")

# 3. PyIceberg reads files that the server finds, deletes included.
planned = RestCatalog("tarn", uri=uri, credential=f"{key}:{secret}", warehouse="lake", **{"scan-planning-mode": "server"})
scan = planned.load_table("delegated.orders")
assert planned.supports_server_side_planning()
local = catalog.load_table("delegated.orders")
for row_filter in (None, EqualTo("region", "west"), And(GreaterThanOrEqual("id", 5), EqualTo("region", "north"))):
    def read(source):
        return sorted((source.scan(row_filter=row_filter) if row_filter else source.scan()).to_arrow().to_pylist(), key=lambda row: row["id"])
    found = read(scan)
    assert found == read(local) and found, row_filter
assert len(list(scan.scan(row_filter=EqualTo("region", "west")).plan_files())) == 1
assert len([row for row in scan.scan().to_arrow().to_pylist()]) == 100
print("PyIceberg read what the server planned")

# 4. Both work with a table whose data goes to another folder than its own.
apart = catalog.create_table("delegated.apart", rows.schema, properties={"write.data.path": "s3://lake/apart/data"})
apart.append(rows)
duck.execute("INSERT INTO lake.delegated.apart SELECT 100 + range, 'west' FROM range(10)")
assert duck.execute("SELECT count(*), max(id) FROM lake.delegated.apart").fetchone() == (110, 109)
assert all(task.file.file_path.startswith("s3://lake/apart/data/") for task in catalog.load_table("delegated.apart").scan().plan_files())
assert len(catalog.load_table("delegated.apart").scan().to_arrow()) == 110
assert len(planned.load_table("delegated.apart").scan().to_arrow()) == 110
print("PyIceberg and DuckDB wrote and read data in a folder outside of the table's location")

# 5. The rows stay readable when the table sends its files elsewhere from then on, or lies elsewhere.
with apart.transaction() as change:
    change.set_properties({"write.data.path": "s3://lake/apart/other"})
moved = catalog.load_table("delegated.apart")
moved.append(rows)
duck.execute("INSERT INTO lake.delegated.apart VALUES (1000, 'east')")
for reader in (catalog, planned):
    assert len(reader.load_table("delegated.apart").scan().to_arrow()) == 211
assert duck.execute("SELECT count(*), max(id) FROM lake.delegated.apart").fetchone() == (211, 1000)
files = {os.path.dirname(task.file.file_path) for task in moved.refresh().scan().plan_files()}
assert files == {"s3://lake/apart/data", "s3://lake/apart/other"}, files
with moved.transaction() as change:
    change.remove_properties("write.data.path")
    change._apply((SetLocationUpdate(location="s3://lake/delegated/apart/moved"),))
moved.refresh().append(rows)
for reader in (catalog, planned):
    assert len(reader.load_table("delegated.apart").scan().to_arrow()) == 311
print("PyIceberg and DuckDB read rows in folders that the table had before")
