"""Rows of tables by DuckDB's iceberg extension. Each request: key, metadata (location), snapshot (id or null)."""
import pathlib
import sys
import sysconfig

import duckdb

import canon

shared = None
SITE = pathlib.Path(sysconfig.get_paths()["purelib"])


def connect():
    connection = duckdb.connect()
    connection.execute("SET autoinstall_known_extensions=false; SET autoload_known_extensions=false")
    for name in ("avro", "httpfs", "iceberg"):  # iceberg needs the other two and would look for them on the network
        connection.execute(f"LOAD '{SITE}/duckdb_extension_{name}/extensions/v{duckdb.__version__}/{name}.duckdb_extension'")
    connection.execute("SET TimeZone='UTC'")
    return connection


def read(request):
    global shared
    connection, shared = shared or connect(), None  # an internal error invalidates a whole instance
    path = request["metadata"].removeprefix("file://")
    snapshot = f", snapshot_from_id => {request['snapshot']}" if request.get("snapshot") else ""
    where = f" WHERE {request['filter']}" if request.get("filter") else ""
    table = connection.execute(f"SELECT * FROM iceberg_scan('{path}'{snapshot}){where}").to_arrow_table()
    shared = connection
    return canon.rows(table)


canon.answer(sys.stdin, read)
