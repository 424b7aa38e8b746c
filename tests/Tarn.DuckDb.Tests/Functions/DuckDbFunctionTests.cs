using Tarn.Core.Errors;
using Tarn.DuckDb.Functions;
using Tarn.DuckDb.Types;
using Tarn.DuckDb.Writing;

namespace Tarn.DuckDb.Tests.Functions;

public sealed class DuckDbFunctionTests : IDisposable
{
    private static readonly DuckDbType BigInt = DuckDbType.Of(DuckDbTypeId.BigInt);
    private static readonly DuckDbType Text = DuckDbType.Of(DuckDbTypeId.Varchar);

    private readonly DuckDbDatabase _database = DuckDbDatabase.Open(settings: new Dictionary<string, string> { ["threads"] = "4" });
    private readonly DuckDbConnection _connection;

    public DuckDbFunctionTests() => _connection = _database.Connect();

    public void Dispose()
    {
        _connection.Dispose();
        _database.Dispose();
    }

    private void RegisterTwice() => _connection.RegisterScalarFunction("twice", [BigInt], BigInt, (input, output) =>
    {
        var source = input[0].Values<long>();
        var target = output.Values<long>();
        for (var row = 0; row < source.Length; row++)
            target[row] = 2 * source[row];
    });

    [Fact]
    public void ScalarFunction_ManyRows_IsComputedForEach()
    {
        RegisterTwice();
        Assert.Equal((Int128)999_999 * 1_000_000, _connection.Scalar("SELECT sum(twice(i)) FROM range(1000000) r(i)"));
        Assert.Equal(84L, _connection.Scalar("SELECT twice(42)"));
    }

    [Fact]
    public void ScalarFunction_NullArgument_GivesNull()
    {
        RegisterTwice();
        using var result = _connection.Query("SELECT twice(CASE WHEN i % 2 = 0 THEN i END) FROM range(4) r(i)");
        Assert.Equal(new object?[] { 0L, null, 4L, null }, result.Rows().Select(row => row[0]));
        Assert.Null(_connection.Scalar("SELECT twice(NULL)"));
    }

    [Fact]
    public void ScalarFunction_HandlesNullsAndAnyTypes_SeesThem()
    {
        _connection.RegisterScalarFunction(new DuckDbScalarFunction
        {
            Name = "describe_all",
            Parameters = [],
            VariadicParameter = DuckDbType.Of(DuckDbTypeId.Any),
            ReturnType = Text,
            HandlesNulls = true,
            Body = (input, output) =>
            {
                for (var row = 0; row < input.RowCount; row++)
                    output.SetString(row, string.Join(" ", input.GetRow(row).Select((value, i) => $"{input[i].Type}={value ?? "null"}")));
            },
        });
        Assert.Equal("INTEGER=1 VARCHAR=x VARCHAR=null", _connection.Scalar("SELECT describe_all(1, 'x', NULL::VARCHAR)"));
    }

    [Fact]
    public void ScalarFunction_NestedResult_IsWritten()
    {
        _connection.RegisterScalarFunction("up_to", [BigInt], DuckDbType.List(DuckDbType.Struct(new DuckDbField("n", BigInt))), (input, output) =>
        {
            for (var row = 0; row < input.RowCount; row++)
            {
                var length = (int)input[0].Values<long>()[row];
                var offset = output.SetList(row, length);
                var numbers = output.Child(0).Child(0).Values<long>();
                for (var i = 0; i < length; i++)
                    numbers[offset + i] = i;
            }
        });
        Assert.Equal("[{'n': 0}, {'n': 1}]", _connection.Scalar("SELECT up_to(2)::VARCHAR"));
        Assert.Equal((Int128)499_500 * 99, _connection.Scalar("SELECT sum(e.n) FROM (SELECT unnest(up_to(1000)) AS e FROM range(99))"));
        Assert.Equal(100_000L, _connection.Scalar("SELECT len(up_to(100000))"));
    }

    [Fact]
    public void ScalarFunction_ThrowingOne_FailsTheStatementOnly()
    {
        _connection.RegisterScalarFunction("refuse", [Text], Text, (input, _) =>
            throw TarnException.NotFound($"There is no '{input[0].GetString(0)}' here."));
        var error = Assert.Throws<DuckDbException>(() => _connection.Query("SELECT refuse(x) FROM (VALUES ('spoon')) t(x)"));
        Assert.Contains("There is no 'spoon' here.", error.Message);
        Assert.Equal(ErrorKind.NotFound, error.Kind);
        Assert.IsType<TarnException>(error.InnerException);
        Assert.False(_database.IsInvalidated);
        Assert.Equal(1, _connection.Scalar("SELECT 1"));
    }

    private sealed class Counting(long rows, int threads) : IDuckDbTableSource, IDuckDbTableScan, IDisposable
    {
        private long _next;

        public List<int> LastColumns { get; private set; } = [];

        public int OpenReaders;

        public bool Disposed { get; private set; }

        public int MaxThreads => threads;

        public IDuckDbTableScan Scan(IReadOnlyList<int> columns)
        {
            LastColumns = [.. columns];
            _next = 0;
            return new Shared(this);
        }

        public IDuckDbTableReader OpenReader() => throw new InvalidOperationException();

        public void Dispose() => Disposed = true;

