using Tarn.Core.Errors;
using Tarn.Core.Values;
using Tarn.Iceberg.Serialization.SingleValue;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Transforms;

/// <summary>
/// A transform bound to its source type: a function over values held as <see cref="LiteralValue"/> says ("Partition Transforms").
/// Null gives null. Get one from <see cref="TransformExtensions.Bind"/>.
/// </summary>
public sealed class TransformFunction
{
    private readonly Func<object, object?> apply;

    internal TransformFunction(Transform transform, IcebergType sourceType)
    {
        Transform = transform;
        SourceType = sourceType;
        ResultType = transform.ResultType(sourceType);
        apply = Compile(transform, sourceType);
        Range = TransformRange.Of(transform, sourceType);
        WrapsFromBelow = (Range?.Lowest, sourceType.Id) switch
        {
            (null, _) or (_, TypeId.Decimal) => null,
            (_, TypeId.Int) => apply(int.MinValue),
            _ => apply(long.MinValue),
        };
        WrapsFromAbove = Range?.Highest is null ? null : apply(long.MaxValue);
    }

    /// <summary>The transform.</summary>
    public Transform Transform { get; }

    /// <summary>Type of arguments.</summary>
    public IcebergType SourceType { get; }

    /// <summary>Type of results.</summary>
    public IcebergType ResultType { get; }

    /// <summary>True when a ≤ b gives f(a) ≤ f(b) for all values in <see cref="Range"/>, and every value gives a non-null result.</summary>
    public bool PreservesOrder => Transform.Kind is not (TransformKind.Bucket or TransformKind.Void or TransformKind.Unknown);

    /// <summary>The arguments whose result fits <see cref="ResultType"/>; null when those of all do.</summary>
    public TransformRange? Range { get; }

    /// <summary>The smallest result of arguments below <see cref="Range"/>, which wrap round to the other end; null when none do.</summary>
    public object? WrapsFromBelow { get; }

    /// <summary>The largest result of arguments above <see cref="Range"/>, which wrap round to the other end; null when none do.</summary>
    public object? WrapsFromAbove { get; }

    /// <summary>The transformed value.</summary>
    public object? Apply(object? value) => value is null ? null : apply(value);

    /// <summary>A result as people read it: <c>2017-11</c> for a month, <c>null</c> for null; the form that partition paths use.</summary>
    public string ToHumanString(object? result) => HumanText.Of(Transform, ResultType, result);

    private static Func<object, object?> Compile(Transform transform, IcebergType source) => transform.Kind switch
    {
        TransformKind.Identity => static value => value,
        TransformKind.Void => static _ => null,
        TransformKind.Bucket => Bucket(transform.Argument, source),
        TransformKind.Truncate => Truncate(transform.Argument, source),
        TransformKind.Year => TimeTransforms.Function(source, TimeTransforms.DaysToYears),
        TransformKind.Month => TimeTransforms.Function(source, TimeTransforms.DaysToMonths),
        TransformKind.Day => TimeTransforms.Function(source, static days => days),
        TransformKind.Hour => TimeTransforms.Hours(source),
        _ => throw TarnException.Unsupported($"Transform '{transform.Text}' is not known to this version; values cannot be computed with it."),
    };

    private static Func<object, object?> Bucket(int buckets, IcebergType source) => source.Id switch
    {
        // Nanoseconds hash as microseconds, so that a timestamp falls into one bucket whatever its precision (Appendix B, note 3).
        TypeId.TimestampNs or TypeId.TimestampTzNs => value => (Murmur3.Hash(TimeTransforms.FloorDiv((long)value, 1000)) & int.MaxValue) % buckets,
        _ => value => (Murmur3.HashValue(value) & int.MaxValue) % buckets,
    };

    private static Func<object, object?> Truncate(int width, IcebergType source) => source.Id switch
    {
        TypeId.Int => value => TruncateInt(width, (int)value),
        TypeId.Long => value => TruncateLong(width, (long)value),
        TypeId.Decimal => value => TruncateDecimal(width, (Decimal38)value),
        TypeId.String => value => BoundTruncation.LowerString((string)value, width),
        _ => value => BoundTruncation.LowerBinary((byte[])value, width),
    };

    private static int TruncateInt(int width, int value) => unchecked((int)TruncateLong(width, value));

    private static long TruncateLong(int width, long value)
    {
        long remainder = value % width;
        return unchecked(value - (remainder < 0 ? remainder + width : remainder));
    }

    private static Decimal38 TruncateDecimal(int width, Decimal38 value)
    {
        var remainder = value.Unscaled % width;
        return value with { Unscaled = value.Unscaled - (remainder < 0 ? remainder + width : remainder) };
    }
}
