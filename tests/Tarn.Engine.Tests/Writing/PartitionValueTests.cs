using Tarn.Core.Errors;
using Tarn.DuckDb;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Scanning;
using Tarn.Iceberg.Serialization.SingleValue;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transforms;
using Tarn.Testing.Files;
using Tarn.Testing.Lakes;

namespace Tarn.Engine.Tests.Writing;

/// <summary>
/// The ends of every type under every transform: a row is written with the partition value of the specification and found again by every filter, or it is refused
/// with column, value, rule and way out.
/// </summary>
public sealed class PartitionValueTests
{
    private const string NoDate = "Iceberg has no infinite dates and timestamps";

    private static readonly string[] Transforms =
    [
        "a", "bucket(a, 16)", "bucket(a, 2147483647)", "truncate(a, 3)", "truncate(a, 10)", "truncate(a, 1000)", "truncate(a, 2147483647)", "year(a)", "month(a)", "day(a)", "hour(a)", "void(a)",
    ];

    [Theory]
    [InlineData("boolean", "true", "false")]
    [InlineData("integer", "-2147483648", "-2147483641", "-2147483640", "-1", "0", "1", "1500000000", "2147483647")]
    [InlineData("bigint", "-9223372036854775808", "-9223372036854775801", "-9223372036854775800", "-1", "0", "9223372036854775807")]
    [InlineData("decimal(9,2)", "-9999999.99", "-9999999.91", "-9999999.90", "-0.01", "0", "0.01", "9999999.99")]
    [InlineData("decimal(2,0)", "-99", "-1", "0", "99")]
    [InlineData("decimal(18,18)", "-0.999999999999999999", "0", "0.999999999999999999")]
    [InlineData("decimal(38,0)", "-99999999999999999999999999999999999999", "-99999999999999999999999999999999999990", "0", "99999999999999999999999999999999999999")]
    [InlineData("decimal(38,38)", "-0.99999999999999999999999999999999999999", "0", "0.99999999999999999999999999999999999999")]
    [InlineData("real", "'-inf'", "-3.4028235e38", "'-0.0'", "0", "1.4e-45", "3.4028235e38", "'inf'", "'nan'")]
    [InlineData("double", "'-inf'", "-1.7976931348623157e308", "'-0.0'", "0", "5e-324", "1.7976931348623157e308", "'inf'", "'nan'")]
    [InlineData("date", "'-infinity'", "'5877642-06-25 (BC)'", "'0001-12-31 (BC)'", "'0001-01-01'", "'1969-12-31'", "'9999-12-31'", "'10000-01-01'", "'5881580-07-10'", "'infinity'")]
    [InlineData("time", "'00:00:00'", "'23:59:59.999999'", "'24:00:00'")]
    [InlineData(
        "timestamp", "'-infinity'", "'290309-12-22 (BC) 00:00:00'", "'243015-03-24 (BC) 15:59:59.999999'", "'243015-03-24 (BC) 16:00:00'", "'0001-12-31 (BC) 23:59:59.999999'", "'1969-12-31 23:59:59.999999'",
        "'9999-12-31 23:59:59.999999'", "'246953-10-09 07:59:59.999999'", "'246953-10-09 08:00:00'", "'294247-01-10 04:00:54.775806'", "'infinity'")]
    [InlineData(
        "timestamptz", "'-infinity'", "'290309-12-22 (BC) 00:00:00+00'", "'243015-03-24 (BC) 16:00:00+00'", "'0001-12-31 (BC) 23:59:59.999999+00'", "'1969-12-31 23:59:59.999999+00'",
        "'246953-10-09 07:59:59.999999+00'", "'246953-10-09 08:00:00+00'", "'294247-01-10 04:00:54.775806+00'", "'infinity'")]
    [InlineData("timestamp_ns", "'-infinity'", "'1677-09-22 00:00:00'", "'1969-12-31 23:59:59.999999999'", "'2262-04-11 23:47:16.854775806'", "'infinity'")]
    [InlineData("timestamptz_ns", "'-infinity'", "'1677-09-22 00:00:00'", "'1969-12-31 23:59:59.999999999'", "'2262-04-11 23:47:16.854775806'", "'infinity'")]
    [InlineData(
        "varchar", "''", "' '", "'.'", "'n'", "'v'", "'hx'", "chr(0)", "'a' || chr(0) || 'b'", "chr(10) || chr(13)", "chr(1114111)", "'a\U0001F600\U0001F600b'", "'e' || chr(769) || 'f' || chr(769)",
        "repeat('x', 64)", "repeat('x', 65)", "repeat('x', 3000)", "repeat('\U0001F600', 300)", "'a/b=c%2F?*:|<>\"''\\'", "'__HIVE_DEFAULT_PARTITION__'")]
    [InlineData("varbinary", "''", "'\\x00'", "'\\x00\\xFF\\x00\\xFF'", "encode(repeat('x', 3000))")]
    [InlineData("uuid", "'00000000-0000-0000-0000-000000000000'", "'7fffffff-ffff-ffff-ffff-ffffffffffff'", "'80000000-0000-0000-0000-000000000000'", "'ffffffff-ffff-ffff-ffff-ffffffffffff'")]
    public async Task Insert_EndsOfTypes_IsAsSpecifiedOrRefused(string type, params string[] values)
    {
        using var folder = new TemporaryFolder();
        await using var lake = LocalLake.Open(folder["lake"]);
        await lake.RunAsync("CREATE SCHEMA s");
        string engineType = type switch { "timestamptz_ns" => "TIMESTAMP_NS", "varbinary" => "BLOB", _ => type };
        string[] typed = [.. values.Select(v => $"({v})::{engineType}")];
        int tables = 0;
        foreach (string transform in Transforms)
        {
            if (!await TryCreateAsync(lake, type, transform))
                continue;
            tables++;
            var written = new List<string>();
            foreach (string value in typed)
            {
                if (await TryInsertAsync(lake, transform, value))
                    written.Add(value);
            }

            await VerifyPartitionsAsync(lake, written);
            await VerifyFiltersAsync(lake, typed);
        }

        Assert.InRange(tables, 2, Transforms.Length);
    }

