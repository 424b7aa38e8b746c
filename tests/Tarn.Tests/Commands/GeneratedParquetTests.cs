using Tarn.Commands;
using Tarn.DuckDb;
using Tarn.Synthetic;

namespace Tarn.Tests.Commands;

/// <summary>Generated Parquet against generated CSV, which DuckDB reads with the types of the dataset.</summary>
public sealed class GeneratedParquetTests : IDisposable
{
    // One more than a row group.
    private const int ManyRows = 122_881;

    private readonly string _folder = Directory.CreateTempSubdirectory("tarn-parquet").FullName;
    private readonly DuckDbDatabase _database = DuckDbDatabase.Open();
    private readonly DuckDbConnection _connection;

    public GeneratedParquetTests() => _connection = _database.Connect();

    public void Dispose()
    {
        _connection.Dispose();
        _database.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("sales", 1, 0)]
    [InlineData("sales", 2049, 0)]
    [InlineData("sales", ManyRows, 0.02)]
    [InlineData("activity", 1, 0)]
    [InlineData("activity", ManyRows, 0)]
    [InlineData("activity", 2049, 0.5)]
    [InlineData("sensors", 1, 0)]
    [InlineData("sensors", 2049, 0)]
    [InlineData("sensors", ManyRows, 0.02)]
    public async Task Write_AnyDataset_HasTheRowsOfCsvInTheirOrder(string name, long rows, double dirty)
    {
        var dataset = Dataset.Named(name, rows, seed: 7, dirty);
        string parquet = Path.Join(_folder, "x.parquet"), csv = Path.Join(_folder, "x.csv");
        var written = await GeneratedParquet.WriteAsync(dataset, parquet, new Progress<long>(), default);
        DatasetSummary expected;
        await using (var file = File.Create(csv))
            expected = await dataset.WriteCsvAsync(file);
        var withDefects = dataset.DefectColumns.Where(pair => expected.Defects[pair.Key] > 0).Select(pair => pair.Value).ToHashSet();
        var types = dataset.Columns.Select(column => (column.Name, Type: withDefects.Contains(column.Name) ? "VARCHAR" : column.SqlType)).ToList();
        _connection.Execute($"CREATE VIEW p AS FROM '{parquet}'; CREATE VIEW c AS FROM read_csv('{csv}', header = true, auto_detect = false, columns = {{{string.Join(", ", types.Select(t => $"{t.Name}: '{t.Type}'"))}}})");

        Assert.Equal(string.Join(";", types.Select(t => $"{t.Name} {t.Type}")), _connection.Scalar("SELECT string_agg(column_name || ' ' || column_type, ';') FROM (DESCRIBE p)"));
        Assert.Equal((rows, expected.RowCount, new FileInfo(parquet).Length), ((long)_connection.Scalar("SELECT count(*) FROM p")!, written.RowCount, written.SizeBytes));
        Assert.Equal(0L, _connection.Scalar("SELECT count(*) FROM p POSITIONAL JOIN c WHERE p IS DISTINCT FROM c"));
        Assert.Equal(expected.Defects.Counts, written.Defects.Counts);
    }

    [Fact]
    public async Task Write_TheSameSeed_GivesTheSameBytes()
    {
        string[] files = [Path.Join(_folder, "a.parquet"), Path.Join(_folder, "b.parquet")];
        foreach (string file in files)
            await GeneratedParquet.WriteAsync(Dataset.Sales(2 * ManyRows), file, new Progress<long>(), default);

        Assert.Equal(await File.ReadAllBytesAsync(files[0]), await File.ReadAllBytesAsync(files[1]));
    }
}
