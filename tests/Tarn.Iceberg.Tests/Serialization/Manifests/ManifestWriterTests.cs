using FsCheck;
using FsCheck.Fluent;
using Tarn.Core.Errors;
using Tarn.Iceberg.Serialization.Avro;
using Tarn.Iceberg.Serialization.Manifests;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Tests.Serialization.Compression;
using Tarn.Testing;

namespace Tarn.Iceberg.Tests.Serialization.Manifests;

public sealed class ManifestWriterTests
{
    public static TheoryData<int, ManifestContent> Kinds => new()
    {
        { 1, ManifestContent.Data }, { 2, ManifestContent.Data }, { 2, ManifestContent.Deletes }, { 3, ManifestContent.Data }, { 3, ManifestContent.Deletes },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Finish_AnyEntries_ReadBackWithInheritance(int version, ManifestContent content) => Prop
        .ForAll<int>(seed =>
        {
            var random = new Random(seed);
            var entries = Enumerable.Range(0, random.Next(30)).Select(i => ManifestSamples.Entry(random, version, content, i)).ToArray();
            var (bytes, manifest) = Write(version, content, entries);
            var listed = List(version, manifest);
            var read = ManifestReader.Read(bytes, listed, ManifestSamples.PartitionType);
            Assert.Equal(Inherited(entries, version, content).Select(ManifestSamples.Text), read.Select(ManifestSamples.Text));
            return listed.AddedFilesCount == entries.Count(e => e.Status == ManifestEntryStatus.Added);
        })
        .QuickCheckThrowOnFailure();

    [Fact]
    public void Finish_SomeEntries_SummarisesPartitionsAndCounts()
    {
        var random = new Random(1);
        var entries = Enumerable.Range(0, 30).Select(i => ManifestSamples.Entry(random, 2, ManifestContent.Data, i)).ToArray();
        var (_, manifest) = Write(2, ManifestContent.Data, entries);
        Assert.Equal(10, manifest.AddedFilesCount);
        Assert.Equal(entries.Where(e => e.Status == ManifestEntryStatus.Deleted).Sum(e => e.DataFile.RecordCount), manifest.DeletedRowsCount);
        Assert.Equal(entries.Where(e => e is { IsLive: true, SequenceNumber: not null }).Min(e => e.SequenceNumber), manifest.MinSequenceNumber);
        Assert.Equal(ManifestWriter.UnassignedSequenceNumber, manifest.SequenceNumber);
        var summaries = manifest.Partitions!;
        Assert.Equal(ManifestSamples.PartitionType.Fields.Count, summaries.Count);
        Assert.All(summaries, s => Assert.True(s.ContainsNull));
        Assert.True(summaries[3].ContainsNaN);
        var ids = entries.Select(e => e.DataFile.Partition[0]).OfType<long>().ToArray();
        Assert.Equal(BitConverter.GetBytes(ids.Min()), summaries[0].LowerBound);
        Assert.Equal(BitConverter.GetBytes(ids.Max()), summaries[0].UpperBound);
        Assert.Null(summaries[^1].LowerBound);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Write_List_ReadsBack(int version)
    {
        ManifestFile[] manifests =
        [
            List(version, Write(version, ManifestContent.Data, [ManifestSamples.Entry(new Random(1), version, ManifestContent.Data, 0)]).Manifest) with { ManifestPath = "s3://a/1.avro" },
            List(version, Write(version, ManifestContent.Data, []).Manifest) with { ManifestPath = "s3://a/2.avro", KeyMetadata = [1, 2], Partitions = null },
        ];
        var result = ManifestListWriter.Write(version, 9, 8, version == 1 ? 0 : 7, version == 3 ? 1000 : null, manifests);
        var read = ManifestListReader.Read(result.Bytes, "list.avro");
        Assert.Equivalent(result.Manifests, read);
        Assert.Equal(2, read.Count);
        var file = AvroFile.Open(result.Bytes, "list.avro");
        Assert.Equal(("9", "8", version.ToString(System.Globalization.CultureInfo.InvariantCulture)), (file.MetadataText("snapshot-id"), file.MetadataText("parent-snapshot-id"), file.MetadataText("format-version")));
    }

    [Fact]
    public void Write_ListOfVersion3_AssignsRowIds()
    {
        ManifestFile Data(string path, long? firstRowId, long added, long existing) => List(2, Write(2, ManifestContent.Data, []).Manifest) with
        {
            ManifestPath = path, FirstRowId = firstRowId, AddedRowsCount = added, ExistingRowsCount = existing,
        };
        var deletes = List(2, Write(2, ManifestContent.Deletes, []).Manifest) with { FirstRowId = 5 };
        var result = ManifestListWriter.Write(3, 9, null, 7, 1000, [Data("a", 30, 5, 5), Data("b", null, 25, 75), deletes, Data("c", null, 1, 0)]);
        Assert.Equal([30, 1000, null, 1100], result.Manifests.Select(m => m.FirstRowId));
        Assert.Equal(1101, result.NextRowId);
    }

    [Fact]
    public void Write_UnassignedManifestOfAnotherSnapshot_Refuses()
    {
        var manifest = Write(2, ManifestContent.Data, []).Manifest;
        Assert.Throws<ArgumentException>(() => ManifestListWriter.Write(2, ManifestSamples.SnapshotId + 1, null, 7, null, [manifest]));
        Assert.Equal(7, ManifestListWriter.Write(2, ManifestSamples.SnapshotId, null, 7, null, [manifest]).Manifests[0].MinSequenceNumber);
    }

    [Fact]
    public void Append_WrongEntries_Refuses()
    {
        var entry = ManifestSamples.Entry(new Random(1), 2, ManifestContent.Data, 1);
        Assert.Throws<ArgumentException>(() => Write(2, ManifestContent.Deletes, [entry]));
        Assert.Throws<ArgumentException>(() => Write(2, ManifestContent.Data, [entry with { SequenceNumber = null }]));
        Assert.Throws<ArgumentException>(() => Write(2, ManifestContent.Data, [entry with { DataFile = entry.DataFile with { Partition = [] } }]));
        Assert.Equal(ErrorKind.InvalidRequest, Assert.Throws<TarnException>(() => Write(1, ManifestContent.Deletes, [])).Kind);
    }

    [Fact]
    public void Read_MutatedManifest_NeverFailsOtherwise()
    {
        var random = new Random(2);
        var (bytes, manifest) = Write(3, ManifestContent.Data, [.. Enumerable.Range(0, 40).Select(i => ManifestSamples.Entry(random, 3, ManifestContent.Data, i))], AvroCodec.Null);
        var listed = List(3, manifest);
        Mutations.Run(bytes, 3000, data => ManifestReader.Read(data, listed, ManifestSamples.PartitionType));
    }

    [Fact]
    public void Read_MutatedList_NeverFailsOtherwise()
    {
        var manifest = List(3, Write(3, ManifestContent.Data, [ManifestSamples.Entry(new Random(1), 3, ManifestContent.Data, 0)]).Manifest);
        var bytes = ManifestListWriter.Write(3, 9, 8, 7, 0, [manifest, manifest], AvroCodec.Null).Bytes;
        Mutations.Run(bytes, 3000, data => ManifestListReader.Read(data, "list.avro"));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Finish_Manifest_PythonAvroAgrees(int version, ManifestContent content)
    {
        if (!PythonTool.Has("avro.datafile"))
            return;
        var random = new Random(3);
        var entries = Enumerable.Range(0, 20).Select(i => ManifestSamples.Entry(random, version, content, i)).ToArray();
        string path = Path.GetTempFileName();
        File.WriteAllBytes(path, Write(version, content, entries).Bytes);
        const string script =
            """
            import sys
            from avro.datafile import DataFileReader
            from avro.io import DatumReader
            for e in DataFileReader(open(sys.argv[1], 'rb'), DatumReader()):
                d = e['data_file']
                print(e['status'], d['file_path'], d['record_count'], d['partition']['p1'], d['partition']['ts_hour'], len(d['lower_bounds'] or []))
            """;
        string expected = string.Join('\n', entries.Select(e =>
            $"{(int)e.Status} {e.DataFile.FilePath} {e.DataFile.RecordCount} {e.DataFile.Partition[0] ?? "None"} {e.DataFile.Partition[16] ?? "None"} {e.DataFile.LowerBounds?.Count ?? 0}"));
        Assert.Equal(expected, PythonTool.Run("avro.datafile", script, path).Trim());
        File.Delete(path);
    }

    internal static (byte[] Bytes, ManifestFile Manifest) Write(int version, ManifestContent content, IReadOnlyList<ManifestEntry> entries, string codec = AvroCodec.Deflate)
    {
        var writer = new ManifestWriter(version, ManifestSamples.Schema, ManifestSamples.Spec, ManifestSamples.PartitionType, content, ManifestSamples.SnapshotId, codec);
        foreach (var entry in entries)
            writer.Append(entry);
        return writer.Finish("s3://lake/db/table-1/metadata/m0.avro");
    }

    internal static ManifestFile List(int version, ManifestFile manifest) =>
        ManifestListWriter.Write(version, ManifestSamples.SnapshotId, null, version == 1 ? 0 : 30, version == 3 ? 1000 : null, [manifest]).Manifests[0];

    internal static IEnumerable<ManifestEntry> Inherited(IEnumerable<ManifestEntry> entries, int version, ManifestContent content)
    {
        long next = 1000;
        foreach (var entry in entries)
        {
            bool counts = version == 3 && content == ManifestContent.Data && entry.Status != ManifestEntryStatus.Deleted;
            long commit = version == 1 ? 0 : 30;
            yield return entry with
            {
                SequenceNumber = entry.SequenceNumber ?? commit,
                FileSequenceNumber = entry.FileSequenceNumber ?? commit,
                DataFile = entry.DataFile with { FirstRowId = counts ? next : null },
            };
            next += counts ? entry.DataFile.RecordCount : 0;
        }
    }
}
