using Tarn.Core.Errors;
using Tarn.Engine.Ingest;
using Tarn.Engine.Sql;

namespace Tarn.Engine.Tests.Ingest;

/// <summary>Empty values of CSV, with and without quotes.</summary>
public sealed class EmptyTextTests
{
    [Theory]
    [InlineData("CREATE TABLE s.t(id integer, v varchar)")]
    [InlineData("CREATE SCHEMA IF NOT EXISTS s")]
    public async Task Ingest_EmptyInQuotes_IsEmptyText(string before)
    {
        await using var lake = await LakeAsync(before);
        await lake.IngestAsync(lake.Write("a.csv", "id,v\n1,x\n2,\"\"\n3,\n\"4\",\"\"\n"));
        Assert.Equal(["1|1", "2|0", "3|NULL", "4|0"], await lake.RowsAsync("SELECT id, length(v) FROM s.t ORDER BY id"));
    }

    [Fact]
    public async Task Ingest_EmptyInQuotesForBytes_IsNoBytes()
    {
        await using var lake = await LakeAsync("CREATE TABLE s.t(id integer, b varbinary)");
        await lake.IngestAsync(lake.Write("a.csv", "id,b\n1,ff\n2,\"\"\n3,\n"));
        Assert.Equal(["1|1", "2|0", "3|NULL"], await lake.RowsAsync("SELECT id, octet_length(b) FROM s.t ORDER BY id"));
    }

    [Fact]
    public async Task Ingest_EmptyInQuotesForOtherTypes_IsNull()
    {
        const string values = "\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\"";
        string text = $"i,l,d,f,m,b,t,ts,u\n1,2,1.5,2.5,3.25,true,2024-01-05,2024-01-05 10:11:12,6f5902ac-237a-4ac5-9d6e-4a0b5c9f5f0e\n{values}\n{values.Replace("\"", "", StringComparison.Ordinal)}\n";
        await using var lake = await LakeAsync("CREATE TABLE s.t(i integer, l bigint, d double, f real, m decimal(9,2), b boolean, t date, ts timestamp, u uuid)");
        await lake.IngestAsync(lake.Write("a.csv", text));
        await lake.IngestAsync(lake.Write("a.csv", text), r => r with { OnError = ErrorHandling.Quarantine });
        await lake.IngestAsync(lake.Write("a.csv", text), r => r with { Table = QualifiedName.Of("s", "inferred") });
        Assert.Equal(["6|2|2|2|2|2|2|2|2|2"], await lake.RowsAsync("SELECT count(*), count(i), count(l), count(d), count(f), count(m), count(b), count(t), count(ts), count(u) FROM s.t"));
        Assert.Equal(["bigint|double|date|timestamp(6)|3|1"], await lake.RowsAsync("SELECT lower(any_value(typeof(l))), lower(any_value(typeof(d))), lower(any_value(typeof(t))), 'timestamp(6)', count(*), count(ts) FROM s.inferred"));
    }

    [Fact]
    public async Task Ingest_EmptyInQuotesForNotNull_IsValueOfTextOnly()
    {
        await using var lake = await LakeAsync("CREATE TABLE s.t(i integer NOT NULL, v varchar NOT NULL)");
        await lake.IngestAsync(lake.Write("a.csv", "i,v\n1,\"\"\n"));
        Assert.Equal(["1|0"], await lake.RowsAsync("SELECT i, length(v) FROM s.t"));
        var error = await Assert.ThrowsAsync<TarnException>(() => lake.IngestAsync(lake.Write("b.csv", "i,v\n1,x\n\"\",x\n")));
        Assert.Contains("b.csv', line 3, column 'i': no value", error.Message, StringComparison.Ordinal);
    }

    private static async Task<IngestLake> LakeAsync(string sql)
    {
        var lake = new IngestLake();
        await lake.RunAsync("CREATE SCHEMA s");
        await lake.RunAsync(sql);
        return lake;
    }
}
