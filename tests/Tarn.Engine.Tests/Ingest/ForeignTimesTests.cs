using Tarn.Core.Errors;
using Tarn.Engine.Ingest;

namespace Tarn.Engine.Tests.Ingest;

/// <summary>Days without end, 24:00 as the end of a day, zones and digits that a column has no room for: none of them becomes another value on its way in.</summary>
public sealed class ForeignTimesTests
{
    [Theory]
    [InlineData("'infinity'::DATE", "DATE '2026-01-31'", "'v': 'infinity' is no date")]
    [InlineData("'-infinity'::TIMESTAMP", "TIMESTAMP '2026-01-31 10:20:30'", "'v': '-infinity' is no timestamp(6)")]
    [InlineData("'infinity'::TIMESTAMPTZ", "TIMESTAMPTZ '2026-01-31 10:20:30Z'", "'v': 'infinity' is no timestamp(6) with time zone")]
    [InlineData("'24:00:00'::TIME", "TIME '10:20:30'", "'v': '24:00:00' is no time(6)")]
    [InlineData("{'t': '24:00:00'::TIME}", "{'t': TIME '10:20:30'}", "'v.t': '24:00:00' is no time(6)")]
    [InlineData("[DATE '2026-01-31', '-infinity'::DATE]", "[DATE '2026-01-31']", "'v.element': '-infinity' is no date")]
    public async Task Ingest_ParquetWithSuchAValue_IsRefusedWithItsRowOrSetAside(string bad, string good, string message)
    {
        await using var lake = new IngestLake();
        string path = Path.Combine(lake.Input, "a.parquet");
        await lake.RunAsync($"COPY (SELECT {good} AS v UNION ALL SELECT {bad} UNION ALL SELECT NULL) TO '{path}' (FORMAT parquet)");
        var error = await Assert.ThrowsAsync<TarnException>(() => lake.IngestAsync(path));
        Assert.Contains("a.parquet', row 2, column " + message, error.Message, StringComparison.Ordinal);
        var result = await lake.IngestAsync(path, r => r with { OnError = ErrorHandling.Quarantine });
        Assert.Equal((2, 1), (result.RowCount, result.RejectedCount));
        Assert.Equal(["2|column " + message], await lake.RowsAsync("SELECT line, reason FROM s.t__rejected"));
    }

    [Theory]
    [InlineData("-infinity", "2026-01-31")]
    [InlineData("24:00:00", "10:20:30")]
    [InlineData("-infinity", "2026-01-31 10:20:30")]
    public async Task Ingest_TextOfSuchAValue_StaysText(string value, string other)
    {
        await using var lake = new IngestLake();
        await lake.IngestAsync(lake.Write("a.csv", $"v,w\n{other},x\n{value},y\n"));
        Assert.Equal([$"{other}|VARCHAR", $"{value}|VARCHAR"], await lake.RowsAsync("SELECT v, typeof(v) FROM s.t"));
    }

    [Theory]
    [InlineData("DATE", "-infinity")]
    [InlineData("TIME", "24:00:00")]
    [InlineData("TIMESTAMP", "-infinity")]
    [InlineData("TIMESTAMPTZ", "-infinity")]
    [InlineData("TIMESTAMP_NS", "-infinity")]
    [InlineData("TIMESTAMP_NS", "2026-01-31T10:20:30+02:00")]
    [InlineData("TIMESTAMP_NS", "2026-01-31T10:20:30.1234567891")]
    public async Task Ingest_TextThatTheColumnDoesNotHold_IsRefusedWithItsLine(string type, string value)
    {
        await using var lake = new IngestLake();
        await lake.RunAsync("CREATE SCHEMA s");
        await lake.RunAsync($"CREATE TABLE s.t (v {type}, w VARCHAR){(type.EndsWith("NS", StringComparison.Ordinal) ? " WITH (format_version = 3)" : "")}");
        foreach (string path in (string[])[lake.Write("a.csv", $"v,w\n,x\n{value},y\n"), lake.Write("b.ndjson", $"\n{{\"w\": \"x\"}}\n{{\"v\": \"{value}\", \"w\": \"y\"}}\n")])
        {
            var error = await Assert.ThrowsAsync<TarnException>(() => lake.IngestAsync(path));
            Assert.Contains($"line 3, column 'v': '{value}'", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Ingest_NanosecondsIntoNanoseconds_KeepAllDigits()
    {
        await using var lake = new IngestLake();
        await lake.RunAsync("CREATE SCHEMA s");
        await lake.RunAsync("CREATE TABLE s.t (v TIMESTAMP_NS) WITH (format_version = 3)");
        await lake.IngestAsync(lake.Write("a.ndjson", "{\"v\": \"2026-01-31T10:20:30.123456789\"}\n"));
        Assert.Equal(["2026-01-31 10:20:30.123456789"], await lake.RowsAsync("SELECT v::VARCHAR FROM s.t"));
    }
}