        private sealed class Shared(Counting owner) : IDuckDbTableScan
        {
            public int MaxThreads => owner.MaxThreads;

            public IDuckDbTableReader OpenReader()
            {
                Interlocked.Increment(ref owner.OpenReaders);
                return new Reader(owner);
            }
        }

        private sealed class Reader(Counting owner) : IDuckDbTableReader, IDisposable
        {
            public int Read(DuckDbChunkWriter output)
            {
                var start = Interlocked.Add(ref owner._next, DuckDbChunkWriter.MaxRows) - DuckDbChunkWriter.MaxRows;
                var count = (int)Math.Clamp(owner.Rows - start, 0, DuckDbChunkWriter.MaxRows);
                for (var column = 0; column < owner.LastColumns.Count; column++)
                    for (var row = 0; row < count; row++)
                        Write(output[column], owner.LastColumns[column], row, start + row);
                return count;
            }

            private static void Write(DuckDbVectorWriter writer, int column, int row, long number)
            {
                if (column == 0)
                    writer.Values<long>()[row] = number;
                else if (column == 1)
                    writer.SetString(row, $"row {number}");
            }

            public void Dispose() => Interlocked.Decrement(ref owner.OpenReaders);
        }

        private long Rows => rows;
    }

    private Counting? _last;

    private void RegisterCounting(int threads) => _connection.RegisterTableFunction(new DuckDbTableFunction
    {
        Name = "counting",
        Parameters = [BigInt],
        NamedParameters = new Dictionary<string, DuckDbType> { ["prefix"] = Text },
        Bind = binding =>
        {
            var rows = (long)binding.Argument(0)!;
            if (rows < 0)
                throw TarnException.Invalid($"counting: {rows} is negative; give a number of rows.");
            binding.AddColumn($"{binding.NamedArgument("prefix")}id", BigInt);
            binding.AddColumn("name", Text);
            binding.SetCardinality(rows, isExact: true);
            return _last = new Counting(rows, threads);
        },
    });

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void TableFunction_OnOneOrManyThreads_GivesEveryRowOnce(int threads)
    {
        RegisterCounting(threads);
        using (var result = _connection.Query("SELECT count(*), sum(id), count(DISTINCT name) FROM counting(300000)"))
            Assert.Equal([300_000L, (Int128)44_999_850_000, 300_000L], result.NextChunk()!.GetRow(0));
        Assert.Equal(0, _last!.OpenReaders);
        Assert.True(_last.Disposed);
    }

    [Fact]
    public void TableFunction_SomeColumnsOnly_AreAskedFor()
    {
        RegisterCounting(1);
        Assert.Equal("row 9", _connection.Scalar("SELECT max(name) FROM counting(10)"));
        Assert.Equal([1], _last!.LastColumns);
        Assert.Equal(10L, _connection.Scalar("SELECT count(*) FROM counting(10)"));
        Assert.Single(_last.LastColumns);
        Assert.Equal("my_id", _connection.Query("FROM counting(1, prefix := 'my_')").Columns[0].Name);
    }

    [Fact]
    public void TableFunction_Explain_ShowsTheCardinality()
    {
        RegisterCounting(1);
        var plan = (string)_connection.Query("EXPLAIN FROM counting(12345)").Rows().First()[1]!;
        Assert.Contains("12,345", plan);
    }

    [Fact]
    public void TableFunction_ThrowingInBind_FailsTheStatementWithTheKind()
    {
        RegisterCounting(1);
        var error = Assert.Throws<DuckDbException>(() => _connection.Prepare("FROM counting(-1)"));
        Assert.Equal((DuckDbErrorType.Binder, ErrorKind.InvalidRequest), (error.Type, error.Kind));
        Assert.Contains("counting: -1 is negative", error.Message);
    }

    [Fact]
    public void TableFunction_NestedArguments_AreRead()
    {
        object? seen = null;
        _connection.RegisterTableFunction(new DuckDbTableFunction
        {
            Name = "with_any",
            Parameters = [DuckDbType.Of(DuckDbTypeId.Any)],
            Bind = binding =>
            {
                seen = binding.Argument(0);
                binding.AddColumn("one", BigInt);
                return new Counting(1, 1);
            },
        });
        _connection.Query("FROM with_any([{'a': 1, 'b': NULL}])").Dispose();
        var fields = Assert.IsType<KeyValuePair<string, object?>[]>(Assert.Single(Assert.IsType<object?[]>(seen)));
        Assert.Equal([new("a", 1), new("b", null)], fields);
        _connection.Query("FROM with_any(NULL)").Dispose();
        Assert.Null(seen);
    }

    [Fact]
    public void ReplacementScan_UnknownTable_BecomesAFunctionCall()
    {
        RegisterCounting(1);
        _database.AddReplacementScan(name => name switch
        {
            "ten" => new DuckDbReplacement("counting", 10L),
            "broken" => throw TarnException.Invalid("broken on purpose"),
            _ => null,
        });
        Assert.Equal(10L, _connection.Scalar("SELECT count(*) FROM ten"));
        Assert.Equal(ErrorKind.NotFound, Assert.Throws<DuckDbException>(() => _connection.Query("FROM eleven")).Kind);
        Assert.Contains("broken on purpose", Assert.Throws<DuckDbException>(() => _connection.Query("FROM broken")).Message);
    }
}
