namespace Tarn.DuckDb;

/// <summary>What a result holds: <c>duckdb_result_type</c> of the C API, with its numbers.</summary>
public enum DuckDbResultKind
{
    Invalid = 0,
    ChangedRows = 1,
    Nothing = 2,
    QueryResult = 3,
}
