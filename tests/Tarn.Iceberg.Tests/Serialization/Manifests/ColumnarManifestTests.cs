using FsCheck;
using FsCheck.Fluent;
using Tarn.Core.Errors;
using Tarn.Iceberg.Serialization.Avro;
using Tarn.Iceberg.Serialization.Manifests;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Tests.Serialization.Compression;
using Tarn.Iceberg.Transforms;

namespace Tarn.Iceberg.Tests.Serialization.Manifests;

public sealed class ColumnarManifestTests
{
    private static readonly ColumnarProjection AllColumns = new() { StatisticsFieldIds = [.. Enumerable.Range(1, 200), .. Enumerable.Range(2147483500, 48)] };

    public static TheoryData<int, ManifestContent> Kinds => ManifestWriterTests.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Decode_AnyEntries_EqualsReadingRows(int version, ManifestContent content) => Prop
        .ForAll<int>(seed =>
        {
            var random = new Random(seed);
            var entries = Enumerable.Range(0, random.Next(300)).Select(i => ManifestSamples.Entry(random, version, content, i)).ToArray();
            var (bytes, manifest) = ManifestWriterTests.Write(version, content, entries);
            AssertEqualsRows(bytes, ManifestWriterTests.List(version, manifest), ManifestSamples.PartitionType, AllColumns, random.Next(1, 5));
            return true;
        })
        .QuickCheckThrowOnFailure();

    [Fact]
    public void Decode_Fixtures_EqualReadingRows()
    {
        int manifests = 0;
        foreach (var table in FixtureTable.Own().Concat(FixtureTable.Foreign()))
        {
            foreach (var manifest in table.Metadata.CurrentSnapshot is { } snapshot ? table.Manifests(snapshot) : [])
            {
                var type = table.Metadata.PartitionType(table.Metadata.Spec(manifest.PartitionSpecId));
                AssertEqualsRows(table.Read(manifest.ManifestPath), manifest, type, AllColumns, 2);
                manifests++;
            }
        }

        Console.WriteLine($"{manifests} manifests decoded both ways.");
    }

    [Fact]
    public void Decode_Projected_KeepsOnlyProjectedColumns()
    {
        var random = new Random(4);
        var entries = Enumerable.Range(0, 50).Select(i => ManifestSamples.Entry(random, 2, ManifestContent.Data, i)).ToArray();
        var (bytes, manifest) = ManifestWriterTests.Write(2, ManifestContent.Data, entries);
        var columns = ColumnarManifest.Decode(bytes, ManifestWriterTests.List(2, manifest), ManifestSamples.PartitionType, new ColumnarProjection { StatisticsFieldIds = [3, 99], SplitOffsets = false });
        Assert.Null(columns.Statistics(4));
        Assert.NotNull(columns.Statistics(99));
        for (int i = 0; i < entries.Length; i++)
        {
            var file = entries[i].DataFile;
            Assert.Equal(file.LowerBounds?.ContainsKey(3) == true, columns.Statistics(3)!.TryGetLower(i, out var bound));
            Assert.Equal(file.LowerBounds?.GetValueOrDefault(3) ?? [], bound.ToArray());
            Assert.Null(columns.Statistics(99)!.ValueCount(i));
            Assert.Null(columns.Entry(i).DataFile.SplitOffsets);
            Assert.Equal(file.FilePath, columns.FilePath(i));
        }
    }

    [Fact]
    public void Decode_PromotedPartitionValues_AreWidened()
    {
        var old = new Schema(0, [new(1, "n", false, SimpleType.Int), new(2, "f", false, SimpleType.Float), new(3, "d", false, new DecimalType(4, 2)), new(4, "day", false, SimpleType.Date)]);
        var now = new Schema(1, [new(1, "n", false, SimpleType.Long), new(2, "f", false, SimpleType.Double), new(3, "d", false, new DecimalType(20, 2)), new(4, "day", false, SimpleType.Timestamp)]);
        var spec = new PartitionSpec(0, [.. Enumerable.Range(1, 4).Select(id => new PartitionField(id, 999 + id, $"p{id}", Transform.Identity))]);
        var writer = new ManifestWriter(2, old, spec, spec.PartitionType(old), ManifestContent.Data, 5);
        var file = new DataFile { FilePath = "a", Format = FileFormat.Parquet, RecordCount = 1, FileSizeInBytes = 1, Partition = [7, 0.5f, new Core.Values.Decimal38(-125, 2), 1] };
        writer.Add(file);
        writer.Add(file with { Partition = [null, null, null, null] });
        var (bytes, manifest) = writer.Finish("m.avro");
        manifest = manifest with { SequenceNumber = 1 };
        object?[] expected = [7L, 0.5, new Core.Values.Decimal38(-125, 2), 86_400_000_000L];
        var columns = ColumnarManifest.Decode(bytes, manifest, spec.PartitionType(now), ColumnarProjection.Minimal);
        Assert.Equal(expected, columns.Partition(0));
        Assert.Equal(expected, ManifestReader.Read(bytes, manifest, spec.PartitionType(now))[0].DataFile.Partition);
        Assert.Equal([null, null, null, null], columns.Partition(1));
    }

