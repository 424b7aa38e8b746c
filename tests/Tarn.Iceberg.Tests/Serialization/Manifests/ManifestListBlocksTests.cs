using Tarn.Iceberg.Serialization.Avro;
using Tarn.Iceberg.Serialization.Manifests;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Tests.Serialization.Manifests;

public sealed class ManifestListBlocksTests
{
    private const int Appends = 400;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void WriteOnto_ListAfterList_IsWhatAWholeListIs(int version)
    {
        int seed = Environment.TickCount;
        var random = new Random(seed);
        var before = WriteOnto(version, 1, 0, [.. Enumerable.Range(0, random.Next(600)).Select(i => Manifest(random, i, 1))], [], []);
        for (int i = 2; i < Appends / 8; i++)
        {
            ManifestFile[] added = [.. Enumerable.Range(0, random.Next(1, 4)).Select(n => Manifest(random, n, i))];
            // Now and then a manifest goes or becomes another one, as when manifests are merged or a table gets a new version.
            var rest = before.Manifests.ToList();
            if (random.Next(10) == 0 && rest.Count > 0)
                rest.RemoveAt(random.Next(rest.Count));
            if (random.Next(10) == 0 && rest.Count > 0)
                rest[random.Next(rest.Count)] = Manifest(random, 0, i) with { SequenceNumber = version == 1 ? 0 : 1, MinSequenceNumber = version == 1 ? 0 : 1 };
            long nextRowId = before.NextRowId ?? 0;
            var written = WriteOnto(version, i, nextRowId, added, rest, before.Blocks);
            var whole = ManifestListWriter.Write(version, i, i - 1, version == 1 ? 0 : i, version == 3 ? nextRowId : null, [.. added, .. rest]);
            Assert.True(whole.Manifests.SequenceEqual(written.Manifests), $"seed {seed}, append {i}");
            Assert.Equal(whole.NextRowId, written.NextRowId);
            var read = ManifestListReader.Read(written.Bytes, $"seed {seed}, append {i}");
            Assert.True(whole.Manifests.SequenceEqual(read), $"seed {seed}, append {i}");
            before = written;
        }
    }

    [Fact]
    public void WriteOnto_OneManifestEach_TakesOverBlocksThatAreLargeEnough()
    {
        var random = new Random(1);
        var before = WriteOnto(2, 1, 0, [Manifest(random, 0, 1)], [], []);
        for (int i = 2; i < Appends; i++)
        {
            var written = WriteOnto(2, i, 0, [Manifest(random, 0, i)], before.Manifests, before.Blocks);
            Assert.All(written.Blocks.Skip(1), b => Assert.True(b.Block.SizeBytes >= ManifestListWriter.KeptBlockBytes));
            Assert.All(written.Blocks.Skip(1), b => Assert.Contains(b, before.Blocks));
            Assert.Equal(i, AvroFile.Open(written.Bytes, "list.avro").Count);
            before = written;
        }

        Assert.InRange(before.Blocks.Count, 3, 10);
    }

    [Fact]
    public void WriteOnto_TableOfANewVersion_TakesNothingOver()
    {
        var random = new Random(2);
        var before = WriteOnto(2, 1, 0, [.. Enumerable.Range(0, 500).Select(i => Manifest(random, i, 1))], [], []);
        var written = WriteOnto(3, 2, 0, [Manifest(random, 0, 2)], before.Manifests, before.Blocks);
        Assert.DoesNotContain(written.Blocks, before.Blocks.Contains);
        Assert.All(ManifestListReader.Read(written.Bytes, "list.avro"), m => Assert.NotNull(m.FirstRowId));
    }

    [Fact]
    public void AddBlock_OfAnotherCodec_Refuses()
    {
        var schema = AvroSchemaParser.Parse("\"long\""u8.ToArray());
        var from = new AvroFileWriter(schema, AvroCodec.Null);
        from.Writer.WriteLong(1);
        from.EndValue();
        var block = from.EndBlock()!;
        Assert.Null(from.EndBlock());
        Assert.Throws<ArgumentException>(() => new AvroFileWriter(schema, AvroCodec.Deflate).AddBlock(block));
        var to = new AvroFileWriter(schema, AvroCodec.Null);
        to.Writer.WriteLong(0);
        to.EndValue();
        to.AddBlock(block);
        var file = AvroFile.Open(to.Finish(), "numbers.avro");
        Assert.Equal([0L, 1L], file.ReadAll(AvroDecoder.Compile(file.Schema)));
    }

    private static ManifestListResult WriteOnto(int version, long snapshotId, long nextRowId, ManifestFile[] added, IReadOnlyList<ManifestFile> before, IReadOnlyList<ManifestListBlock> known) =>
        ManifestListWriter.WriteOnto(version, snapshotId, snapshotId - 1, version == 1 ? 0 : snapshotId, version == 3 ? nextRowId : null, added, before, known);

    private static ManifestFile Manifest(Random random, int number, long snapshotId) => new()
    {
        ManifestPath = $"s3://lake/ns/t/metadata/{random.NextInt64()}-{random.NextInt64()}-m{number}.avro",
        ManifestLength = random.Next(1000, 9000),
        PartitionSpecId = 0,
        SequenceNumber = ManifestWriter.UnassignedSequenceNumber,
        MinSequenceNumber = ManifestWriter.UnassignedSequenceNumber,
        AddedSnapshotId = snapshotId,
        AddedFilesCount = 1,
        ExistingFilesCount = 0,
        DeletedFilesCount = 0,
        AddedRowsCount = random.Next(1000),
        ExistingRowsCount = 0,
        DeletedRowsCount = 0,
    };
}
