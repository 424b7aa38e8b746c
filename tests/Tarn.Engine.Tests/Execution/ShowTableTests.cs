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
}
