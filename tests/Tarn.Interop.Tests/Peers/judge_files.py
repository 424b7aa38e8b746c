"""
Holds what Tarn's manifests say of a data file against the file itself: record count, size, null and NaN counts, bounds, partition values; and
that a scan of PyIceberg with a filter keeps every file that has a matching row. Each request: key, metadata (location), column (to filter by, or null).
Answers {"key", "files", "problems"}.
"""
import json
import math
import os
import sys
import uuid

import pyarrow as pa
import pyarrow.parquet as parquet
from pyiceberg.conversions import from_bytes
from pyiceberg.expressions import EqualTo, GreaterThan, GreaterThanOrEqual, In, IsNull, LessThan, LessThanOrEqual, NotEqualTo, NotNull
from pyiceberg.manifest import ManifestEntryStatus
from pyiceberg.table import StaticTable
from pyiceberg.types import DoubleType, FloatType, IntegerType, LongType, UUIDType

NUMBERED = (pa.types.is_timestamp, pa.types.is_time, pa.types.is_date)


def local(location):
    return location.removeprefix("file://")


def internal(kind, scalar):
    """A value as Iceberg computes with it: dates and times are numbers."""
    if not scalar.is_valid:
        return None
    if isinstance(kind, pa.BaseExtensionType):
        return scalar.value.as_py() if isinstance(scalar.value.as_py(), bytes) else scalar.value.as_py().bytes
    return scalar.value if any(test(kind) for test in NUMBERED) else scalar.as_py()


def leaves(fields, columns):
    """Field id, type and scalars of each primitive column outside lists and maps."""
    for field, values in zip(fields, columns):
        if pa.types.is_struct(field.type):
            children = [[value[i] if value.is_valid else pa.scalar(None, child.type) for value in values] for i, child in enumerate(field.type)]
            yield from leaves(list(field.type), children)
        elif not pa.types.is_nested(field.type):
            yield int(field.metadata[b"PARQUET:field_id"]), field.name, field.type, values


def written_type(kind, data):
    """Bounds keep the type that the column had when the file was written."""
    if isinstance(kind, LongType) and len(data) == 4:
        return IntegerType()
    return FloatType() if isinstance(kind, DoubleType) and len(data) == 4 else kind


def is_nan(value):
    return isinstance(value, float) and math.isnan(value)


def judge_bounds(data_file, schema, column):
    field_id, name, kind, scalars = column
    values = [internal(kind, scalar) for scalar in scalars]
    real = [value for value in values if value is not None and not is_nan(value)]
    if data_file.value_counts.get(field_id) != len(values):
        yield f"{name}: {len(values)} values, counted {data_file.value_counts.get(field_id)}"
    if data_file.null_value_counts.get(field_id) != values.count(None):
        yield f"{name}: {values.count(None)} nulls, counted {data_file.null_value_counts.get(field_id)}"
    nans = sum(map(is_nan, values))
    if pa.types.is_floating(kind) and data_file.nan_value_counts.get(field_id) != nans:
        yield f"{name}: {nans} NaN, counted {data_file.nan_value_counts.get(field_id)}"
    lower, upper = data_file.lower_bounds.get(field_id), data_file.upper_bounds.get(field_id)
    if not real:
        if lower is not None or upper is not None:
            yield f"{name}: bounds of no values"
        return
    exact = not nans and (not isinstance(real[0], (str, bytes)) or max(map(len, real)) <= 16)  # bounds are optional beside NaN and for long text
    for side, data, end in (("lower", lower, min(real)), ("upper", upper, max(real))):
        if data is None:
            if exact:
                yield f"{name}: no {side} bound"
            continue
        bound = from_bytes(written_type(schema.find_type(field_id), data), data)
        if (bound > end) if side == "lower" else (bound < end):
            yield f"{name}: {side} bound {bound!r} of {end!r}"
        elif exact and bound != end:
            yield f"{name}: {side} bound {bound!r} is not {end!r}"


