using Tarn.Testing.Files;
using Tarn.Testing.Lakes;

namespace Tarn.Engine.Tests.Execution;

public sealed class ShowTableTests
{
    [Fact]
    public async Task ShowCreateSchema_WithProperties_MakesTheSameSchema()
    {
        using var folder = new TemporaryFolder();
        await using var lake = LocalLake.Open(folder.Path);
        await lake.RunAsync("CREATE SCHEMA trials COMMENT 'it''s a trial' WITH (owner = 'ann')");
        string text = (string)(await lake.RunAsync("SHOW CREATE SCHEMA trials"))[0][0]!;
        await lake.RunAsync("DROP SCHEMA trials");
        await lake.RunAsync(text);
        Assert.Equal(text, (await lake.RunAsync("SHOW CREATE SCHEMA trials"))[0][0]);
        Assert.Contains("ann", text, StringComparison.Ordinal);
        Assert.Contains("it''s a trial", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ShowCreateTable_WithTagsOfNestedColumns_NamesNoFieldId()
    {
        using var folder = new TemporaryFolder();
        await using var lake = LocalLake.Open(folder.Path);
        await lake.RunAsync("CREATE SCHEMA s");
        await lake.RunAsync("CREATE TABLE s.people (id bigint, home row(street varchar, city varchar), mail varchar)");
        await lake.RunAsync("ALTER TABLE s.people ALTER COLUMN home.city SET TAGS ('pii')");
        await lake.RunAsync("ALTER TABLE s.people ALTER COLUMN mail SET TAGS ('contact' = 'direct')");
        string text = (string)(await lake.RunAsync("SHOW CREATE TABLE s.people"))[0][0]!;
        Assert.DoesNotContain("tarn.column-tag", text, StringComparison.Ordinal);
        Assert.Contains("TAGS ('contact' = 'direct')", text, StringComparison.Ordinal);
        await lake.RunAsync(text.Replace("people", "folk", StringComparison.Ordinal));
        Assert.Equal([["mail", "contact"]], await lake.RunAsync("SELECT \"column\", tag FROM iceberg.system.tags WHERE name = 'folk'"));
    }
}
