using Tarn.Core.Errors;
using Tarn.DuckDb;
using Tarn.Engine.Functions;
using Tarn.Iceberg.Spec;

namespace Tarn.Engine.Tests.Functions;

/// <summary>How many deleted keys are held, whatever the manifests say.</summary>
public sealed class KeptRowsTests : IDisposable
{
    private readonly DuckDbDatabase _database = DuckDbDatabase.Open();
    private readonly DuckDbConnection _connection;

    public KeptRowsTests() => _connection = _database.Connect();

    [Theory]
    [InlineData("range")]
    [InlineData("range, 1::BIGINT")]
    [InlineData("nullif(range, 7)")]
    public void Read_MoreRowsThanManifestAndLimitSay_IsRefusedAndNamesTheFile(string columns)
    {
        using var rows = _connection.Stream($"SELECT {columns} FROM range({KeptRows.MaxKeys + 2})");
        var error = Assert.Throws<TarnException>(() => KeptRows.Read(rows, [File(3)], default));
        Assert.Equal(ErrorKind.DataCorrupted, error.Kind);
        Assert.Contains("s3://lake/t/eq.parquet", error.Message, StringComparison.Ordinal);
        Assert.Contains(" 3 ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_AsManyRowsAsTheLimit_HoldsThem()
    {
        using var rows = _connection.Stream($"SELECT range FROM range({KeptRows.MaxKeys})");
        bool[] kept = new bool[2];
        KeptRows.Read(rows, [File(KeptRows.MaxKeys)], default).Test([KeptRows.MaxKeys - 1, KeptRows.MaxKeys], [], kept);
        Assert.Equal([false, true], kept);
    }

    private static DataFile File(long rows) => new() { FilePath = "s3://lake/t/eq.parquet", Format = FileFormat.Parquet, RecordCount = rows, FileSizeInBytes = 100 };

    public void Dispose()
    {
        _connection.Dispose();
        _database.Dispose();
    }
}
