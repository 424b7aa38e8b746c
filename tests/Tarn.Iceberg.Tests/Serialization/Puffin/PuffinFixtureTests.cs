using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Tarn.Core.Errors;
using Tarn.Iceberg.Serialization.Puffin;
using Tarn.Iceberg.Serialization.Roaring;
using Tarn.Testing;

namespace Tarn.Iceberg.Tests.Serialization.Puffin;

/// <summary>Puffin files, bitmaps and deletion vectors of Iceberg Java, iceberg-go, Impala, Trino and CRoaring.</summary>
public sealed class PuffinFixtureTests
{
    [Fact]
    public void Open_EveryFile_HasItsBlobs()
    {
        if (SharedFolder.TryGet("fixtures", "iceberg", "foreign") is not { } folder)
            return;
        int blobs = 0;
        foreach (var (expected, bytes, name) in Files(folder, "_puffin.json"))
        {
            var file = PuffinFile.Open(bytes, name);
            var facts = expected.GetProperty("facts");
            Assert.Equal(facts.GetProperty("properties").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!), file.Properties.ToDictionary());
            Assert.Equal(facts.GetProperty("blobs").GetArrayLength(), file.Blobs.Count);
            foreach (var (blob, fact) in file.Blobs.Zip(facts.GetProperty("blobs").EnumerateArray()))
            {
                VerifyBlob(file, blob, fact);
                blobs++;
            }
        }

        Assert.True(blobs >= 9, $"{blobs} blobs");
    }

    [Fact]
    public void Read_EveryBitmap_HoldsItsPositions()
    {
        if (SharedFolder.TryGet("fixtures", "iceberg", "foreign") is not { } folder)
            return;
        int bitmaps = 0;
        foreach (var (expected, bytes, name) in Files(folder, "_bitmaps.json"))
        {
            // The 32-bit form stands alone in no file of Iceberg's.
            string kind = expected.GetProperty("kind").GetString()!;
            if (kind == "roaring32")
                continue;
            var bitmap = kind == "roaring64" ? RoaringReader.Read(bytes) : DeletionVectorBlob.Read(bytes);
            if (expected.TryGetProperty("ranges", out var ranges))
                Assert.True(Positions(ranges).SequenceEqual(bitmap.Positions()), name);
            Assert.Equal(expected.GetProperty("cardinality").GetInt64(), bitmap.Count);
            bitmaps++;
        }

        Assert.True(bitmaps >= 6, $"{bitmaps} bitmaps");
    }

    [Fact]
    public void Open_DamagedFile_IsAnErrorThatNamesIt()
    {
        if (SharedFolder.TryGet("fixtures", "iceberg", "foreign") is not { } folder)
            return;
        var random = new Random(17);
        foreach (var (_, bytes, name) in Files(folder, "_puffin.json"))
        {
            for (int round = 0; round < 500; round++)
            {
                byte[] damaged = bytes[..(round % 2 == 0 ? random.Next(bytes.Length) : bytes.Length)];
                if (damaged.Length == bytes.Length)
                    (damaged = [.. bytes])[random.Next(bytes.Length)] ^= (byte)(1 + random.Next(255));
                try
                {
                    var file = PuffinFile.Open(damaged, name);
                    foreach (var blob in file.Blobs)
                        file.ReadBlob(blob);
                }
                catch (TarnException e)
                {
                    Assert.Contains(name, e.Message, StringComparison.Ordinal);
                    Assert.True(e.Kind is ErrorKind.DataCorrupted or ErrorKind.Unsupported, e.Message);
                }
            }
        }
    }

    private static IEnumerable<(JsonElement Expected, byte[] Bytes, string Name)> Files(string folder, string list)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "expected", list)));
        foreach (var expected in document.RootElement.EnumerateArray())
        {
            string name = expected.GetProperty("file").GetString()!;
            yield return (expected, File.ReadAllBytes(Path.Combine(folder, name)), name);
        }
    }

    private static void VerifyBlob(PuffinFile file, PuffinBlob blob, JsonElement fact)
    {
        Assert.Equal(fact.GetProperty("type").GetString(), blob.Type);
        Assert.Equal(fact.GetProperty("snapshot-id").GetString(), blob.SnapshotId.ToString(CultureInfo.InvariantCulture));
        Assert.Equal(fact.GetProperty("sequence-number").GetInt64(), blob.SequenceNumber);
        Assert.Equal(fact.GetProperty("fields").EnumerateArray().Select(f => f.GetInt32()), blob.Fields);
        Assert.Equal(fact.GetProperty("compression-codec").GetString(), blob.CompressionCodec);
        var payload = file.ReadBlob(blob);
        Assert.Equal(fact.GetProperty("payload_sha256").GetString(), Convert.ToHexStringLower(SHA256.HashData(payload.Span)));
        if (fact.TryGetProperty("positions", out var positions))
            Assert.Equal(Positions(positions), DeletionVectorBlob.Read(payload.Span).Positions());
    }

    private static IEnumerable<long> Positions(JsonElement ranges)
    {
        foreach (var range in ranges.EnumerateArray())
        {
            for (long position = range[0].GetInt64(); position <= range[range.GetArrayLength() - 1].GetInt64(); position++)
                yield return position;
        }
    }
}
