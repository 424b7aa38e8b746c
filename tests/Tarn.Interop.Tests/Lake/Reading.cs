namespace Tarn.Interop.Tests.Lake;

/// <summary>A state of a table, and the rows it has.</summary>
/// <param name="Table">Schema and name.</param>
/// <param name="Snapshot">A snapshot, or null for the current state.</param>
/// <param name="Number">Its place among the table's snapshots, from 1; 0 for the current state.</param>
/// <param name="Metadata">Path of the metadata file on this disk.</param>
/// <param name="Location">Location of the metadata file as the catalog knows it.</param>
/// <param name="Rows">Canonical rows in ordinal order, as Tarn reads them.</param>
internal sealed record Reading(string Table, long? Snapshot, int Number, string Metadata, string Location, IReadOnlyList<string> Rows)
{
    /// <summary>Names the state in requests and failures.</summary>
    public string Key => Number > 0 ? $"{Table}@{Number}" : Table;
}
