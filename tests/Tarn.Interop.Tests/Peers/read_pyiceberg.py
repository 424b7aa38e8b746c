"""Rows of tables by PyIceberg. Each request: key, metadata (location), snapshot (id or null), filter (or null)."""
import sys

from pyiceberg.table import StaticTable

import canon


def read(request):
    table = StaticTable.from_metadata(request["metadata"])
    scan = {"snapshot_id": request["snapshot"]} if request.get("snapshot") else {}
    if request.get("filter"):
        scan["row_filter"] = request["filter"]
    return canon.rows(table.scan(**scan).to_arrow())


canon.answer(sys.stdin, read)
