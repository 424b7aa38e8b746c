using Tarn.Core.Errors;
using Tarn.Engine.Ingest;

namespace Tarn.Engine.Tests.Ingest;

/// <summary>JSON for columns of maps, in each of the forms in which maps are written.</summary>
public sealed class MapIngestTests
{
    [Theory]
    [InlineData("a.ndjson")]
    [InlineData("a.json")]
    public async Task Ingest_AnyForm_IsTheMap(string name)
    {
        await using var lake = await LakeAsync("m map(varchar, integer)");
        string[] values = ["""{"a": 1, "b": null}""", """[["a", 1], ["b", null]]""", """[{"key": "a", "value": 1}, {"value": null, "key": "b"}]""", "{}", "[]", "null", """{"key": 1, "value": 2}"""];
        var rows = values.Select((v, i) => $$"""{"id": {{i}}, "m": {{v}}}""");
        await lake.IngestAsync(lake.Write(name, name == "a.json" ? $"[{string.Join(",\n", rows)}]" : string.Join("\n", rows)));
        Assert.Equal(
            ["0|{a=1, b=NULL}", "1|{a=1, b=NULL}", "2|{a=1, b=NULL}", "3|{}", "4|{}", "5|NULL", "6|{key=1, value=2}"],
            await lake.RowsAsync("SELECT id, m::VARCHAR FROM s.t ORDER BY id"));
    }

    [Theory]
    [InlineData("map(varchar, row(a bigint, b varchar))", """{"x": {"b": "t", "a": 9007199254740993}, "y": null}""", "{x={'a': 9007199254740993, 'b': t}, y=NULL}")]
    [InlineData("array(map(varchar, integer))", """[{"a": 1}, null, [["b", 2]], {}]""", "[{a=1}, NULL, {b=2}, {}]")]
    [InlineData("row(n integer, m map(varchar, integer))", """{"m": {"a": 1}}""", "{'n': NULL, 'm': {a=1}}")]
    [InlineData("map(varchar, map(integer, boolean))", """{"x": [[1, true], ["2", false]], "y": {"3": null}}""", "{x={1=true, 2=false}, y={3=NULL}}")]
    [InlineData("map(timestamp, decimal(20, 2))", """{"2026-01-31T10:20:30.5": 1.5, "2026-01-31 10:20:31": "123456789012345678.25"}""", "{'2026-01-31 10:20:30.5'=1.50, '2026-01-31 10:20:31'=123456789012345678.25}")]
    [InlineData("map(decimal(20, 2), timestamp with time zone)", """[["1.50", "2026-01-31T10:20:30+02:00"]]""", "{1.50='2026-01-31 08:20:30+00'}")]
    [InlineData("map(varbinary, varbinary)", """[["00ff", "61"], ["", null]]""", "{\\x00\\xFF=a, ''=NULL}")]
    [InlineData("map(date, double)", """{"2026-01-31": "NaN", "2026-02-01": 1.5e300}""", "{2026-01-31=nan, 2026-02-01=1.5e+300}")]
    [InlineData("map(row(a integer), array(varchar))", """[[{"a": 1}, ["x", 5, {"y": 1}]], [{"a": 2}, null]]""", "{{'a': 1}=[x, 5, '{\"y\":1}'], {'a': 2}=NULL}")]
    public async Task Ingest_InnerValues_AreOfTheirTypes(string type, string value, string expected)
    {
        await using var lake = await LakeAsync($"m {type}");
        await lake.IngestAsync(lake.Write("a.ndjson", $$"""{"id": 1, "m": {{value}}}""" + "\n"));
        Assert.Equal([expected], await lake.RowsAsync("SELECT m::VARCHAR FROM s.t"));
    }

