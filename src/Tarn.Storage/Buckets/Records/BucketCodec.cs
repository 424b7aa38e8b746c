using System.Collections.Immutable;

namespace Tarn.Storage.Buckets.Records;

/// <summary>Buckets as bytes. The name stands in the index key.</summary>
internal static class BucketCodec
{
    private const ulong Format = 1;

    public static byte[] Write(BucketRecord bucket)
    {
        var writer = new RecordWriter();
        writer.Number(Format);
        writer.Time(bucket.CreatedAt);
        writer.Text(bucket.Owner);
        writer.Number((ulong)bucket.Versioning);
        WriteLock(writer, bucket.ObjectLock);
        Optional(writer, bucket.QuotaBytes);
        writer.Number((ulong)bucket.Lifecycle.Length);
        foreach (var rule in bucket.Lifecycle)
            WriteRule(writer, rule);
        writer.Pairs(bucket.Documents);
        return writer.ToArray();
    }

    public static BucketRecord Read(string name, ReadOnlySpan<byte> value)
    {
        var reader = new RecordReader(value);
        reader.RequireFormat(Format);
        return new BucketRecord(name, reader.Time())
        {
            Owner = reader.Text(),
            Versioning = (BucketVersioning)reader.Number(),
            ObjectLock = ReadLock(ref reader),
            QuotaBytes = Optional(ref reader),
            Lifecycle = ReadRules(ref reader),
            Documents = reader.Pairs(ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal)),
        };
    }

    private static void WriteLock(RecordWriter writer, ObjectLockSettings? settings)
    {
        writer.Number(settings is null ? 0UL : 1);
        if (settings is null)
            return;
        Optional(writer, (long?)settings.DefaultMode);
        Optional(writer, settings.DefaultDays);
        Optional(writer, settings.DefaultYears);
    }

    private static ObjectLockSettings? ReadLock(ref RecordReader reader) => reader.Number() == 0
        ? null
        : new ObjectLockSettings((RetentionMode?)Optional(ref reader), (int?)Optional(ref reader), (int?)Optional(ref reader));

    private static void WriteRule(RecordWriter writer, LifecycleRule rule)
    {
        writer.Text(rule.Id);
        writer.Number(rule.IsEnabled ? 1UL : 0);
        writer.Text(rule.Prefix);
        writer.Pairs(rule.Tags);
        Optional(writer, rule.SizeGreaterThanBytes);
        Optional(writer, rule.SizeLessThanBytes);
        Optional(writer, rule.ExpirationDays);
        Optional(writer, rule.ExpirationDate?.UtcTicks);
        writer.Number(rule.ExpiresDeleteMarkers ? 1UL : 0);
        Optional(writer, rule.NoncurrentDays);
        Optional(writer, rule.NewerNoncurrentVersions);
        Optional(writer, rule.AbortUploadsAfterDays);
    }

    private static ImmutableArray<LifecycleRule> ReadRules(ref RecordReader reader)
    {
        var rules = ImmutableArray.CreateBuilder<LifecycleRule>((int)reader.Number());
        while (rules.Count < rules.Capacity)
            rules.Add(ReadRule(ref reader));
        return rules.MoveToImmutable();
    }

    private static LifecycleRule ReadRule(ref RecordReader reader) => new(reader.Text(), reader.Number() == 1)
    {
        Prefix = reader.Text(),
        Tags = reader.Pairs(ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal)),
        SizeGreaterThanBytes = Optional(ref reader),
        SizeLessThanBytes = Optional(ref reader),
        ExpirationDays = (int?)Optional(ref reader),
        ExpirationDate = Optional(ref reader) is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null,
        ExpiresDeleteMarkers = reader.Number() == 1,
        NoncurrentDays = (int?)Optional(ref reader),
        NewerNoncurrentVersions = (int?)Optional(ref reader),
        AbortUploadsAfterDays = (int?)Optional(ref reader),
    };

    private static void Optional(RecordWriter writer, long? value)
    {
        writer.Number(value is null ? 0UL : 1);
        if (value is not null)
            writer.Signed(value.Value);
    }

    private static long? Optional(ref RecordReader reader) => reader.Number() == 0 ? null : reader.Signed();
}
