using System.Text.Json;
using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.Engine.Sessions;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Storage.Local;
using Tarn.Testing;

namespace Tarn.Engine.Tests.Foreign;

/// <summary>Opens fixture tables with the engine and compares their rows.</summary>
internal sealed class FixtureTables : IAsyncDisposable
{
    /// <summary>The tables of shared/fixtures/iceberg/tables, whose metadata names the place where they were made.</summary>
    public static FixtureTables OfShared(string folder) =>
        new([.. new[] { "/fixtures", "file:/fixtures", "file:///fixtures" }.Select(place => KeyValuePair.Create($"{place}/iceberg/tables/", folder + "/"))]);

    private readonly LocalObjectStore store;
    private readonly LakeEngine engine;
    private readonly ISqlSession session;

    public FixtureTables(IReadOnlyList<KeyValuePair<string, string>> map)
    {
        Staging = Directory.CreateTempSubdirectory("tarn-foreign-").FullName;
        var locations = new LocationMap(map);
        store = new LocalObjectStore(Staging, locations);
        engine = new LakeEngine(new FixedCatalogs(NoCatalog.Create()), store, locations);
        session = engine.OpenSession();
    }

    private string Staging { get; }

    /// <summary>Rows of a table, canonical and sorted.</summary>
    public async Task<IReadOnlyList<string>> ReadAsync(string metadataFile, Schema schema, string version = "")
    {
        var rows = await RowsAsync(metadataFile, version, values => CanonicalRow.Text(schema, values));
        rows.Sort(StringComparer.Ordinal);
        return rows;
    }

    /// <summary>Rows of a table in exactly the canonical form, in any order.</summary>
    public async Task<IReadOnlyList<string>> ReadExactAsync(string metadataFile, Schema schema, string version = "") =>
        await RowsAsync(metadataFile, version, values => CanonicalRow.Exact(schema, values));

    /// <summary>The values of the one row that a query answers.</summary>
    public async Task<object?[]> RowAsync(string sql)
    {
        await using var result = await session.ExecuteAsync(sql);
        await foreach (var batch in result.ReadBatchesAsync())
            return [.. Enumerable.Range(0, result.Columns.Count).Select(c => batch.GetValue(c, 0))];
        return [];
    }

    // Twice, because the second read may know what the first one found out, and counted, which reads no rows.
    private async Task<List<string>> RowsAsync(string metadataFile, string version, Func<object?[], string> text)
    {
        string table = $"iceberg_table('{metadataFile}'){version}";
        var rows = await RowsOnceAsync(table, text);
        object? count = (await RowAsync($"SELECT count(*) FROM {table}"))[0];
        Assert.True(rows.Count.Equals((int)(long)count!), $"{rows.Count} rows, count(*) says {count}");
        Assert.Equal(rows.Order(StringComparer.Ordinal), (await RowsOnceAsync(table, text)).Order(StringComparer.Ordinal));
        return rows;
    }

    private async Task<List<string>> RowsOnceAsync(string table, Func<object?[], string> text)
    {
        await using var result = await session.ExecuteAsync($"SELECT * FROM {table}");
        var rows = new List<string>();
        await foreach (var batch in result.ReadBatchesAsync())
        {
            for (int row = 0; row < batch.RowCount; row++)
                rows.Add(text([.. Enumerable.Range(0, result.Columns.Count).Select(c => batch.GetValue(c, row))]));
        }

        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        await session.DisposeAsync();
        engine.Dispose();
        store.Dispose();
        Directory.Delete(Staging, recursive: true);
    }
}
