using Tarn.Engine.Naming;
using Tarn.Iceberg.Scanning;
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
/// <param name="Scan">The version of it to read.</param>
internal sealed record ScanReference(int Ordinal, TableSource.Table Table, TableScan Scan)
{
    /// <summary>True for rows of the table, false for rows about it (<c>orders$files</c>).</summary>
    public bool IsData => Table.MetadataTable is null;

    /// <summary>The schema that the table is read with.</summary>
    public Schema Schema => Scan.Schema;

    /// <summary>What columns begin with while filters are looked for; the field id follows. No user's column does.</summary>
    public string ColumnPrefix => $"__tarn_c{Ordinal}_";

    /// <summary>Name of the temporary relation that stands for it in the engine.</summary>
    public string RelationName => $"__tarn_scan_{Ordinal}";
}
