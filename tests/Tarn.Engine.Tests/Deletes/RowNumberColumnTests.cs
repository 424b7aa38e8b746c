using System.Globalization;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Scanning;
using Tarn.Iceberg.Spec;
using Tarn.Testing.Deletes;
using Tarn.Testing.Files;
using Tarn.Testing.Lakes;

namespace Tarn.Engine.Tests.Deletes;

/// <summary>Deletes in files with a column of the name under which the engine itself numbers rows.</summary>
public sealed class RowNumberColumnTests : IAsyncLifetime, IDisposable
{
    // Three row groups of the engine where there is one file.
    private const int Rows = 300_000;
    private static readonly TableIdentifier Table = TableIdentifier.Of("s", "t");
    private readonly TemporaryFolder folder = new();
    private readonly LocalLake lake;
    private readonly WrittenDeletes writer;

    public RowNumberColumnTests()
    {
        lake = LocalLake.Open(folder.Path);
        writer = new WrittenDeletes(lake.Catalog, lake.Store, new Random(1));
    }

    public async Task InitializeAsync() => await lake.RunAsync("CREATE SCHEMA s");

    public async Task DisposeAsync() => await lake.DisposeAsync();

    public void Dispose() => folder.Dispose();

    /// <summary>Partitions up to eight are branches of a union, more are joined by path.</summary>
    [Theory]
    [InlineData("positions", "file_row_number", 1)]
    [InlineData("positions", "File_Row_Number", 3)]
    [InlineData("positions", "FILE_ROW_NUMBER", 12)]
    [InlineData("vectors", "file_row_number", 1)]
    [InlineData("vectors", "File_Row_Number", 12)]
    [InlineData("keys", "file_row_number", 1)]
    [InlineData("keys", "File_Row_Number", 3)]
    [InlineData("keys of the column", "file_row_number", 1)]
    [InlineData("keys of the column", "File_Row_Number", 12)]
    public async Task Select_DeletedRowsBesideSuchAColumn_GivesTheOthersWithItsValues(string kind, string column, int partitions)
    {
        string layout = partitions > 1 ? ", partitioning = ARRAY['part']" : "";
        await lake.RunAsync($"CREATE TABLE s.t (id bigint, {column} bigint, file_row_number_1 varchar, part integer) WITH (format_version = {(kind == "vectors" ? 3 : 2)}{layout})");
        await lake.RunAsync($"INSERT INTO s.t SELECT i, i * 10, 's' || i, i % {partitions} FROM range({Rows}) r(i)");
        var table = (await lake.Catalog.LoadTableAsync(Table))!;
        var deletes = new List<DataFile>();
        foreach (var file in await FilesAsync())
        {
            long[] positions = [.. Deleted(file.RecordCount)];
            string path = file.FilePath, id = $"i * {partitions} + {(partitions > 1 ? file.Partition[0] : 0)}", rows = $"FROM range(1, {file.RecordCount}, 3) r(i)";
            deletes.Add(kind switch
            {
                "positions" => await writer.PositionsAsync(table, $"SELECT '{path}' AS file_path, i::BIGINT AS pos {rows}", positions.Length, file),
                "vectors" => await writer.VectorAsync(table, positions, file),
                "keys" => await writer.EqualityAsync(table, $"SELECT ({id})::BIGINT AS id {rows}", new Dictionary<string, int> { ["id"] = 1 }, positions.Length, file),
                _ => await writer.EqualityAsync(table, $"SELECT (({id}) * 10)::BIGINT AS {column} {rows}", new Dictionary<string, int> { [column] = 2 }, positions.Length, file),
            });
        }

        await writer.CommitAsync(Table, deletes);

        long[] left = [.. Enumerable.Range(0, Rows).Where(i => i / partitions % 3 != 1).Select(i => (long)i)];
        long alive = left[left.Length / 2], dead = Enumerable.Range((int)alive, Rows).First(i => i / partitions % 3 == 1);
        // The first time equality deletes are compared with the rows, the second time they become positions.
        for (int time = 0; time < 3; time++)
        {
            Assert.Equal([$"{left.Length}|{left.Sum()}|{left.Sum() * 10}|0"], await TextAsync($"SELECT count(*), sum(id), sum({column}), count(*) FILTER ({column} <> id * 10 OR file_row_number_1 <> 's' || id) FROM s.t"));
            Assert.Equal([$"{alive}|s{alive}"], await TextAsync($"SELECT id, file_row_number_1 FROM s.t WHERE {column} = {alive * 10}"));
            Assert.Empty(await TextAsync($"SELECT * FROM s.t WHERE {column} = {dead * 10} OR id = {dead}"));
            Assert.Equal([$"{left.Count(i => i >= alive)}"], await TextAsync($"SELECT count(*) FROM s.t WHERE id >= {alive}"));
            Assert.Equal(left.TakeLast(3).Reverse().Select(i => $"{i}|{i * 10}"), await TextAsync($"SELECT id, {column} FROM s.t ORDER BY {column} DESC LIMIT 3"));
            Assert.Equal([$"{left.Length}"], await TextAsync("SELECT count(*) FROM s.t"));
        }

        Assert.Equal([$"{Rows}|{Rows - 1}|0"], await TextAsync($"SELECT count(*), max({column}) // 10, count(*) FILTER ({column} <> id * 10) FROM s.t FOR VERSION AS OF {table.Metadata.CurrentSnapshot!.SnapshotId}"));
    }

