using Tarn.Engine.Sessions;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec.Types;
using Tarn.Interop.Tests.Peers;
using Tarn.Storage.Local;
using Tarn.Testing.Lakes;

namespace Tarn.Interop.Tests.Lake;

/// <summary>A lake made by <c>tarn demo</c> and <see cref="LakeScript"/>, with what Tarn reads from it.</summary>
internal sealed class ForeignLake
{
    private const int DemoRows = 2000;

    /// <summary>Schemas of the demo and of the script, and whether older snapshots of their tables are read too.</summary>
    private static readonly (string Schema, bool AllSnapshots)[] Schemas =
        [("bronze", true), ("silver", true), ("gold", true), ("types", false), ("changes", true), ("parts", false)];

    private readonly List<Reading> readings = [];

    private ForeignLake(DataFolder folder) => Folder = folder;

    /// <summary>Where it lies.</summary>
    public DataFolder Folder { get; }

    /// <summary>The current state of every table, and each snapshot of the demo's tables and of those in schema <c>changes</c>.</summary>
    public IReadOnlyList<Reading> Readings => readings;

    /// <summary>Makes the lake.</summary>
    /// <param name="path">An empty folder.</param>
    /// <param name="warehouse">Warehouse location; null is Tarn's own.</param>
    public static async Task<ForeignLake> CreateAsync(string path, string? warehouse)
    {
        string[] locations = warehouse is null ? [] : ["--warehouse-location", warehouse];
        await PeerProcess.RunAsync(Path.Join(AppContext.BaseDirectory, "tarn"), ["demo", "--rows", $"{DemoRows}", "--data", path, .. locations], []);
        await using var local = LocalLake.Open(path, warehouse);
        var (catalog, session) = (local.Catalog, local.Session);
        foreach (string sql in LakeScript.Statements)
            await RowsAsync(session, sql, new HashSet<string>());
        var lake = new ForeignLake(local.Folder);
        foreach (var (schema, allSnapshots) in Schemas)
        {
            foreach (var table in (await catalog.ListTablesAsync(Namespace.Of(schema))).Items)
                await lake.ReadAsync(session, (await catalog.LoadTableAsync(table))!, allSnapshots);
        }

        return lake;
    }

    /// <summary>The place on this disk of a location in the lake.</summary>
    public string PathOf(string location) => location.StartsWith("file://", StringComparison.Ordinal)
        ? location["file://".Length..]
        : Path.Join(Folder.Path, location["s3://".Length..]);

    private async Task ReadAsync(ISqlSession session, TableHandle table, bool allSnapshots)
    {
        var zoned = table.Metadata.CurrentSchema.Fields.Where(f => f.Type.Id == TypeId.TimestampTzNs).Select(f => f.Name).ToHashSet();
        string name = $"{table.Identifier.Namespace}.{table.Identifier.Name}", metadata = PathOf(table.MetadataLocation);
        readings.Add(new Reading(name, null, 0, metadata, table.MetadataLocation, await RowsAsync(session, $"SELECT * FROM {name}", zoned)));
        if (!allSnapshots)
            return;
        foreach (var (i, snapshot) in table.Metadata.Snapshots.Index())
        {
            var rows = await RowsAsync(session, $"SELECT * FROM {name} FOR VERSION AS OF {snapshot.SnapshotId}", zoned);
            readings.Add(new Reading(name, snapshot.SnapshotId, i + 1, metadata, table.MetadataLocation, rows));
        }
    }

    private static async Task<IReadOnlyList<string>> RowsAsync(ISqlSession session, string sql, HashSet<string> zoned)
    {
        try
        {
            await using var result = await session.ExecuteAsync(sql);
            List<string> rows = [];
            await foreach (var batch in result.ReadBatchesAsync())
                rows.AddRange(Enumerable.Range(0, batch.RowCount).Select(row => CanonicalRow.Of(result.Columns, batch, row, zoned)));
            rows.Sort(StringComparer.Ordinal);
            return rows;
        }
        catch (Core.Errors.TarnException e)
        {
            throw new InvalidOperationException($"{sql}: {e.Message}", e);
        }
    }
}