    [Theory]
    [InlineData("integer", "truncate(a, 10)", "-2147483648", "Column 'a': -2147483648 has no partition: of field 'a_trunc_10', truncate(a, 10), the result is of type int for values from -2147483640 on. Nothing was written. Leave such rows out, give the column a wider type, or partition the table otherwise: by another width, or without this field (partitioning = ARRAY[…]).")]
    [InlineData("bigint", "truncate(a, 10)", "-9223372036854775808", "Column 'a': -9223372036854775808 has no partition: of field 'a_trunc_10', truncate(a, 10), the result is of type long for values from -9223372036854775800 on. Nothing was written. Leave such rows out, or partition the table otherwise: by another width, or without this field (partitioning = ARRAY[…]).")]
    [InlineData("timestamp", "hour(a)", "TIMESTAMP '294247-01-10 04:00:54'", "Column 'a': 294247-01-10 04:00:54 has no partition: of field 'a_hour', hour(a), the result is of type int for values from -243014-03-24T16:00:00 to 246953-10-09T07:59:59.999999. Nothing was written. Leave such rows out, or partition the table otherwise: by days, or without this field (partitioning = ARRAY[…]).")]
    public async Task Write_ValueWithoutPartition_IsRefusedByEveryStatement(string type, string transform, string value, string message)
    {
        using var folder = new TemporaryFolder();
        await using var lake = LocalLake.Open(folder["lake"]);
        await lake.RunAsync("CREATE SCHEMA s");
        await lake.RunAsync($"CREATE TABLE s.t (a {type}, b integer) WITH (partitioning = ARRAY['{transform}'])");
        await lake.RunAsync("INSERT INTO s.t VALUES (NULL, 1)");
        foreach (string sql in new[]
        {
            $"INSERT INTO s.t VALUES ({value}, 2)", $"INSERT INTO s.t SELECT {value}, i FROM range(10) AS r(i)",
            $"CREATE TABLE s.u WITH (partitioning = ARRAY['{transform}']) AS SELECT CAST({value} AS {type}) AS a",
        })
            Assert.Equal(message, (await Assert.ThrowsAsync<TarnException>(() => lake.RunAsync(sql))).Message);
        Assert.Equal([null, 1], (await lake.RunAsync("SELECT a, b FROM s.t")).Single());
    }

    [Theory]
    [InlineData("integer", "truncate(a, 10)", "-2147483640", "2147483647")]
    [InlineData("bigint", "truncate(a, 10)", "-9223372036854775800", "9223372036854775807")]
    [InlineData("decimal(9,2)", "truncate(a, 10)", "-9999999.90", "9999999.99")]
    [InlineData("timestamp", "hour(a)", "'243015-03-24 (BC) 16:00:00'", "'246953-10-09 07:59:59.999999'")]
    public async Task Insert_LastValuesWithAPartition_AreTaken(string type, string transform, params string[] values)
    {
        using var folder = new TemporaryFolder();
        await using var lake = LocalLake.Open(folder["lake"]);
        await lake.RunAsync("CREATE SCHEMA s");
        Assert.True(await TryCreateAsync(lake, type, transform));
        foreach (string value in values)
            Assert.True(await TryInsertAsync(lake, transform, $"({value})::{type}"), value);
    }

