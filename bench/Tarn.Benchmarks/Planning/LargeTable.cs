using System.Globalization;
using System.Text;
using Tarn.Core.Storage;
using Tarn.Core.Values;
using Tarn.Iceberg.Serialization.Manifests;
using Tarn.Iceberg.Serialization.SingleValue;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transforms;

namespace Tarn.Benchmarks.Planning;

/// <summary>Metadata of a table of many data files that do not exist: ten columns with counts and bounds, one partition per day.</summary>
internal static class LargeTable
{
    public const int FilesPerDay = 100;

    private const int FilesPerManifest = 1000;
    private const long MicrosPerDay = 86_400_000_000;

    private static readonly Schema Schema = new(0,
    [
        new NestedField(1, "id", true, SimpleType.Long),
        new NestedField(2, "ts", true, SimpleType.TimestampTz),
        new NestedField(3, "customer_id", false, SimpleType.Long),
        new NestedField(4, "amount", false, new DecimalType(18, 2)),
        new NestedField(5, "quantity", false, SimpleType.Int),
        new NestedField(6, "country", false, SimpleType.String),
        new NestedField(7, "product", false, SimpleType.String),
        new NestedField(8, "price", false, SimpleType.Double),
        new NestedField(9, "due", false, SimpleType.Date),
        new NestedField(10, "note", false, SimpleType.String),
    ]);

    private static readonly PartitionSpec Spec = new(0, [new PartitionField(2, 1000, "ts_day", Transform.Day)]);

    public static async Task<TableMetadata> WriteAsync(IObjectStore store, int files)
    {
        var partitionType = Spec.PartitionType(Schema);
        var manifests = new List<ManifestFile>();
        for (int first = 0; first < files; first += FilesPerManifest)
        {
            var writer = new ManifestWriter(2, Schema, Spec, partitionType, ManifestContent.Data, snapshotId: 1);
            for (int i = first; i < Math.Min(files, first + FilesPerManifest); i++)
                writer.Add(File(i));
            string location = $"s3://lake/bench/metadata/{first}-m0.avro";
            var (bytes, manifest) = writer.Finish(location);
            await store.PutAsync(location, bytes).ConfigureAwait(false);
            manifests.Add(manifest);
        }

        const string list = "s3://lake/bench/metadata/snap-1.avro";
        await store.PutAsync(list, ManifestListWriter.Write(2, 1, null, 1, null, manifests).Bytes).ConfigureAwait(false);
        return new TableMetadata
        {
            FormatVersion = 2,
            Location = "s3://lake/bench",
            LastUpdatedMs = 1,
            LastColumnId = 10,
            Schemas = [Schema],
            CurrentSchemaId = 0,
            PartitionSpecs = [Spec],
            DefaultSpecId = 0,
            LastPartitionId = 1000,
            SortOrders = [SortOrder.Unsorted],
            DefaultSortOrderId = 0,
            CurrentSnapshotId = 1,
            Snapshots = [new Snapshot { SnapshotId = 1, SequenceNumber = 1, TimestampMs = 1, ManifestList = list, SchemaId = 0 }],
        };
    }

    private static DataFile File(int i)
    {
        var random = new Random(i);
        int day = 18_000 + (i / FilesPerDay);
        (IcebergType Type, object Lower, object Upper)[] bounds =
        [
            (SimpleType.Long, i * 1000L, (i * 1000L) + 999),
            (SimpleType.TimestampTz, day * MicrosPerDay, (day * MicrosPerDay) + MicrosPerDay - 1),
            (SimpleType.Long, (long)random.Next(1000), 100_000L + random.Next(1000)),
            (new DecimalType(18, 2), new Decimal38(random.Next(100), 2), new Decimal38(100_000 + random.Next(100_000), 2)),
            (SimpleType.Int, 1, 99),
            (SimpleType.String, "AT", "US"),
            (SimpleType.String, Text("product", random), Text("zebra", random)),
            (SimpleType.Double, random.NextDouble(), 100 + random.NextDouble()),
            (SimpleType.Date, day, day + 30),
            (SimpleType.String, Text("a note ", random), Text("such a note ", random)),
        ];
        return new DataFile
        {
            FilePath = $"s3://lake/bench/data/ts_day={day}/{i:00000}-{random.Next():x8}-{random.Next():x8}-00001.parquet",
            Format = FileFormat.Parquet,
            Partition = [day],
            RecordCount = 1000,
            FileSizeInBytes = 100_000 + random.Next(10_000),
            ColumnSizes = Each(_ => 9_000L + random.Next(1000)),
            ValueCounts = Each(_ => 1000L),
            NullValueCounts = Each(id => id <= 2 ? 0L : random.Next(10)),
            NanValueCounts = new Dictionary<int, long> { [8] = 0 },
            LowerBounds = Each(id => BinarySingleValue.Serialize(bounds[id - 1].Type, bounds[id - 1].Lower)),
            UpperBounds = Each(id => BinarySingleValue.Serialize(bounds[id - 1].Type, bounds[id - 1].Upper)),
            SplitOffsets = [4],
            SortOrderId = 0,
        };
    }

    private static string Text(string start, Random random) =>
        new StringBuilder(start).Append(random.Next(1_000_000).ToString(CultureInfo.InvariantCulture)).ToString();

    private static Dictionary<int, T> Each<T>(Func<int, T> value) => Enumerable.Range(1, 10).ToDictionary(id => id, value);
}