    [Theory]
    [InlineData(2, "id", "value", "ALTER TABLE s.t RENAME COLUMN value TO file_row_number", "file_row_number")]
    [InlineData(3, "id", "value", "ALTER TABLE s.t RENAME COLUMN value TO file_row_number", "file_row_number")]
    [InlineData(2, "id", "file_row_number", "ALTER TABLE s.t RENAME COLUMN file_row_number TO value", "value")]
    [InlineData(3, "id", "File_Row_Number", "ALTER TABLE s.t RENAME COLUMN File_Row_Number TO value; ALTER TABLE s.t ADD COLUMN file_row_number VARCHAR", "value")]
    [InlineData(2, "file_row_number", "value", "ALTER TABLE s.t DROP COLUMN file_row_number; ALTER TABLE s.t RENAME COLUMN value TO file_row_number", "file_row_number")]
    public async Task Select_ColumnRenamedBetweenFilesWithDeletes_GivesItsValues(int formatVersion, string first, string second, string changes, string read)
    {
        await lake.RunAsync($"CREATE TABLE s.t ({first} bigint, {second} bigint) WITH (format_version = {formatVersion})");
        await lake.RunAsync("INSERT INTO s.t SELECT -i, i FROM range(10) r(i)");
        foreach (string change in changes.Split(';'))
            await lake.RunAsync(change);
        await lake.RunAsync($"INSERT INTO s.t ({read}) SELECT i FROM range(10, 20) r(i)");
        var table = (await lake.Catalog.LoadTableAsync(Table))!;
        var deletes = new List<DataFile>();
        foreach (var file in await FilesAsync())
        {
            deletes.Add(formatVersion == 3
                ? await writer.VectorAsync(table, [.. Deleted(10)], file)
                : await writer.PositionsAsync(table, [.. Deleted(10).Select(p => (file.FilePath, p))], file));
        }

        await writer.CommitAsync(Table, deletes);

        string[] left = [.. Enumerable.Range(0, 20).Where(i => i % 10 % 3 != 1).Select(i => $"{i}")];
        Assert.Equal(left, await TextAsync($"SELECT {read} FROM s.t ORDER BY 1"));
        Assert.Equal(["6", "10"], await TextAsync($"SELECT {read} FROM s.t WHERE {read} IN (4, 6, 10, 11) ORDER BY 1"));
        // Equality deletes on top, first compared and then as positions.
        await writer.CommitAsync(Table, [await writer.EqualityAsync((await lake.Catalog.LoadTableAsync(Table))!, $"SELECT 6::BIGINT AS {read}", new Dictionary<string, int> { [read] = 2 }, 1, (await FilesAsync())[0])]);
        for (int time = 0; time < 3; time++)
            Assert.Equal(left.Where(i => i != "6"), await TextAsync($"SELECT {read} FROM s.t ORDER BY 1"));
    }

    /// <summary>Files of several schemas are read by name where they can be.</summary>
    [Fact]
    public async Task Select_EqualityDeletesOfFilesOfSeveralSchemas_GivesTheOtherRows()
    {
        await lake.RunAsync("CREATE TABLE s.t (id bigint, file_row_number bigint)");
        await lake.RunAsync("INSERT INTO s.t SELECT i, 100 - i FROM range(10) r(i)");
        await lake.RunAsync("ALTER TABLE s.t ADD COLUMN later INTEGER");
        await lake.RunAsync("INSERT INTO s.t SELECT i, 100 - i, 1 FROM range(10, 20) r(i)");
        await writer.CommitAsync(Table, [await writer.EqualityAsync((await lake.Catalog.LoadTableAsync(Table))!, "SELECT (i * 3)::BIGINT AS id FROM range(7) r(i)", new Dictionary<string, int> { ["id"] = 1 }, 7, (await FilesAsync())[0])]);
        for (int time = 0; time < 3; time++)
            Assert.Equal(Enumerable.Range(0, 20).Where(i => i % 3 != 0).Select(i => $"{i}|{100 - i}"), await TextAsync("SELECT id, file_row_number FROM s.t ORDER BY id"));
    }

    private static IEnumerable<long> Deleted(long rows) => Enumerable.Range(0, (int)rows).Where(p => p % 3 == 1).Select(p => (long)p);

    private async Task<DataFile[]> FilesAsync() =>
        [.. (await new ScanPlanner(lake.Store).PlanAsync(TableScan.Of((await lake.Catalog.LoadTableAsync(Table))!.Metadata))).Tasks.Select(t => t.File)];

    private async Task<string[]> TextAsync(string sql) =>
        [.. (await lake.RunAsync(sql)).Select(row => string.Join('|', row.Select(v => Convert.ToString(v, CultureInfo.InvariantCulture))))];
}
