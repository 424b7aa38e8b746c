namespace Tarn.Iceberg.Serialization.Manifests;

/// <summary>Bounds and counts of one column over all entries of a <see cref="ColumnarManifest"/>.</summary>
public sealed class ColumnStatistics
{
    /// <summary>Stands for a count that the writer did not give.</summary>
    internal const long NoCount = -1;

    private readonly ColumnarManifest _manifest;

    internal ColumnStatistics(ColumnarManifest manifest, int fieldId, int count)
    {
        _manifest = manifest;
        FieldId = fieldId;
        Lower = new ByteSlice[count];
        Upper = new ByteSlice[count];
        Values = Counts(count);
        Nulls = Counts(count);
        NaNs = Counts(count);
    }

    /// <summary>The column.</summary>
    public int FieldId { get; }

    internal ByteSlice[] Lower { get; }

    internal ByteSlice[] Upper { get; }

    internal long[] Values { get; }

    internal long[] Nulls { get; }

    internal long[] NaNs { get; }

    /// <summary>The lower bound in single-value binary form; false when there is none.</summary>
    public bool TryGetLower(int entry, out ReadOnlySpan<byte> bound) => TryGet(Lower[entry], out bound);

    /// <summary>The upper bound in single-value binary form; false when there is none.</summary>
    public bool TryGetUpper(int entry, out ReadOnlySpan<byte> bound) => TryGet(Upper[entry], out bound);

    /// <summary>Values including null and NaN, or null when unknown.</summary>
    public long? ValueCount(int entry) => Count(Values[entry]);

    /// <summary>Nulls, or null when unknown.</summary>
    public long? NullValueCount(int entry) => Count(Nulls[entry]);

    /// <summary>NaNs, or null when unknown.</summary>
    public long? NanValueCount(int entry) => Count(NaNs[entry]);

    private bool TryGet(ByteSlice slice, out ReadOnlySpan<byte> bound)
    {
        bound = slice.In(_manifest.Bytes);
        return !slice.IsNull;
    }

    private static long? Count(long count) => count == NoCount ? null : count;

    private static long[] Counts(int count)
    {
        var counts = new long[count];
        Array.Fill(counts, NoCount);
        return counts;
    }
}
