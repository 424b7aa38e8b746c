using Tarn.Core.Errors;
using Tarn.Engine.Ingest;

namespace Tarn.Engine.Tests.Ingest;

/// <summary>Bytes that come as text, in files of all forms.</summary>
public sealed class HexTextTests
{
    [Theory]
    [InlineData("a.csv", "id,b\n1,ff0061\n2,\\xFF0061\n3,0xfF0061\n4,\n")]
    [InlineData("a.ndjson", "{\"id\":1,\"b\":\"ff0061\"}\n{\"id\":2,\"b\":\"\\\\xFF0061\"}\n{\"id\":3,\"b\":\"0xfF0061\"}\n{\"id\":4}\n")]
    [InlineData("a.json", "[{\"id\":1,\"b\":\"ff0061\"},{\"id\":2,\"b\":\"\\\\xFF0061\"},{\"id\":3,\"b\":\"0xfF0061\"},{\"id\":4,\"b\":null}]")]
    public async Task Ingest_TextForBinaryColumn_IsReadAsHex(string name, string text)
    {
        await using var lake = await LakeAsync("b varbinary");
        await lake.IngestAsync(lake.Write(name, text));
        Assert.Equal(["1|FF0061", "2|FF0061", "3|FF0061", "4|NULL"], await lake.RowsAsync("SELECT id, hex(b) FROM s.t ORDER BY id"));
    }

    [Fact]
    public async Task Ingest_DigitsForBinaryColumn_AreHexWithTheirZeros()
    {
        await using var lake = await LakeAsync("b varbinary");
        await lake.IngestAsync(lake.Write("a.csv", "id,b\n1,0012\n2,1234\n"));
        Assert.Equal(["1|0012", "2|1234"], await lake.RowsAsync("SELECT id, hex(b) FROM s.t ORDER BY id"));
    }

    [Fact]
    public async Task Ingest_EmptyTextForBinaryColumn_IsNoBytes()
    {
        await using var lake = await LakeAsync("b varbinary");
        await lake.IngestAsync(lake.Write("a.ndjson", "{\"id\":1,\"b\":\"\"}\n{\"id\":2,\"b\":\"\\\\x\"}\n"));
        Assert.Equal(["1|0", "2|0"], await lake.RowsAsync("SELECT id, octet_length(b) FROM s.t ORDER BY id"));
    }

    [Theory]
    [InlineData("ff006")]
    [InlineData("hello")]
    [InlineData("0x0xff")]
    [InlineData("é")]
    public async Task Ingest_TextThatIsNoHex_IsRefusedWithItsPlace(string value)
    {
        await using var lake = await LakeAsync("b varbinary");
        var csv = await Assert.ThrowsAsync<TarnException>(() => lake.IngestAsync(lake.Write("a.csv", $"id,b\n1,ff\n2,{value}\n")));
        var json = await Assert.ThrowsAsync<TarnException>(() => lake.IngestAsync(lake.Write("a.ndjson", $"{{\"id\":1,\"b\":\"ff\"}}\n{{\"id\":2,\"b\":\"{value}\"}}\n")));
        Assert.Contains($"a.csv', line 3, column 'b': '{value}' is no varbinary", csv.Message, StringComparison.Ordinal);
        Assert.Contains($"a.ndjson', line 2, column 'b': '{value}' is no varbinary", json.Message, StringComparison.Ordinal);
        Assert.Equal(["0"], await lake.RowsAsync("SELECT count(*) FROM s.t"));
    }

    [Fact]
    public async Task Ingest_TextThatIsNoHex_IsSetAside()
    {
        await using var lake = await LakeAsync("b varbinary");
        var result = await lake.IngestAsync(lake.Write("a.csv", "id,b\n1,ff\n2,hello\n"), r => r with { OnError = ErrorHandling.Quarantine });
        Assert.Equal((1, 1), (result.RowCount, result.RejectedCount));
        Assert.Equal(["3|column 'b': 'hello' is no varbinary|2,hello"], await lake.RowsAsync("SELECT line, reason, content FROM s.t__rejected"));
    }

    [Fact]
    public async Task Ingest_HexInsideOfStructsAndLists_IsReadAsBytes()
    {
        await using var lake = await LakeAsync("r row(b varbinary, n integer), l array(varbinary)");
        await lake.IngestAsync(lake.Write("a.ndjson", "{\"id\":1,\"r\":{\"b\":\"ff00\",\"n\":5},\"l\":[\"61\",null,\"\"]}\n{\"id\":2}\n"));
        Assert.Equal(["1|FF00|5|61,NULL,", "2|NULL|NULL|NULL"], await lake.RowsAsync("SELECT id, hex(r.b), r.n, array_to_string(list_transform(l, x -> coalesce(hex(x), 'NULL')), ',') FROM s.t ORDER BY id"));
        var error = await Assert.ThrowsAsync<TarnException>(() => lake.IngestAsync(lake.Write("b.ndjson", "{\"id\":1,\"r\":{\"b\":\"f\",\"n\":5}}\n")));
        Assert.Contains("line 1, column 'r.b': 'f' is no varbinary", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.json", "[{\"id\":1,\"b\":\"ff\"},{\"id\":2,\"b\":12}]", "element 2")]
    [InlineData("a.ndjson", "{\"id\":1,\"b\":34}\n{\"id\":2,\"b\":12}\n", "line 1")]
    public async Task Ingest_NumberInJsonForBinaryColumn_IsRefused(string name, string text, string place)
    {
        await using var lake = await LakeAsync("b varbinary");
        var error = await Assert.ThrowsAsync<TarnException>(() => lake.IngestAsync(lake.Write(name, text)));
        Assert.Contains($"{name}', {place}, column 'b': '", error.Message, StringComparison.Ordinal);
        Assert.Contains("is no text of hexadecimal digits", error.Message, StringComparison.Ordinal);
    }

    private static async Task<IngestLake> LakeAsync(string columns)
    {
        var lake = new IngestLake();
        await lake.RunAsync("CREATE SCHEMA s");
        await lake.RunAsync($"CREATE TABLE s.t(id integer, {columns})");
        return lake;
    }
}
