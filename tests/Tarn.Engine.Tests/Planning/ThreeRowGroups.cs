using Tarn.Testing.Files;
using Tarn.Testing.Lakes;

namespace Tarn.Engine.Tests.Planning;

/// <summary>A lake with the table <c>s.t</c>: one file of three row groups, its rows in the order of <c>id</c>.</summary>
public sealed class ThreeRowGroups : IAsyncLifetime
{
    /// <summary>Rows of the engine's row groups.</summary>
    public const int RowGroupRows = 122_880;

    private readonly TemporaryFolder folder = new();

    /// <summary>The lake.</summary>
    public LocalLake Lake { get; private set; } = null!;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        Lake = LocalLake.Open(folder["lake"]);
        await Lake.RunAsync("CREATE SCHEMA s");
        await Lake.RunAsync("CREATE TABLE s.t (id bigint, late integer, part struct(x integer, tags integer[]), code varchar, ratio double, price decimal(9, 2), day date)");
        await Lake.RunAsync($"""
            INSERT INTO s.t SELECT i, CASE WHEN i >= {RowGroupRows} THEN i END, CASE WHEN i <> 9 THEN struct_pack(x := i, tags := [1]) END, printf('%06d', i), CASE WHEN i = 7 THEN 'nan'::DOUBLE ELSE i END, i // 1000, DATE '2024-01-01' + (i // {RowGroupRows})::INTEGER
            FROM range({RowGroupRows * 3}) t(i)
            """);
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        await Lake.DisposeAsync();
        folder.Dispose();
    }
}
