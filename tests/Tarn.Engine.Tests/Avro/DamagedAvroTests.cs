using Tarn.Core.Errors;
using Tarn.Engine.Tests.Foreign;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Testing;
using Tarn.Testing.Files;
using Xunit.Abstractions;

namespace Tarn.Engine.Tests.Avro;

/// <summary>Avro data files with random damage: an error that names the file, or rows where the damage hits a value; never anything else.</summary>
public sealed class DamagedAvroTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("types_v3_avro")]
    [InlineData("nested_v2_avro")]
    [InlineData("v3_variant_avro")]
    public async Task Select_RandomDamage_IsAnErrorThatNamesTheFileOrRows(string table)
    {
        if (SharedFolder.TryGet("fixtures", "iceberg", "tables", table) is not { } original)
            return;
        using var folder = new TemporaryFolder();
        string metadataFile = Copy(original, folder[table]);
        string victim = Directory.EnumerateFiles(folder[table], "*.avro", SearchOption.AllDirectories).First(f => f.Contains("/data/", StringComparison.Ordinal));
        var schema = TableMetadataJson.Read(await File.ReadAllBytesAsync(metadataFile), metadataFile).CurrentSchema;
        byte[] whole = await File.ReadAllBytesAsync(victim);
        var random = new Random(Soak.Seed);
        int refused = 0;
        for (int round = 0; round < Soak.Rounds(25, 1_000); round++)
        {
            byte[] damaged = [.. whole[..(round % 4 == 0 ? random.Next(whole.Length) : whole.Length)]];
            for (int flips = random.Next(1, 4); flips > 0 && damaged.Length == whole.Length; flips--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            await File.WriteAllBytesAsync(victim, damaged);
            await using var tables = FixtureTables.OfShared(folder.Path);
            try
            {
                await tables.ReadAsync(metadataFile, schema);
            }
            catch (TarnException e)
            {
                output.WriteLine($"round {round}: {e.Message}");
                Assert.True(e.Kind is ErrorKind.DataCorrupted or ErrorKind.Unsupported, e.ToString());
                Assert.Contains(Path.GetFileName(victim), e.Message, StringComparison.Ordinal);
                refused++;
            }
        }

        Assert.True(refused > 0, "no damage was found");
    }

    private static string Copy(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Join(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
            File.SetAttributes(target, FileAttributes.Normal);
        }

        return Directory.EnumerateFiles(Path.Join(to, "metadata"), "*.metadata.json").Order(StringComparer.Ordinal).Last();
    }
}
