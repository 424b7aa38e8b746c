"""DuckDB with its httpfs extension, which makes no buckets: the one that is always there. Arguments: endpoint, access key, secret, authority to trust or nothing. Prints 'done'."""
import importlib, pathlib, sys
import duckdb

endpoint, key, secret, authority = sys.argv[1:5]
folder = pathlib.Path(importlib.import_module("duckdb_extension_httpfs").__file__).parent
extension = next(folder.rglob("httpfs.duckdb_extension"))
db = duckdb.connect(config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"})
db.execute(f"LOAD '{extension}'")
if authority:
    db.execute(f"SET ca_cert_file = '{authority}'")
    db.execute("SET enable_server_cert_verification = true")
db.execute(f"CREATE SECRET (TYPE s3, KEY_ID '{key}', SECRET '{secret}', ENDPOINT '{endpoint.split('//')[1]}', URL_STYLE 'path', USE_SSL {bool(authority)}, REGION 'us-east-1')")
for part in range(3):
    db.execute(f"COPY (SELECT {part} AS part, i, hash(i)::VARCHAR AS h FROM range(300000) t(i)) TO 's3://lake/files/data/part{part}.parquet'")
assert db.execute("SELECT count(*), count(DISTINCT part) FROM 's3://lake/files/data/*.parquet'").fetchone() == (900000, 3)
assert db.execute("SELECT h = hash(7)::VARCHAR FROM 's3://lake/files/data/part1.parquet' WHERE i = 7").fetchone() == (True,)
db.execute("COPY (SELECT 1 AS a) TO 's3://lake/files/small.csv'")
assert db.execute("SELECT a FROM 's3://lake/files/small.csv'").fetchone() == (1,)
assert len(db.execute("SELECT file FROM glob('s3://lake/files/**')").fetchall()) == 4
try:
    db.execute("SELECT * FROM 's3://lake/files/missing.parquet'")
    raise AssertionError("a missing file was read")
except duckdb.Error:
    pass
print("done")
