namespace Tarn.DuckDb;

/// <summary>How far a running statement is.</summary>
/// <param name="Percentage">0 to 100; negative when DuckDB does not know.</param>
/// <param name="RowsProcessed">Rows read so far by the sources of the plan.</param>
/// <param name="RowsTotal">Rows that they will read, as far as known.</param>
public readonly record struct DuckDbProgress(double Percentage, long RowsProcessed, long RowsTotal);
