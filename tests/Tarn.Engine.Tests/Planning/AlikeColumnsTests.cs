using Tarn.Core.Errors;
using Tarn.Testing.Files;
using Tarn.Testing.Lakes;

namespace Tarn.Engine.Tests.Planning;

public sealed class AlikeColumnsTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private LocalLake _lake = null!;

    public async Task InitializeAsync()
    {
        _lake = LocalLake.Open(_folder.Path);
        await _lake.RunAsync("CREATE SCHEMA s");
        await _lake.RunAsync("CREATE TABLE s.t (id bigint, \"ID\" bigint, s row(\"Id\" bigint))");
        await _lake.RunAsync("INSERT INTO s.t VALUES (1, 2, {'Id': 3})");
        await _lake.RunAsync("CREATE TABLE s.u (\"Id\" bigint)");
        await _lake.RunAsync("INSERT INTO s.u VALUES (4)");
    }

    public async Task DisposeAsync()
    {
        await _lake.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("SELECT \"Id\" FROM s.t")]
    [InlineData("SELECT t.iD FROM s.t")]
    [InlineData("SELECT count(*) FROM s.t WHERE Id = 1")]
    public async Task Query_NameThatMayBeSeveralColumns_IsRefused(string sql)
    {
        var error = await Assert.ThrowsAnyAsync<TarnException>(() => _lake.RunAsync(sql));
        Assert.Contains("is ambiguous: it may be column 'id' or 'ID'.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SELECT id, ID FROM s.t", 1L, 2L)]
    [InlineData("SELECT t.\"ID\", s.Id FROM s.t", 2L, 3L)]
    [InlineData("SELECT t.id, u.\"Id\" FROM s.t, s.u", 1L, 4L)]
    [InlineData("SELECT id + 1 AS \"Id\", 7 FROM s.t ORDER BY \"Id\"", 2L, 7)]
    public async Task Query_NameThatIsOneColumn_ReadsIt(string sql, params object[] expected) => Assert.Equal([expected], await _lake.RunAsync(sql));
}
