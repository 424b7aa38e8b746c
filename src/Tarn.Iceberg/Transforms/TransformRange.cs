using Tarn.Core.Values;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Transforms;

/// <summary>
/// The source values whose result fits the result type, where not all do: truncate rounds the smallest numbers down to less than the type holds, and
/// timestamps reach further than an int counts hours. Such integers wrap round in the reference implementation, so that tables hold their results; decimals of
/// too many digits are refused there.
/// </summary>
/// <param name="Lowest">The smallest; null when the smallest of the type fits.</param>
/// <param name="Highest">The largest; null when the largest of the type fits.</param>
public sealed record TransformRange(object? Lowest, object? Highest)
{
    private const long MicrosPerHour = 3_600_000_000;

    /// <summary>The range of a transform over values of a type; null when every result fits.</summary>
    public static TransformRange? Of(Transform transform, IcebergType source) => (transform.Kind, source) switch
    {
        (TransformKind.Truncate, { Id: TypeId.Int }) => int.MinValue % transform.Argument is var rest and < 0 ? From(int.MinValue - rest) : null,
        (TransformKind.Truncate, { Id: TypeId.Long }) => long.MinValue % transform.Argument is var rest and < 0 ? From(long.MinValue - rest) : null,
        (TransformKind.Truncate, DecimalType type) => OfDecimal(transform.Argument, type),
        (TransformKind.Hour, { Id: TypeId.Timestamp or TypeId.TimestampTz }) => new(int.MinValue * MicrosPerHour, ((int.MaxValue + 1L) * MicrosPerHour) - 1),
        _ => null,
    };

    /// <summary>True when all values between two lie in the range.</summary>
    /// <param name="smallest">The smallest value; null when it is not known.</param>
    /// <param name="largest">The largest value; null when it is not known.</param>
    public bool Covers(object? smallest, object? largest) =>
        (Lowest is null || (smallest is not null && LiteralValue.Compare(smallest, Lowest) >= 0)) && (Highest is null || (largest is not null && LiteralValue.Compare(largest, Highest) <= 0));

    private static TransformRange From(object lowest) => new(lowest, null);

    private static TransformRange? OfDecimal(int width, DecimalType type)
    {
        var largest = Decimal38.PowerOfTen(type.Precision) - 1;
        return largest % width is var rest && rest > 0 ? From(new Decimal38(rest - largest, type.Scale)) : null;
    }
}
