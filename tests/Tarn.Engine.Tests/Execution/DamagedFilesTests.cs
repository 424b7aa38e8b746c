using Tarn.Core.Errors;
using Tarn.Testing.Files;
using Tarn.Testing.Lakes;

namespace Tarn.Engine.Tests.Execution;

public sealed class DamagedFilesTests
{
    [Theory]
    [InlineData("SELECT sum(id) FROM s.t")]
    [InlineData("CREATE TABLE s.copy AS SELECT * FROM s.t")]
    [InlineData("INSERT INTO s.t SELECT * FROM s.t")]
    public async Task Read_DamagedPage_NamesTheFile(string sql)
    {
        using var folder = new TemporaryFolder();
        await using var lake = LocalLake.Open(folder.Path);
        await lake.RunAsync("CREATE SCHEMA s");
        await lake.RunAsync("CREATE TABLE s.t AS SELECT hash(i) % 1000000 AS id FROM range(20000) r(i)");
        string victim = Directory.GetFiles(folder.Path, "*.parquet", SearchOption.AllDirectories).Single();
        byte[] bytes = await File.ReadAllBytesAsync(victim);
        bytes.AsSpan(bytes.Length / 4, bytes.Length / 4).Clear();
        File.SetAttributes(victim, FileAttributes.Normal);
        await File.WriteAllBytesAsync(victim, bytes);

        var error = await Assert.ThrowsAnyAsync<TarnException>(() => lake.RunAsync(sql));

        Assert.True(error.Kind == ErrorKind.DataCorrupted, $"{error.Kind}: {error}");
        Assert.Contains(Path.GetFileName(victim), error.Message, StringComparison.Ordinal);
    }
}