    [Fact]
    public void Read_TypeThatDoesNotFit_NamesFieldAndManifest()
    {
        var schema = new Schema(0, [new(1, "n", false, SimpleType.String)]);
        var spec = new PartitionSpec(0, [new PartitionField(1, 1000, "p", Transform.Identity)]);
        var writer = new ManifestWriter(2, schema, spec, spec.PartitionType(schema), ManifestContent.Data, 5);
        writer.Add(new DataFile { FilePath = "a", Format = FileFormat.Parquet, RecordCount = 1, FileSizeInBytes = 1, Partition = ["x"] });
        var (bytes, manifest) = writer.Finish("m.avro");
        var type = spec.PartitionType(new Schema(0, [new(1, "n", false, SimpleType.Int)]));
        var error = Assert.Throws<TarnException>(() => ManifestReader.Read(bytes, manifest, type));
        Assert.Contains("m.avro", error.Message, StringComparison.Ordinal);
        Assert.Contains("'p' (1000)", error.Message, StringComparison.Ordinal);
        Assert.Throws<TarnException>(() => ColumnarManifest.Decode(bytes, manifest, type, ColumnarProjection.Minimal));
    }

    [Fact]
    public void Decode_ExistingEntryWithoutSequenceNumber_Refuses()
    {
        var random = new Random(4);
        var entries = new[] { ManifestSamples.Entry(random, 1, ManifestContent.Data, 1) };
        var (bytes, manifest) = ManifestWriterTests.Write(1, ManifestContent.Data, entries);

        // A version 1 manifest has no such column: its files are older than all numbered ones.
        Assert.Equal(0, ManifestReader.Read(bytes, manifest with { SequenceNumber = 9 }, ManifestSamples.PartitionType)[0].SequenceNumber);
        Assert.Equal(0, ColumnarManifest.Decode(bytes, manifest with { SequenceNumber = 9 }, ManifestSamples.PartitionType, ColumnarProjection.Minimal).SequenceNumber(0));
    }

    [Fact]
    public void Decode_Mutated_NeverFailsOtherwise()
    {
        var random = new Random(2);
        var (bytes, manifest) = ManifestWriterTests.Write(3, ManifestContent.Data, [.. Enumerable.Range(0, 40).Select(i => ManifestSamples.Entry(random, 3, ManifestContent.Data, i))], AvroCodec.Null);
        var listed = ManifestWriterTests.List(3, manifest);
        Mutations.Run(bytes, 3000, data =>
        {
            var columns = ColumnarManifest.Decode(data, listed, ManifestSamples.PartitionType, AllColumns, 2);
            for (int i = 0; i < columns.Count; i++)
                columns.Entry(i);
        });
    }

    private static void AssertEqualsRows(byte[] bytes, ManifestFile manifest, StructType type, ColumnarProjection projection, int degree)
    {
        var columns = ColumnarManifest.Decode(bytes, manifest, type, projection, degree);
        var rows = ManifestReader.Read(bytes, manifest, type);
        Assert.Equal(rows.Count, columns.Count);
        for (int i = 0; i < rows.Count; i++)
            Assert.Equal(Comparable(rows[i], manifest.Content), Comparable(columns.Entry(i), manifest.Content));
        Assert.Equal(rows.Select(ManifestSamples.Text), columns.ReadEntries().Select(ManifestSamples.Text));
    }

    // Columns know no column sizes, do not tell an empty map from none, and keep fields of deletes for delete manifests only.
    private static string Comparable(ManifestEntry entry, ManifestContent content)
    {
        var file = entry.DataFile;
        bool deletes = content == ManifestContent.Deletes;
        return ManifestSamples.Text(entry with
        {
            DataFile = file with
            {
                ColumnSizes = null,
                ValueCounts = NoneIfEmpty(file.ValueCounts),
                NullValueCounts = NoneIfEmpty(file.NullValueCounts),
                NanValueCounts = NoneIfEmpty(file.NanValueCounts),
                LowerBounds = NoneIfEmpty(file.LowerBounds),
                UpperBounds = NoneIfEmpty(file.UpperBounds),
                ReferencedDataFile = deletes ? file.ReferencedDataFile : null,
                EqualityIds = deletes ? file.EqualityIds : null,
            },
        });
    }

    private static IReadOnlyDictionary<int, T>? NoneIfEmpty<T>(IReadOnlyDictionary<int, T>? map) => map is { Count: > 0 } ? map : null;
}