    [Theory]
    [InlineData("integer", "truncate(a, 10)", "-2147483648", "5", "7", "20")]
    [InlineData("bigint", "truncate(a, 10)", "-9223372036854775808", "5", "7", "20")]
    [InlineData("decimal(9,2)", "truncate(a, 1000)", "-9999999.99", "5", "7", "20")]
    [InlineData("timestamp", "hour(a)", "'290309-12-22 (BC) 00:00:00'", "'1969-12-31 23:10:00'", "'1969-12-31 23:20:00'", "'294247-01-10 04:00:54'")]
    public async Task Insert_SortedByTransform_TakesEveryValue(string type, string transform, string lowest, string first, string second, string highest)
    {
        using var folder = new TemporaryFolder();
        await using var lake = LocalLake.Open(folder["lake"]);
        await lake.RunAsync("CREATE SCHEMA s");
        await lake.RunAsync($"CREATE TABLE s.t (a {type}, b integer) WITH (sorted_by = ARRAY['{transform} DESC', 'b'])");
        await lake.RunAsync($"INSERT INTO s.t VALUES ({lowest}, 0), ({second}, 2), ({first}, 1), ({highest}, 3)");
        Assert.Equal([3, 1, 2, 0], (await lake.RunAsync("SELECT b FROM s.t")).Select(r => r[0]));
    }

    private static async Task<bool> TryCreateAsync(LocalLake lake, string type, string transform)
    {
        int version = type.EndsWith("_ns", StringComparison.Ordinal) ? 3 : 2;
        await lake.RunAsync("DROP TABLE IF EXISTS s.t");
        try
        {
            await lake.RunAsync($"CREATE TABLE s.t (a {type}) WITH (format_version = {version}, partitioning = ARRAY['{transform}'], \"write.metadata.metrics.default\" = 'full')");
            return true;
        }
        catch (TarnException e) when (e.Message.Contains("does not go with column 'a'", StringComparison.Ordinal))
        {
            return false;
        }
    }

    private static async Task<bool> TryInsertAsync(LocalLake lake, string transform, string value)
    {
        try
        {
            await lake.RunAsync($"INSERT INTO s.t SELECT {value}");
            return true;
        }
        catch (TarnException e) when (e is not DuckDbException && e.Message.Contains("Nothing was written.", StringComparison.Ordinal))
        {
            bool isForeign = e.Message.Contains(NoDate, StringComparison.Ordinal) || e.Message.Contains("before 24:00", StringComparison.Ordinal);
            Assert.True(isForeign || (e.Message.StartsWith("Column 'a': ", StringComparison.Ordinal) && e.Message.Contains(transform, StringComparison.Ordinal)), e.Message);
            return false;
        }
    }

    // One file for each row, in the order of writing.
    private static async Task VerifyPartitionsAsync(LocalLake lake, List<string> written)
    {
        var table = (await lake.Catalog.LoadTableAsync(TableIdentifier.Of("s", "t")))!.Metadata;
        var type = table.CurrentSchema.Fields[0].Type;
        var function = table.DefaultSpec.Fields[0].Transform.Bind(type);
        var tasks = (await new ScanPlanner(lake.Store).PlanAsync(TableScan.Of(table) with { IncludeColumnStats = true })).Tasks;
        Assert.Equal(written.Count, tasks.Count);
        foreach (var (task, value) in tasks.OrderBy(t => t.SequenceNumber).Zip(written))
        {
            object? expected = function.Apply(await SourceAsync(lake, type, value, task.File));
            Assert.True(LiteralValue.AreEqual(expected, task.File.Partition[0]), $"{function.Transform} of {value} is {expected}, not {task.File.Partition[0]}");
        }
    }

    // Far dates and long values have no bounds; NaN has none either.
    private static async Task<object> SourceAsync(LocalLake lake, IcebergType type, string value, DataFile file)
    {
        string? sql = type.Id switch
        {
            TypeId.Date => $"date_diff('day', DATE '1970-01-01', {value})::INTEGER",
            TypeId.Timestamp or TypeId.TimestampTz => $"epoch_us({value})",
            TypeId.TimestampNs or TypeId.TimestampTzNs => $"epoch_ns({value})",
            TypeId.String or TypeId.Binary => value,
            _ => null,
        };
        if (sql is not null)
            return (await lake.RunAsync($"SELECT {sql}"))[0][0]!;
        return file.LowerBounds?.TryGetValue(1, out var bound) == true ? BinarySingleValue.Deserialize(type, bound.AsSpan()) : file.Partition[0] ?? double.NaN;
    }

    // A condition in the list of columns reaches no pruning.
    private static async Task VerifyFiltersAsync(LocalLake lake, string[] values)
    {
        string[] tests = [.. values.SelectMany(v => new[] { "=", "<", "<=", ">", ">=" }.Select(o => $"a {o} {v}")), $"a IN ({string.Join(", ", values)})", "a IS NULL", "a IS NOT NULL"];
        var expected = (await lake.RunAsync($"SELECT {string.Join(", ", tests.Select(t => $"count(*) FILTER (WHERE {t})"))} FROM s.t"))[0];
        var found = await lake.RunAsync(string.Join(" UNION ALL ", tests.Select((t, i) => $"SELECT {i}, count(*) FROM s.t WHERE {t}")));
        foreach (var row in found)
            Assert.True(Equals(expected[(int)row[0]!], row[1]), $"WHERE {tests[(int)row[0]!]}: {row[1]} rows, not {expected[(int)row[0]!]}");
    }
}
