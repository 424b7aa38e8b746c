using System.Globalization;
using Tarn.Core.Storage;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Scanning;
using Tarn.Iceberg.Spec;
using Tarn.Testing;
using Tarn.Testing.Deletes;
using Tarn.Testing.Files;
using Tarn.Testing.Lakes;
using Xunit.Abstractions;

namespace Tarn.Engine.Tests.Deletes;

/// <summary>Random appends and deletes of every kind, beside a list of rows from which the same are struck out one by one.</summary>
public sealed class RandomDeletesTests(ITestOutputHelper output)
{
    private const int Steps = 9;
    private static readonly TableIdentifier Table = TableIdentifier.Of("s", "t");
    private static readonly string[] Numbers = ["'NaN'::DOUBLE", "0.0::DOUBLE", "'-0.0'::DOUBLE", "1.5::DOUBLE", "NULL::DOUBLE"];

    [Theory]
    [InlineData(2, false)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [InlineData(3, true)]
    public async Task Select_AfterRandomDeletes_GivesTheRowsThatAreLeft(int formatVersion, bool partitioned)
    {
        for (int round = 0; round < Soak.Rounds(2, 40); round++)
        {
            int seed = Soak.Seed + (round * 10) + formatVersion;
            output.WriteLine($"seed {seed}");
            await RunAsync(new Random(seed), formatVersion, partitioned);
        }
    }

    private static async Task RunAsync(Random random, int formatVersion, bool partitioned)
    {
        using var folder = new TemporaryFolder();
        await using var lake = LocalLake.Open(folder.Path);
        await lake.RunAsync("CREATE SCHEMA s");
        string layout = partitioned ? ", partitioning = ARRAY['part']" : "";
        await lake.RunAsync($"CREATE TABLE s.t (id bigint, k integer, f double, part integer) WITH (format_version = {formatVersion}{layout})");
        var writer = new WrittenDeletes(lake.Catalog, lake.Store, random);
        var rows = new List<Row>();
        int nextId = 0;
        for (int step = 0; step < Steps; step++)
        {
            if (rows.Count == 0 || random.Next(3) == 0)
                nextId = await AppendAsync(lake, random, rows, nextId);
            else if (random.Next(2) == 0)
                await DeletePositionsAsync(lake, writer, random, rows, formatVersion);
            else
                await DeleteEqualAsync(lake, writer, random, rows);
            await VerifyAsync(lake, rows, random);
        }
    }

    private static async Task<int> AppendAsync(LocalLake lake, Random random, List<Row> rows, int nextId)
    {
        int count = random.Next(1, 400);
        await lake.RunAsync($"""
            INSERT INTO s.t SELECT (i - 500) * 9000000000, CASE WHEN i % 7 = 0 THEN NULL ELSE i % 11 END, [{string.Join(", ", Numbers)}][i % 5 + 1], i % 3
            FROM range({nextId}, {nextId + count}) r(i)
            """);
        foreach (var task in await FilesAsync(lake))
        {
            if (rows.Exists(r => r.File.FilePath == task.File.FilePath))
                continue;
            using var lease = await lake.Store.LeaseAsync(task.File.FilePath);
            using var database = DuckDb.DuckDbDatabase.Open();
            using var connection = database.Connect();
            using var result = connection.Query($"SELECT id, k, f, part, file_row_number FROM read_parquet('{lease.Path}', file_row_number = true, hive_partitioning = false)");
            rows.AddRange(result.Rows().Select(r => new Row(task.File, task.SequenceNumber, (long)r[4]!, (long)r[0]!, (int?)r[1], (double?)r[2], (int)r[3]!)));
        }

        return nextId + count;
    }

    private static async Task DeletePositionsAsync(LocalLake lake, WrittenDeletes writer, Random random, List<Row> rows, int formatVersion)
    {
        var table = (await lake.Catalog.LoadTableAsync(Table))!;
        var file = rows[random.Next(rows.Count)].File;
        int oneOf = random.Next(1, 12);
        // In version 3 a vector takes over what an older one deleted.
        if (formatVersion == 3)
        {
            foreach (var row in rows.Where(r => r.File.FilePath == file.FilePath && random.Next(oneOf) == 0))
                row.DeletedAt = true;
            var all = rows.Where(r => r.File.FilePath == file.FilePath && r.DeletedAt).Select(r => r.Position).ToArray();
            if (all.Length > 0)
                await writer.CommitAsync(Table, [await writer.VectorAsync(table, all, file)]);
            return;
        }

        bool isScoped = random.Next(2) == 0;
        var struck = rows.Where(r => (isScoped ? r.File.FilePath == file.FilePath : SamePartition(r.File, file)) && random.Next(oneOf) == 0).ToArray();
        if (struck.Length == 0)
            return;
        Array.ForEach(struck, r => r.DeletedAt = true);
        (string, long)[] positions = [.. struck.OrderBy(r => r.File.FilePath, StringComparer.Ordinal).ThenBy(r => r.Position).Select(r => (r.File.FilePath, r.Position))];
        await writer.CommitAsync(Table, [await writer.PositionsAsync(table, positions, file, isScoped ? file.FilePath : null)]);
    }

    private static async Task DeleteEqualAsync(LocalLake lake, WrittenDeletes writer, Random random, List<Row> rows)
    {
        var table = (await lake.Catalog.LoadTableAsync(Table))!;
        var file = rows[random.Next(rows.Count)].File;
        // One small number, one large number, two columns.
        bool byId = random.Next(3) == 0, byNumber = !byId && random.Next(2) == 0;
        var keys = Enumerable.Range(0, random.Next(1, 3)).Select(_ => rows[random.Next(rows.Count)]).ToArray();
        string sql = string.Join(" UNION ALL ", keys.Select(k => byId ? string.Create(CultureInfo.InvariantCulture, $"SELECT {k.Id}::BIGINT AS id") : byNumber ? $"SELECT {Sql(k.K)} AS k, {Sql(k.F)} AS f" : $"SELECT {Sql(k.K)} AS k"));
        var ids = table.Metadata.CurrentSchema.Fields.Where(f => f.Name == (byId ? "id" : "k") || (byNumber && f.Name == "f")).ToDictionary(f => f.Name, f => f.Id);
        await writer.CommitAsync(Table, [await writer.EqualityAsync(table, sql, ids, keys.Length, file)]);
        bool isGlobal = table.Metadata.Spec(file.SpecId).IsUnpartitioned;
        long sequence = table.Metadata.LastSequenceNumber + 1;
        foreach (var row in rows.Where(r => r.Sequence < sequence && (isGlobal || SamePartition(r.File, file))))
            row.IsStruck |= keys.Any(k => byId ? k.Id == row.Id : k.K == row.K && (!byNumber || Bits(k.F) == Bits(row.F)));
    }

    private static async Task VerifyAsync(LocalLake lake, List<Row> rows, Random random)
    {
        var live = rows.Where(r => r is { DeletedAt: false, IsStruck: false }).ToArray();
        int k = random.Next(11);
        // The first time equality deletes are compared with the rows, the second time they become positions.
        for (int time = 0; time < 2; time++)
        {
            var all = await lake.RunAsync("SELECT id, k, f, part FROM s.t");
            Assert.Equal(live.Select(r => r.ToString()).Order(StringComparer.Ordinal), all.Select(r => new Row(null!, 0, 0, (long)r[0]!, (int?)r[1], (double?)r[2], (int)r[3]!).ToString()).Order(StringComparer.Ordinal));
        }

        Assert.Equal((long)live.Length, (await lake.RunAsync("SELECT count(*) FROM s.t"))[0][0]);
        Assert.Equal(live.Where(r => r.K == k).Select(r => r.Id).Order(), (await lake.RunAsync(string.Create(CultureInfo.InvariantCulture, $"SELECT id FROM s.t WHERE k = {k}"))).Select(r => (long)r[0]!).Order());
        Assert.Equal((long)live.Count(r => r.K is null), (await lake.RunAsync("SELECT count(*) FROM s.t WHERE k IS NULL"))[0][0]);
        Assert.Equal((long)live.Count(r => r.Part == 1), (await lake.RunAsync("SELECT count(*) FROM s.t WHERE part = 1"))[0][0]);
    }

    private static async Task<IReadOnlyList<FileScanTask>> FilesAsync(LocalLake lake) =>
        (await new ScanPlanner(lake.Store).PlanAsync(TableScan.Of((await lake.Catalog.LoadTableAsync(Table))!.Metadata))).Tasks;

    private static bool SamePartition(DataFile a, DataFile b) => PartitionKey.Of(a).Equals(PartitionKey.Of(b));

    private static long? Bits(double? value) => value is { } number ? BitConverter.DoubleToInt64Bits(double.IsNaN(number) ? double.NaN : number) : null;

    private static string Sql(int? value) => value is { } number ? number.ToString(CultureInfo.InvariantCulture) + "::INTEGER" : "NULL::INTEGER";

    private static string Sql(double? value) => value is { } number ? string.Create(CultureInfo.InvariantCulture, $"'{(double.IsNaN(number) ? "NaN" : number.ToString("R", CultureInfo.InvariantCulture))}'::DOUBLE") : "NULL::DOUBLE";

    private sealed record Row(DataFile File, long Sequence, long Position, long Id, int? K, double? F, int Part)
    {
        public bool DeletedAt { get; set; }

        public bool IsStruck { get; set; }

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Id} {K} {Bits(F)} {Part}");
    }
}
