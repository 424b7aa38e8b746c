using System.Globalization;
using Tarn.Core.Values;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transforms;

namespace Tarn.Iceberg.Tests.Serialization.Manifests;

/// <summary>Random manifest entries over a spec with a partition field of every type.</summary>
internal static class ManifestSamples
{
    internal const long SnapshotId = 4488908144084723717;

    internal static readonly Schema Schema = new(
        3,
        [
            new(1, "id", true, SimpleType.Long), new(2, "flag", false, SimpleType.Boolean), new(3, "n", false, SimpleType.Int),
            new(4, "f", false, SimpleType.Float), new(5, "d", false, SimpleType.Double), new(6, "dec", false, new DecimalType(38, 10)),
            new(7, "day", false, SimpleType.Date), new(8, "t", false, SimpleType.Time), new(9, "ts", false, SimpleType.TimestampTz),
            new(10, "s", false, SimpleType.String), new(11, "u", false, SimpleType.Uuid), new(12, "bin", false, SimpleType.Binary),
            new(13, "small", false, new DecimalType(9, 2)), new(14, "u2", false, SimpleType.Uuid), new(15, "fx", false, new FixedType(4)),
        ]);

    internal static readonly PartitionSpec Spec = new(
        2,
        [
            .. Enumerable.Range(1, 15).Select(id => new PartitionField(id, 999 + id, id == 3 ? "3 strange-näme" : $"p{id}", Transform.Identity)),
            new PartitionField(9, 1015, "ts_day", Transform.Day), new PartitionField(9, 1016, "ts_hour", Transform.Hour),
            new PartitionField(1, 1017, "id_bucket", Transform.Bucket(16)), new PartitionField(10, 1018, "gone", Transform.Void),
        ]);

    internal static readonly StructType PartitionType = Spec.PartitionType(Schema);

    internal static ManifestEntry Entry(Random random, int version, ManifestContent content, int number)
    {
        var status = number % 3 == 0 ? ManifestEntryStatus.Added : number % 3 == 1 ? ManifestEntryStatus.Existing : ManifestEntryStatus.Deleted;
        bool inherits = status == ManifestEntryStatus.Added && random.Next(2) == 0;
        return new ManifestEntry(
            status,
            status == ManifestEntryStatus.Existing ? random.NextInt64(1, long.MaxValue) : SnapshotId,
            version == 1 || inherits ? null : random.Next(1, 20),
            version == 1 || status == ManifestEntryStatus.Added ? null : random.Next(1, 20),
            File(random, version, content, number));
    }

    internal static DataFile File(Random random, int version, ManifestContent content, int number)
    {
        bool vector = content == ManifestContent.Deletes && version == 3 && random.Next(2) == 0;
        var kind = content == ManifestContent.Data ? FileContent.Data : vector || random.Next(2) == 0 ? FileContent.PositionDeletes : FileContent.EqualityDeletes;
        return new DataFile
        {
            Content = kind,
            FilePath = string.Create(CultureInfo.InvariantCulture, $"s3://lake/db/table-1/data/day={number / 10}/{random.Next():x8}-ü-{number}.parquet"),
            Format = vector ? FileFormat.Puffin : (FileFormat)random.Next(3),
            SpecId = Spec.SpecId,
            Partition = [.. PartitionType.Fields.Select(f => f.Name == "gone" || random.Next(4) == 0 ? null : Value(random, f.Type))],
            RecordCount = random.NextInt64(1, 1_000_000),
            FileSizeInBytes = random.NextInt64(1, 1_000_000_000),
            ColumnSizes = Counts(random),
            ValueCounts = Counts(random),
            NullValueCounts = Counts(random),
            NanValueCounts = Counts(random),
            LowerBounds = Bounds(random),
            UpperBounds = Bounds(random),
            KeyMetadata = random.Next(5) == 0 ? Bytes(random, 8) : null,
            SplitOffsets = random.Next(3) == 0 ? null : [4, 1000 + random.Next(1000)],
            EqualityIds = kind == FileContent.EqualityDeletes ? [1, 3] : null,
            SortOrderId = random.Next(2) == 0 ? null : random.Next(5),
            ReferencedDataFile = vector ? "s3://lake/db/table-1/data/x.parquet" : null,
            ContentOffset = vector ? random.Next(1, 1000) : null,
            ContentSizeInBytes = vector ? random.Next(1, 1000) : null,
        };
    }

    internal static object Value(Random random, IcebergType type) => type.Id switch
    {
        TypeId.Boolean => random.Next(2) == 0,
        TypeId.Date => random.Next(-700_000, 2_900_000),
        TypeId.Time => random.NextInt64(0, 86_400_000_000),
        TypeId.Timestamp or TypeId.TimestampTz => random.NextInt64(-60_000_000_000_000_000, 60_000_000_000_000_000),
        TypeId.Int => random.Next(int.MinValue, int.MaxValue),
        TypeId.Float => random.Next(8) == 0 ? float.NaN : (float)(random.NextDouble() - 0.5),
        TypeId.Double => random.Next(8) == 0 ? double.NaN : random.NextDouble() - 0.5,
        TypeId.Decimal => new Decimal38(random.Next(-99_999_999, 99_999_999), ((DecimalType)type).Scale),
        TypeId.String => string.Concat(Enumerable.Repeat("äb", random.Next(4))),
        TypeId.Uuid => new Guid(Bytes(random, 16)),
        TypeId.Fixed => Bytes(random, ((FixedType)type).Length),
        TypeId.Binary => Bytes(random, random.Next(5)),
        _ => random.NextInt64(long.MinValue, long.MaxValue),
    };

    /// <summary>Everything in an entry as text, to compare by content.</summary>
    internal static string Text(ManifestEntry e) => string.Join(
        '|', e.Status, e.SnapshotId, e.SequenceNumber, e.FileSequenceNumber, Text(e.DataFile));

    internal static string Text(DataFile f) => string.Join(
        '|', f.Content, f.FilePath, f.Format, f.SpecId, string.Join(',', f.Partition.Select(Text)), f.RecordCount, f.FileSizeInBytes, Text(f.ColumnSizes),
        Text(f.ValueCounts), Text(f.NullValueCounts), Text(f.NanValueCounts), Text(f.LowerBounds), Text(f.UpperBounds), Text(f.KeyMetadata),
        Text(f.SplitOffsets), Text(f.EqualityIds), f.SortOrderId, f.FirstRowId, f.ReferencedDataFile, f.ContentOffset, f.ContentSizeInBytes);

    private static string Text<T>(IReadOnlyDictionary<int, T>? map) =>
        map is null ? "none" : string.Join(',', map.OrderBy(p => p.Key).Select(p => $"{p.Key}={Text(p.Value)}"));

    private static string Text<T>(IReadOnlyList<T>? list) => list is null ? "none" : list is byte[] bytes ? Convert.ToHexString(bytes) : string.Join(',', list);

    private static string Text(object? value) => value switch
    {
        null => "null",
        byte[] bytes => Convert.ToHexString(bytes),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private static Dictionary<int, long>? Counts(Random random) =>
        random.Next(6) == 0 ? null : Enumerable.Range(1, random.Next(12)).ToDictionary(id => id, _ => random.NextInt64(0, 100_000));

    private static Dictionary<int, byte[]>? Bounds(Random random) =>
        random.Next(6) == 0 ? null : Enumerable.Range(1, random.Next(12)).ToDictionary(id => id, _ => Bytes(random, random.Next(12)));

    private static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