def same(left, right):
    def plain(value):
        return value.bytes if isinstance(value, uuid.UUID) else value

    return plain(left) == plain(right)


def judge_partition(data_file, spec, schema, columns):
    by_id = {column[0]: column for column in columns}
    for position, field in enumerate(spec.fields):
        if field.source_id not in by_id or str(field.transform) == "void":
            continue
        _, name, kind, scalars = by_id[field.source_id]
        transform = field.transform.transform(schema.find_type(field.source_id))
        for value in {internal(kind, scalar) for scalar in scalars}:
            expected = None if value is None else transform(value)
            if not same(expected, data_file.partition[position]):
                yield f"{field.transform} of {name} {value!r} is {expected!r}, but the partition says {data_file.partition[position]!r}"


def judge_file(table, schemas, manifest, entry):
    data_file = entry.data_file
    path = local(data_file.file_path)
    content = parquet.ParquetFile(path).read()
    columns = list(leaves(list(content.schema), [list(column) for column in content.columns]))
    if data_file.record_count != content.num_rows:
        yield f"{content.num_rows} rows, counted {data_file.record_count}"
    if data_file.file_size_in_bytes != os.path.getsize(path):
        yield f"{os.path.getsize(path)} bytes, said {data_file.file_size_in_bytes}"
    for column in columns:
        schema = next(schema for schema in schemas if column[0] in schema._lazy_id_to_field)
        yield from judge_bounds(data_file, schema, column)
    yield from judge_partition(data_file, table.specs()[manifest.partition_spec_id], schemas[0], columns)


def judge_filters(table, name):
    everything = table.scan().to_arrow().column(name)
    values = sorted({scalar.as_py() for scalar in everything if scalar.is_valid}, key=lambda value: (isinstance(value, float) and math.isnan(value), value))
    tests = [(IsNull(name), lambda cell: cell is None), (NotNull(name), lambda cell: cell is not None)]
    for value in values:
        for kind, holds in (
            (EqualTo, lambda a, b: a == b), (NotEqualTo, lambda a, b: a != b), (LessThan, lambda a, b: a < b),
            (LessThanOrEqual, lambda a, b: a <= b), (GreaterThan, lambda a, b: a > b), (GreaterThanOrEqual, lambda a, b: a >= b)):
            tests.append((kind(name, value), lambda cell, value=value, holds=holds: cell is not None and holds(cell, value)))
        tests.append((In(name, [value, values[0]]), lambda cell, value=value: cell in (value, values[0])))
    cells = {}
    for task in table.scan().plan_files():
        cells[task.file.file_path] = [scalar.as_py() for scalar in parquet.ParquetFile(local(task.file.file_path)).read([name]).column(0)]
    for expression, holds in tests:
        try:
            kept = {task.file.file_path for task in table.scan(row_filter=expression).plan_files()}
        except OverflowError:  # PyIceberg steps beyond the last day of Python's calendar
            continue
        for path, column in cells.items():
            if path not in kept and any(holds(cell) for cell in column):
                yield f"{expression} loses {path}, which holds {column}"


def judge(request):
    table = StaticTable.from_metadata(request["metadata"])
    schemas = [table.schema(), *table.schemas().values()]
    files, problems = 0, []
    snapshot = table.current_snapshot()
    for manifest in snapshot.manifests(table.io) if snapshot else []:
        for entry in manifest.fetch_manifest_entry(table.io, discard_deleted=False):
            if entry.status != ManifestEntryStatus.DELETED:
                files += 1
                problems += [f"{entry.data_file.file_path}: {problem}" for problem in judge_file(table, schemas, manifest, entry)]
    if request["column"]:
        problems += judge_filters(table, request["column"])
    return {"key": request["key"], "files": files, "problems": problems}


for line in sys.stdin:
    print(json.dumps(judge(json.loads(line))), flush=True)
