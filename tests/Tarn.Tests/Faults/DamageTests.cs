using Tarn.CommandLine;
using Tarn.Testing.Files;

namespace Tarn.Tests.Faults;

/// <summary>Files of a lake that are missing, cut or overwritten: a clear error that names the file, never a wrong answer, and no further damage.</summary>
public sealed class DamageTests : IDisposable
{
    private const string Sum = "SELECT count(*) AS n, sum(id) AS s FROM s.t";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("*.parquet", Damage.Truncated, "not a whole Parquet file", "Restore the file")]
    [InlineData("*.parquet", Damage.Overwritten, "not a whole Parquet file", "Restore the file")]
    [InlineData("*.parquet", Damage.Missing, "does not exist", "check the location")]
    [InlineData("*.parquet", Damage.Holed, "damaged", "Restore")]
    [InlineData("*-m*.avro", Damage.Overwritten, "not an Avro file", "restore it from a backup")]
    [InlineData("*-m*.avro", Damage.Truncated, "damaged", "roll the table back")]
    [InlineData("*-m*.avro", Damage.Missing, "does not exist", "restore it from a backup")]
    [InlineData("snap-*.avro", Damage.Overwritten, "not an Avro file", "restore it from a backup")]
    [InlineData("snap-*.avro", Damage.Truncated, "cannot be read", "roll the table back")]
    [InlineData("snap-*.avro", Damage.Missing, "does not exist", "restore it from a backup")]
    [InlineData("*.metadata.json", Damage.Truncated, "not valid JSON", "register the newest metadata file that is whole")]
    [InlineData("*.metadata.json", Damage.Overwritten, "damaged", "register the newest metadata file that is whole")]
    [InlineData("*.metadata.json", Damage.Missing, "is missing", "Restore it from a backup")]
    public async Task Read_DamagedFile_NamesItAndAnswersNothing(string pattern, Damage damage, string problem, string wayOut)
    {
        var lake = await FaultLake.CreateAsync(_folder["lake"], batches: 1);
        var whole = lake.Contents();
        string victim = Directory.GetFiles(Path.Join(lake.Folder, "lake"), pattern, SearchOption.AllDirectories).OrderBy(Path.GetFileName).Last();
        byte[] content = await File.ReadAllBytesAsync(victim);
        Do(damage, victim, content);
        var damaged = lake.Contents();

        var result = await lake.RunAsync("sql", "--format", "csv", "-c", Sum);

        Assert.Equal((ExitCode.Failed, ""), (result.ExitCode, result.Out));
        Assert.StartsWith("error: ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("internal error", result.Error, StringComparison.Ordinal);
        Assert.All((string[])[Path.GetFileName(victim), problem, wayOut], words => Assert.Contains(words, result.Error, StringComparison.Ordinal));
        Assert.Equal(damaged, lake.Contents());
        await File.WriteAllBytesAsync(victim, content);
        Assert.Equal(whole, lake.Contents());
        Assert.Equal([0], await lake.BatchesAsync());
    }

    [Theory]
    [InlineData(Damage.Missing)]
    [InlineData(Damage.Truncated)]
    public async Task Register_NewestWholeMetadataFile_GivesTheTableBack(Damage damage)
    {
        var lake = await FaultLake.CreateAsync(_folder["lake"], batches: 2);
        var files = Directory.GetFiles(Path.Join(lake.Folder, "lake"), "*.metadata.json", SearchOption.AllDirectories).OrderBy(Path.GetFileName).ToArray();
        Do(damage, files[^1], await File.ReadAllBytesAsync(files[^1]));
        Assert.Equal(ExitCode.Failed, (await lake.RunAsync("sql", "-c", Sum)).ExitCode);

        string location = $"s3://{Path.GetRelativePath(lake.Folder, files[^2])}";
        await lake.SqlAsync($"CALL iceberg.system.unregister_table('s', 't'); CALL iceberg.system.register_table('s', 't', '{location}')");

        Assert.Equal([0], await lake.BatchesAsync());
    }

    [Fact]
    public async Task Open_NewerDataFolder_SaysWhatToDo()
    {
        var lake = await FaultLake.CreateAsync(_folder["lake"], batches: 1);
        string marker = Path.Join(lake.Folder, "tarn.json"), text = await File.ReadAllTextAsync(marker);
        await File.WriteAllTextAsync(marker, text.Replace("\"format-version\": 1", "\"format-version\": 2", StringComparison.Ordinal));
        var before = lake.Contents();

        Assert.All(
            (ProcessResult[])[await lake.RunAsync("sql", "-c", Sum), await lake.RunAsync("sql", "-c", FaultLake.Insert(1)), await lake.RunAsync("tables")],
            result =>
            {
                Assert.Equal((ExitCode.Failed, ""), (result.ExitCode, result.Out));
                Assert.Contains("format version 2", result.Error, StringComparison.Ordinal);
                Assert.Contains("newer Tarn", result.Error, StringComparison.Ordinal);
                Assert.Contains(marker, result.Error, StringComparison.Ordinal);
            });
        Assert.Equal(before, lake.Contents());
    }

    private static void Do(Damage damage, string path, byte[] content)
    {
        var random = new Random(7);
        var bytes = content.ToArray();
        switch (damage)
        {
            case Damage.Missing:
                File.Delete(path);
                return;
            case Damage.Truncated:
                bytes = bytes[..(bytes.Length * 2 / 3)];
                break;
            case Damage.Overwritten:
                random.NextBytes(bytes);
                break;
            default:
                // Within the pages; the footer stays as it was.
                random.NextBytes(bytes.AsSpan(4, bytes.Length / 4));
                break;
        }

        File.WriteAllBytes(path, bytes);
    }
}

/// <summary>What happens to a file.</summary>
public enum Damage
{
    /// <summary>It is gone.</summary>
    Missing,

    /// <summary>The last third is gone.</summary>
    Truncated,

    /// <summary>Random bytes of the same length.</summary>
    Overwritten,

    /// <summary>Random bytes near the beginning; the end is whole.</summary>
    Holed,
}
