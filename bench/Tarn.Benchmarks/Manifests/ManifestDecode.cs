using System.Globalization;
using Tarn.Iceberg.Serialization.Avro;
using Tarn.Iceberg.Serialization.Manifests;
using Tarn.Iceberg.Serialization.SingleValue;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transforms;

namespace Tarn.Benchmarks.Manifests;

/// <summary>Processor time per entry of decoding one manifest: 12 columns with all statistics, partitioned by day and bucket.</summary>
internal static class ManifestDecode
{
    private const int Columns = 12;
    private const int Rounds = 15;

    public static void Run(int entries)
    {
        Console.WriteLine("| codec | values | bytes/entry stored | bytes/entry decoded | what | median us/entry | best us/entry |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        Measure(AvroCodec.Deflate, entries, varied: true);
        Measure(AvroCodec.Deflate, entries, varied: false);
        foreach (string codec in new[] { AvroCodec.Zstandard, AvroCodec.Snappy, AvroCodec.Null })
            Measure(codec, entries, varied: true);
    }

    private static void Measure(string codec, int entries, bool varied)
    {
        var (bytes, manifest, type) = Build(codec, entries, varied);
        var file = AvroFile.Open(bytes, "bench");
        long raw = 0;
        file.DecodeBlocks(1, 1, (int _, ref AvroReader reader, int _) =>
        {
            raw += reader.Remaining;
            reader.SkipFixed(reader.Remaining);
        });
        (string What, Action Work)[] cases =
        [
            ("decompress only", () => file.DecodeBlocks(1, 1, (int _, ref AvroReader reader, int _) => reader.SkipFixed(reader.Remaining))),
            ("no statistics", () => ColumnarManifest.Decode(bytes, manifest, type, ColumnarProjection.Minimal)),
            ("statistics of 2 columns", () => ColumnarManifest.Decode(bytes, manifest, type, new ColumnarProjection { StatisticsFieldIds = [1, 4] })),
            ("statistics of 12 columns", () => ColumnarManifest.Decode(bytes, manifest, type, new ColumnarProjection { StatisticsFieldIds = [.. Enumerable.Range(1, Columns)] })),
            ("statistics of 2 columns, 2 threads", () => ColumnarManifest.Decode(bytes, manifest, type, new ColumnarProjection { StatisticsFieldIds = [1, 4] }, 2)),
            ("row by row, everything", () => ManifestReader.Read(bytes, manifest, type)),
        ];
        foreach (var (what, work) in cases)
        {
            var times = Time(work, what.StartsWith("row", StringComparison.Ordinal) ? 3 : Rounds);
            double perEntry = 1e6 / entries;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {codec} | {(varied ? "varied" : "alike")} | {bytes.Length / entries} | {raw / entries} | {what} | {times[times.Length / 2] * perEntry:F2} | {times[0] * perEntry:F2} |"));
        }
    }

    private static double[] Time(Action work, int rounds)
    {
        for (int i = 0; i < 3; i++)
            work();
        var times = new double[rounds];
        for (int i = 0; i < rounds; i++)
        {
            GC.Collect();
            var start = Environment.CpuUsage.TotalTime;
            work();
            times[i] = (Environment.CpuUsage.TotalTime - start).TotalSeconds;
        }

        Array.Sort(times);
        return times;
    }

    private static (byte[] Bytes, ManifestFile Manifest, StructType Type) Build(string codec, int entries, bool varied)
    {
        var random = new Random(42);
        var schema = new Schema(0, [.. Enumerable.Range(1, Columns).Select(id => new NestedField(id, $"column_{id}", false, TypeOf(id)))]);
        var spec = new PartitionSpec(0, [new PartitionField(4, 1000, "day", Transform.Day), new PartitionField(1, 1001, "bucket", Transform.Bucket(16))]);
        var type = spec.PartitionType(schema);
        var writer = new ManifestWriter(2, schema, spec, type, ManifestContent.Data, 4488908144084723717, codec);
        for (int i = 0; i < entries; i++)
            writer.Add(File(random, i, schema, varied));
        var (bytes, manifest) = writer.Finish("s3://lake/sales/orders-1/metadata/m0.avro");
        return (bytes, manifest with { SequenceNumber = 7 }, type);
    }

    private static IcebergType TypeOf(int id) => (id % 6) switch
    {
        1 => SimpleType.Long,
        2 => SimpleType.String,
        3 => SimpleType.Double,
        4 => SimpleType.TimestampTz,
        5 => SimpleType.Int,
        _ => new DecimalType(12, 2),
    };

    private static DataFile File(Random random, int number, Schema schema, bool varied)
    {
        int day = 19_000 + (number / 300);
        long rows = 900_000 + random.Next(100_000);

        // Alike: most columns have the same range and size in every file, as categories, flags and amounts do.
        var values = varied ? random : new Random(number % 8);
        var ids = Enumerable.Range(1, Columns).ToArray();
        return new DataFile
        {
            FilePath = $"s3://lake/sales/orders-1/data/day={day}/bucket={number % 16}/{number:D5}-{random.Next(1000)}-{new Guid(Bytes(random, 16))}-00001.parquet",
            Format = FileFormat.Parquet,
            Partition = [day, number % 16],
            RecordCount = rows,
            FileSizeInBytes = 30_000_000 + random.Next(9_000_000),
            ColumnSizes = ids.ToDictionary(id => id, _ => values.NextInt64(100_000, 5_000_000)),
            ValueCounts = ids.ToDictionary(id => id, _ => rows),
            NullValueCounts = ids.ToDictionary(id => id, id => id % 3 == 0 ? values.NextInt64(0, 1000) : 0),
            NanValueCounts = ids.Where(id => schema.FindField(id)!.Type.Id == TypeId.Double).ToDictionary(id => id, _ => 0L),
            LowerBounds = ids.ToDictionary(id => id, id => Bound(values, schema.FindField(id)!.Type, day, 0)),
            UpperBounds = ids.ToDictionary(id => id, id => Bound(values, schema.FindField(id)!.Type, day, 1)),
            SplitOffsets = [4],
            SortOrderId = 0,
        };
    }

    private static byte[] Bound(Random random, IcebergType type, int day, int upper) => BinarySingleValue.Serialize(type, type.Id switch
    {
        TypeId.Long => random.NextInt64(0, 1_000_000_000),
        TypeId.String => $"customer {random.Next(100_000):D6}",
        TypeId.Double => random.NextDouble() * 1000,
        TypeId.TimestampTz => ((day + upper) * 86_400_000_000L) + random.Next(1_000_000),
        TypeId.Int => random.Next(1000),
        _ => new Core.Values.Decimal38(random.Next(1_000_000), 2),
    });

    private static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
