using Tarn.Core.Errors;
using Tarn.Engine.Ingest;

namespace Tarn.Engine.Tests.Ingest;

/// <summary>Values that fit their column and have no partition, because the transform's result would leave its type.</summary>
public sealed class PartitionLimitTests
{
    private const string Rule = "has no partition: of field 'a_trunc_10', truncate(a, 10), the result is of type int for values from -2147483640 on";

    public static TheoryData<string, string, string> Files => new()
    {
        { "a.csv", "a,b\n1,x\n-2147483648,y\n,z\n", "line 3" },
        { "a.ndjson", "{\"a\": 1, \"b\": \"x\"}\n{\"a\": -2147483648, \"b\": \"y\"}\n{\"b\": \"z\"}\n", "line 2" },
        { "a.json", "[{\"a\": 1, \"b\": \"x\"}, {\"a\": -2147483648, \"b\": \"y\"}, {\"b\": \"z\"}]", "element 2" },
    };

    [Theory, MemberData(nameof(Files))]
    public async Task Ingest_ValueWithoutPartition_IsToldWithItsPlace(string name, string text, string place)
    {
        await using var lake = new IngestLake();
        await MakeAsync(lake, "a integer, b varchar", "truncate(a, 10)");
        string file = lake.Write(name, text);
        var error = await Assert.ThrowsAsync<TarnException>(() => lake.IngestAsync(file));
        Assert.Equal($"File '{file}', {place}, column 'a': '-2147483648' {Rule}. Mend the value, ingest with --on-error quarantine, give the column a wider type, or partition the table otherwise: by another width, or without this field (partitioning = ARRAY[…]).", error.Message);
        Assert.Equal(["0"], await lake.RowsAsync("SELECT count(*) FROM s.t"));
    }

    [Theory, MemberData(nameof(Files))]
    public async Task Ingest_ValueWithoutPartition_IsSetAside(string name, string text, string place)
    {
        await using var lake = new IngestLake();
        await MakeAsync(lake, "a integer, b varchar", "truncate(a, 10)");
        var result = await lake.IngestAsync(lake.Write(name, text), r => r with { OnError = ErrorHandling.Quarantine });
        Assert.Equal((2, 1), (result.RowCount, result.RejectedCount));
        Assert.Equal([$"{place.Split(' ')[1]}|column 'a': '-2147483648' {Rule}"], await lake.RowsAsync("SELECT line, reason FROM s.t__rejected"));
        Assert.Equal(["1|x", "NULL|z"], await lake.RowsAsync("SELECT a, b FROM s.t ORDER BY b"));
    }

    [Fact]
    public async Task Ingest_ParquetWithoutPartition_IsSetAsideOrTold()
    {
        await using var lake = new IngestLake();
        await MakeAsync(lake, "a bigint, b varchar", "truncate(a, 10)");
        string file = Path.Combine(lake.Input, "a.parquet");
        await lake.RunAsync($"COPY (SELECT * FROM (VALUES (-9223372036854775808, 'x'), (7, 'y')) AS v(a, b)) TO '{file}'");
        await RequireToldAndSetAsideAsync(lake, file, "row 1, column 'a': '-9223372036854775808' has no partition: of field 'a_trunc_10', truncate(a, 10),");
    }

    [Fact]
    public async Task Ingest_FieldOfStructWithoutPartition_IsSetAsideOrTold()
    {
        await using var lake = new IngestLake();
        await MakeAsync(lake, "o ROW(at timestamp, n integer)", "hour(o.at)");
        string file = lake.Write("a.ndjson", "{\"o\": {\"n\": 1}}\n{\"o\": {\"at\": \"294000-01-01 00:00:00\", \"n\": 2}}\n{\"o\": {\"at\": \"2024-01-01 00:00:00\"}}\n");
        await RequireToldAndSetAsideAsync(lake, file, "line 2, column 'o.at': '294000-01-01 00:00:00' has no partition: of field 'o.at_hour', hour(o.at),");
    }

    [Fact]
    public async Task Ingest_NewTable_TellsValueWithoutPartition()
    {
        await using var lake = new IngestLake();
        await lake.RunAsync("CREATE SCHEMA s");
        string file = lake.Write("a.csv", "a\n-9223372036854775808\n");
        var error = await Assert.ThrowsAsync<TarnException>(() => lake.IngestAsync(file, r => r with { PartitionBy = ["truncate(a, 10)"] }));
        Assert.StartsWith($"File '{file}', line 2, column 'a': '-9223372036854775808' has no partition:", error.Message, StringComparison.Ordinal);
    }

    private static async Task MakeAsync(IngestLake lake, string columns, string partitionField)
    {
        await lake.RunAsync("CREATE SCHEMA s");
        await lake.RunAsync($"CREATE TABLE s.t ({columns}) WITH (partitioning = ARRAY['{partitionField}'])");
    }

    private static async Task RequireToldAndSetAsideAsync(IngestLake lake, string file, string placeAndRule)
    {
        var error = await Assert.ThrowsAsync<TarnException>(() => lake.IngestAsync(file));
        Assert.StartsWith($"File '{file}', {placeAndRule}", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await lake.IngestAsync(file, r => r with { OnError = ErrorHandling.Quarantine })).RejectedCount);
    }
}
