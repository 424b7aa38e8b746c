using System.Collections.Immutable;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions;
using Tarn.Testing.Files;
using Tarn.Testing.Lakes;

namespace Tarn.Engine.Tests.Planning.ForeignViews;

/// <summary>A lake with a table of many types, and views of it as other engines register them.</summary>
public sealed class ForeignLake : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private int views;

    /// <summary>The lake.</summary>
    public LocalLake Lake { get; private set; } = null!;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        Lake = LocalLake.Open(folder.Path);
        await Lake.RunAsync("CREATE SCHEMA s");
        await Lake.RunAsync("""
            CREATE TABLE s.t AS SELECT * FROM (VALUES
              (1::BIGINT, 5, 1.5::DOUBLE, 0.1::FLOAT, 'abc', TIMESTAMP '2026-05-17 10:20:30', TIMESTAMPTZ '2026-05-17 10:20:30+00', DATE '2026-05-17', 2.25::DECIMAL(10,2), true, {'y': 7}),
              (2, 4, 'NaN', 2.5, 'a_b', NULL, NULL, DATE '1950-01-01', -2.25, false, NULL),
              (3, -3, -0.0, NULL, NULL, TIMESTAMP '1950-01-31 00:00:00', NULL, NULL, NULL, NULL, NULL)) t(id, i, d, r, s, ts, tz, dt, de, b, st)
            """);
        await Lake.RunAsync("CREATE TABLE s.u AS SELECT * FROM (VALUES ('Éa'), ('straße'), ('ΟΔΟΣ'), ('İI')) u(s)");
        await Lake.RunAsync("CREATE VIEW s.own AS SELECT id, i / 2 AS h FROM s.t");
    }

    /// <summary>Registers a view; gives its name.</summary>
    /// <param name="dialect">The dialect.</param>
    /// <param name="sql">The query.</param>
    /// <param name="columns">Columns that it declares: names and types.</param>
    public async Task<TableIdentifier> AddViewAsync(string dialect, string sql, params (string Name, string Type)[] columns)
    {
        var name = TableIdentifier.Of("s", $"v{Interlocked.Increment(ref views)}");
        await Lake.RunAsync($"CREATE VIEW {name} AS SELECT {string.Join(", ", columns.Select(c => $"NULL::{c.Type} AS {c.Name}"))}");
        await RewriteAsync(Lake, name, dialect, sql);
        return name;
    }

    /// <summary>Makes a view one that another engine wrote.</summary>
    /// <param name="lake">Where it is.</param>
    /// <param name="name">The view; the columns that it declares stay.</param>
    /// <param name="dialect">The dialect.</param>
    /// <param name="sql">The query.</param>
    public static async Task RewriteAsync(LocalLake lake, TableIdentifier name, string dialect, string sql)
    {
        var before = (await lake.Catalog.LoadViewAsync(name))!;
        var version = before.Metadata.CurrentVersion with
        {
            Representations = [new ViewRepresentation("sql", sql, dialect)],
            DefaultNamespace = ["s"],
            Summary = ImmutableSortedDictionary<string, string>.Empty.Add("engine-name", dialect),
        };
        var metadata = ViewMetadataBuilder.Apply(
            before.Metadata with { Properties = before.Metadata.Properties.SetItem("replace.drop-dialect.allowed", "true") },
            [new ViewUpdate.AddViewVersion(version with { VersionId = version.VersionId + 1 }), new ViewUpdate.SetCurrentViewVersion(ViewUpdate.LastAdded)], DateTimeOffset.UnixEpoch.AddYears(60));
        await lake.Catalog.CommitViewAsync(name, before, metadata);
    }

    /// <summary>Registers a view of one column or more, <c>c0</c> and so on, of the types given with semicolons between.</summary>
    public Task<TableIdentifier> AddViewAsync(string dialect, string sql, string types) =>
        AddViewAsync(dialect, sql, [.. types.Split(';').Select((t, i) => ($"c{i}", t))]);

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        await Lake.DisposeAsync();
        folder.Dispose();
    }
}
