using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Scanning;

/// <summary>
/// A partition: spec and tuple. Floating-point values are equal when their bits are, all NaNs alike ("Scan Planning", note 3),
/// so that -0.0 and 0.0 are two partitions.
/// </summary>
public readonly struct PartitionKey(int specId, IReadOnlyList<object?> values) : IEquatable<PartitionKey>
{
    private readonly int specId = specId;
    private readonly IReadOnlyList<object?> values = values;

    /// <summary>The partition of a data or delete file.</summary>
    public static PartitionKey Of(DataFile file) => new(file.SpecId, file.Partition);

    /// <inheritdoc/>
    public bool Equals(PartitionKey other)
    {
        if (specId != other.specId || values.Count != other.values.Count)
            return false;
        for (int i = 0; i < values.Count; i++)
        {
            if (!SameValue(values[i], other.values[i]))
                return false;
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is PartitionKey other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(specId);
        LiteralValue.AddTo(ref hash, values);
        return hash.ToHashCode();
    }

    private static bool SameValue(object? left, object? right) => (left, right) switch
    {
        (double a, double b) => a.Equals(b) && double.IsNegative(a) == double.IsNegative(b) || (double.IsNaN(a) && double.IsNaN(b)),
        (float a, float b) => a.Equals(b) && float.IsNegative(a) == float.IsNegative(b) || (float.IsNaN(a) && float.IsNaN(b)),
        _ => LiteralValue.AreEqual(left, right),
    };
}
