"""One step of PyIceberg on the table sales.t of a Hive Metastore: hive_in_turn.py URI S3_ENDPOINT KEY SECRET append|delete|list"""
import sys

import pyarrow as pa
from pyiceberg.catalog import load_catalog

uri, endpoint, key, secret, step = sys.argv[1:]
catalog = load_catalog("lake", type="hive", uri=uri, **{"s3.endpoint": endpoint, "s3.access-key-id": key, "s3.secret-access-key": secret, "s3.region": "us-east-1"})
if step == "list":
    print([name for _, name in catalog.list_tables("sales")])
    sys.exit()
table = catalog.load_table("sales.t")
if step == "append":
    table.append(pa.table({"id": pa.array([2], pa.int64()), "name": ["pyiceberg"]}))
else:
    table.delete("id = 2")
    table.append(pa.table({"id": pa.array([4], pa.int64()), "name": ["again"], "note": ["x"]}))
print(sorted(tuple(row.values()) for row in table.scan().to_arrow().to_pylist()))
