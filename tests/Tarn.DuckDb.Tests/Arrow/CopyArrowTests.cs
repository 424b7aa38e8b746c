using System.Buffers.Binary;
using System.Text;
using Tarn.DuckDb.Arrow;

namespace Tarn.DuckDb.Tests.Arrow;

public sealed class CopyArrowTests : IDisposable
{
    private const string Parquet = "FORMAT parquet";

    private readonly DuckDbDatabase _database = DuckDbDatabase.Open(settings: new Dictionary<string, string> { ["threads"] = "4" });
    private readonly DuckDbConnection _connection;
    private readonly string _folder = Directory.CreateTempSubdirectory("tarn-arrow").FullName;

    public CopyArrowTests() => _connection = _database.Connect();

    private string File => Path.Join(_folder, "it's.parquet");

    private string Rows => $"read_parquet('{File.Replace("'", "''", StringComparison.Ordinal)}')";

    public void Dispose()
    {
        _connection.Dispose();
        _database.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void CopyArrow_ManyBatches_KeepsRowsNullsAndOrder()
    {
        var numbers = new Numbers(batches: 40, rowsPerBatch: 3000);

        Assert.Equal(120_000, _connection.CopyArrow(numbers, File, Parquet));

        Assert.Equal(40, numbers.Released);
        Assert.Equal(0L, _connection.Scalar($"SELECT count(*) FROM (SELECT *, row_number() OVER () - 1 AS place FROM {Rows}) WHERE n <> place OR t IS DISTINCT FROM CASE WHEN place % 3 <> 0 THEN 'text ' || place END"));
        Assert.Equal("BIGINT,VARCHAR", _connection.Scalar($"SELECT string_agg(column_type, ',') FROM (DESCRIBE FROM {Rows})"));
        Assert.Equal(0L, _connection.Scalar("SELECT count(*) FROM duckdb_views() WHERE NOT internal"));
    }

    [Fact]
    public void CopyArrow_NoRows_WritesTheColumns()
    {
        Assert.Equal(0, _connection.CopyArrow(new Numbers(batches: 0, rowsPerBatch: 1), File, Parquet));

        Assert.Equal("n,t", _connection.Scalar($"SELECT string_agg(column_name, ',') FROM (DESCRIBE FROM {Rows})"));
    }

    [Fact]
    public void CopyArrow_StreamThatFails_ThrowsItsErrorAndReleasesWhatItGave()
    {
        var numbers = new Numbers(batches: 7, rowsPerBatch: 100) { Failure = new InvalidDataException("the seventh is bad") };

        Assert.Same(numbers.Failure, Assert.Throws<InvalidDataException>(() => _connection.CopyArrow(numbers, File, Parquet)));

        Assert.Equal(7, numbers.Released);
        Assert.Equal(1, _connection.Scalar("SELECT 1"));
    }

    [Fact]
    public void CopyArrow_Cancelled_Ends()
    {
        using var cancellation = new CancellationTokenSource();
        var numbers = new Numbers(batches: int.MaxValue, rowsPerBatch: 100) { Given = count => { if (count == 50) cancellation.Cancel(); } };

        Assert.ThrowsAny<OperationCanceledException>(() => _connection.CopyArrow(numbers, File, Parquet, cancellation.Token));
    }

    [Fact]
    public void CopyArrow_FolderIsMissing_SaysSo() =>
        Assert.Throws<DuckDbException>(() => _connection.CopyArrow(new Numbers(2, 10), Path.Join(_folder, "none", "x.parquet"), Parquet));

    /// <summary>Numbers from 0 with texts of them, every third one null.</summary>
    private sealed class Numbers(int batches, int rowsPerBatch) : IArrowStream
    {
        private int _given;
        private int _released;

        public IReadOnlyList<ArrowField> Fields { get; } = [new("n", "l"), new("t", "u")];

        public Exception? Failure { get; init; }

        public Action<int> Given { get; init; } = _ => { };

        public int Released => _released;

        public IArrowBatch? Next()
        {
            if (_given == batches)
                return Failure is null ? null : throw Failure;
            Given(++_given);
            return new Batch(Enumerable.Range((_given - 1) * rowsPerBatch, rowsPerBatch).ToArray(), () => Interlocked.Increment(ref _released));
        }
    }

    private sealed class Batch : IArrowBatch
    {
        private readonly Action _released;
        private readonly ArrowColumn _numbers;
        private readonly ArrowColumn _texts;

        public Batch(int[] numbers, Action released)
        {
            _released = released;
            RowCount = numbers.Length;
            byte[] values = new byte[8 * numbers.Length], offsets = new byte[4 * (numbers.Length + 1)], validity = new byte[(numbers.Length + 7) / 8];
            var texts = new MemoryStream();
            for (var i = 0; i < numbers.Length; i++)
            {
                BinaryPrimitives.WriteInt64LittleEndian(values.AsSpan(8 * i), numbers[i]);
                if (numbers[i] % 3 != 0)
                {
                    validity[i / 8] |= (byte)(1 << i % 8);
                    texts.Write(Encoding.UTF8.GetBytes($"text {numbers[i]}"));
                }
                BinaryPrimitives.WriteInt32LittleEndian(offsets.AsSpan(4 * (i + 1)), (int)texts.Length);
            }
            _numbers = new ArrowColumn(0, default, values, null);
            _texts = new ArrowColumn(numbers.Count(n => n % 3 == 0), validity, offsets, texts.ToArray());
        }

        public int RowCount { get; }

        public ArrowColumn Column(int index) => index == 0 ? _numbers : _texts;

        public void Dispose() => _released();
    }
}
