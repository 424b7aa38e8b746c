using Tarn.Core.Errors;
using Tarn.Engine.Tests.Ingest;

namespace Tarn.Engine.Tests.Writing;

/// <summary>Fields of type <c>unknown</c>, at any depth: no data file stores them (section Primitive Types), and they read as NULL.</summary>
public sealed class UnknownFieldsTests
{
    private const string Columns = "id int, s row(a unknown, b int), l array(row(a unknown, b int)), m map(varchar, row(a unknown, b row(c unknown, d int)))";

    [Fact]
    public async Task Insert_FieldsOfTypeUnknown_AreNotInTheFileAndReadAsNull()
    {
        await using var lake = await WithTableAsync();
        await lake.RunAsync("INSERT INTO s.t VALUES (1, {a: NULL, b: 2}, [{a: NULL, b: 3}, NULL], MAP {'k': {a: NULL, b: {c: NULL, d: 4}}}), (2, NULL, NULL, NULL)");
        string file = Assert.Single(Directory.GetFiles(lake.Data, "*.parquet", SearchOption.AllDirectories));
        Assert.Equal(["b|6", "b|9", "b|13", "d|15"], await lake.RowsAsync($"SELECT name, field_id FROM parquet_schema('{file}') WHERE name IN ('a', 'b', 'c', 'd')"));
        Assert.Equal(
            ["1|NULL|2|NULL|3|NULL|NULL|4", "2|NULL|NULL|NULL|NULL|NULL|NULL|NULL"],
            await lake.RowsAsync("SELECT id, s.a, s.b, l[1].a, l[1].b, m['k'].a, m['k'].b.c, m['k'].b.d FROM s.t ORDER BY id"));
    }

    [Theory]
    [InlineData("s", "{a: 1, b: 2}", "s.a")]
    [InlineData("l", "[{a: NULL, b: 2}, NULL, {a: 1, b: 2}]", "l.element.a")]
    [InlineData("m", "MAP {'k': {a: NULL, b: {c: 1, d: 2}}}", "m.value.b.c")]
    public async Task Insert_ValueForAFieldOfTypeUnknown_IsRefusedByName(string column, string value, string path)
    {
        await using var lake = await WithTableAsync();
        var error = await Assert.ThrowsAsync<TarnException>(() => lake.RunAsync($"INSERT INTO s.t ({column}) VALUES ({value})"));
        Assert.Contains($"Column '{path}' is of type unknown, which holds no value but NULL", error.Message, StringComparison.Ordinal);
        Assert.Equal(["0"], await lake.RowsAsync("SELECT count(*) FROM s.t"));
    }

    private static async Task<IngestLake> WithTableAsync()
    {
        var lake = new IngestLake();
        await lake.RunAsync("CREATE SCHEMA s");
        await lake.RunAsync($"CREATE TABLE s.t ({Columns}) WITH (format_version = 3)");
        return lake;
    }
}
