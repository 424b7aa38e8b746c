using Tarn.Engine.Naming;
using Tarn.Iceberg.Spec;

namespace Tarn.Engine.Planning;

/// <summary>A query in which every table is replaced by the name of a relation that is still to be made.</summary>
/// <param name="Sql">The query for the engine.</param>
/// <param name="Scans">The relations it names.</param>
/// <param name="OriginalOffset">From an offset in <paramref name="Sql"/> to one in the query as given.</param>
internal sealed record BoundQuery(string Sql, IReadOnlyList<ScanReference> Scans, Func<int, int> OriginalOffset)
{
    /// <summary>From the engine's name of a column to the table's, where they differ (names that differ in case only).</summary>
    public IReadOnlyDictionary<string, string> OriginalNames { get; init; } = new Dictionary<string, string>();
}

/// <summary>One use of a table in a query.</summary>
/// <param name="Ordinal">Number within the statement.</param>
/// <param name="Table">The table.</param>
/// <param name="Snapshot">The snapshot to read; null for a table without rows yet.</param>
/// <param name="Schema">The schema to read with.</param>
internal sealed record ScanReference(int Ordinal, TableSource.Table Table, Snapshot? Snapshot, Schema Schema)
{
    /// <summary>Name of the temporary relation that stands for it in the engine.</summary>
    public string RelationName => $"__tarn_scan_{Ordinal}";
}