    [Theory]
    [InlineData("map(varchar, integer)", """[["a", 1], ["a", 2]]""", "'m.key': 'a' is the key of two entries of one map")]
    [InlineData("map(decimal(5, 2), integer)", """[["1.0", 1], [1, 2]]""", "'m.key': '1.00' is the key of two entries of one map")]
    [InlineData("map(varchar, integer)", """[[null, 1]]""", "'m.key': no value, and it is NOT NULL")]
    [InlineData("map(varchar, integer)", """[{"key": null, "value": 1}]""", "'m.key': no value, and it is NOT NULL")]
    [InlineData("map(varchar, integer)", """[["a", 1, 2]]""", "'m': '[\"a\",1,2]' is no entry of a map, which is [key, value] or {\"key\": …, \"value\": …}")]
    [InlineData("map(varchar, integer)", "\"a\"", "'m': 'a' is no map(varchar, integer)")]
    [InlineData("map(varchar, bigint)", """{"a": 9223372036854775808}""", "'m.value': '9223372036854775808' is no bigint")]
    [InlineData("map(varchar, integer)", """{"a": 1.5}""", "'m.value': '1.5' is no integer")]
    [InlineData("map(integer, integer)", """{"a": 1}""", "'m.key': 'a' is no integer")]
    [InlineData("map(varchar, double)", """{"a": 9007199254740993}""", "'m.value': '9007199254740993' is no double")]
    [InlineData("map(varchar, timestamp)", """{"a": "2026-01-31T10:20:30+02:00"}""", "'m.value': '2026-01-31T10:20:30+02:00' is no timestamp(6)")]
    [InlineData("map(varchar, varbinary)", """{"a": 12}""", "'m.value': '12' is no text of hexadecimal digits, which bytes are written in")]
    [InlineData("map(varchar, row(a integer))", """[["x", {"a": 1, "b": 2}]]""", "'m.value.b': '2' is of a field that the table's column does not have")]
    [InlineData("map(varchar, row(a integer NOT NULL))", """{"x": {"a": 1}, "y": {}}""", "'m.value.a': no value, and it is NOT NULL")]
    [InlineData("array(map(varchar, integer))", """[{"a": 1}, 5]""", "'m.element': '5' is no map(varchar, integer)")]
    [InlineData("row(x array(integer), m map(varchar, integer))", """{"x": 1}""", "'m.x': '1' is no array(integer)")]
    public async Task Ingest_WhatIsNoSuchMap_IsRefusedWithItsPlaceOrSetAside(string type, string bad, string message)
    {
        await using var lake = await LakeAsync($"m {type}");
        string path = lake.Write("a.ndjson", $$"""{"id": 1}{{"\n\n"}}{"id": 2, "m": {{bad}}}""");
        var error = await Assert.ThrowsAsync<TarnException>(() => lake.IngestAsync(path));
        Assert.StartsWith($"File '{path}', line 3, column {message}. Mend the value", error.Message, StringComparison.Ordinal);
        var result = await lake.IngestAsync(path, r => r with { OnError = ErrorHandling.Quarantine });
        Assert.Equal((1, 1), (result.RowCount, result.RejectedCount));
        Assert.Equal([$"3|column {message}"], await lake.RowsAsync("SELECT line, reason FROM s.t__rejected"));
        Assert.Equal(["1|NULL"], await lake.RowsAsync("SELECT * FROM s.t"));
    }

    [Theory]
    [InlineData("""{"m": {"a": 1, "b": 2147483648}}""")]
    [InlineData("""{"m": [{"key": "a", "value": 2147483648}]}""")]
    public async Task Ingest_WideValueInAMap_WidensItOnlyWhenNeeded(string wide)
    {
        await using var lake = await LakeAsync("m map(varchar, integer)");
        Assert.Empty((await lake.IngestAsync(lake.Write("a.ndjson", """{"m": {"a": 1, "b": 2}}"""))).WidenedColumns);
        Assert.Equal(["m"], (await lake.IngestAsync(lake.Write("b.ndjson", wide))).WidenedColumns);
        Assert.Equal(["MAP(VARCHAR, BIGINT)"], await lake.RowsAsync("SELECT DISTINCT typeof(m) FROM s.t"));
    }

    [Fact]
    public async Task Ingest_NewFieldInAMap_IsAdded()
    {
        await using var lake = await LakeAsync("m map(varchar, row(a integer))");
        await lake.IngestAsync(lake.Write("a.ndjson", """{"m": {"x": {"a": 1, "b": "new"}}}"""));
        Assert.Equal(["{x={'a': 1, 'b': new}}"], await lake.RowsAsync("SELECT m::VARCHAR FROM s.t"));
    }

    [Fact]
    public async Task Ingest_ManyKeys_AreKeptInTheirOrder()
    {
        await using var lake = await LakeAsync("m map(varchar, integer)");
        string[] keys = [.. Enumerable.Range(0, 1000).Select(i => $"k{i * 7919 % 1000}")];
        await lake.IngestAsync(lake.Write("a.ndjson", $"{{\"m\": {{{string.Join(", ", keys.Select((k, i) => $"\"{k}\": {i}"))}}}}}"));
        Assert.Equal([string.Join(",", keys)], await lake.RowsAsync("SELECT array_to_string(map_keys(m), ',') FROM s.t"));
        Assert.Equal(["999"], await lake.RowsAsync($"SELECT m['{keys[^1]}'] FROM s.t"));
    }

    [Fact]
    public async Task Ingest_ObjectsIntoANewTable_StayStructs()
    {
        await using var lake = new IngestLake();
        await lake.IngestAsync(lake.Write("a.ndjson", """{"m": {"a": 1}, "l": [["a", "b"]]}"""));
        Assert.Equal(["STRUCT(a BIGINT)|VARCHAR[][]"], await lake.RowsAsync("SELECT typeof(m), typeof(l) FROM s.t"));
    }

    private static async Task<IngestLake> LakeAsync(string columns)
    {
        var lake = new IngestLake();
        await lake.RunAsync("CREATE SCHEMA s");
        await lake.RunAsync($"CREATE TABLE s.t(id integer, {columns})");
        return lake;
    }
}
