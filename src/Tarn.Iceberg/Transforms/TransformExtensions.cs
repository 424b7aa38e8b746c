using Tarn.Core.Errors;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Transforms;

/// <summary>What a <see cref="Transform"/> does with a source type ("Partition Transforms").</summary>
public static class TransformExtensions
{
    /// <summary>True when the specification allows the transform for values of this type; false for unknown transforms.</summary>
    public static bool CanTransform(this Transform transform, IcebergType source) => transform.Kind switch
    {
        TransformKind.Identity => source.IsPrimitive && source.Id is not (TypeId.Geometry or TypeId.Geography),
        TransformKind.Void => true,
        TransformKind.Bucket => source.IsPrimitive
            && source.Id is not (TypeId.Boolean or TypeId.Float or TypeId.Double or TypeId.Geometry or TypeId.Geography or TypeId.Unknown),
        TransformKind.Truncate => source.Id is TypeId.Int or TypeId.Long or TypeId.Decimal or TypeId.String or TypeId.Binary,
        TransformKind.Year or TransformKind.Month or TransformKind.Day => source.Id == TypeId.Date || IsTimestamp(source),
        TransformKind.Hour => IsTimestamp(source),
        _ => false,
    };

    /// <summary>Type of the transformed values; string for unknown transforms, whose values nobody interprets.</summary>
    public static IcebergType ResultType(this Transform transform, IcebergType source) => transform.Kind switch
    {
        TransformKind.Identity or TransformKind.Truncate or TransformKind.Void => source,
        TransformKind.Day => SimpleType.Date,
        TransformKind.Unknown => SimpleType.String,
        _ => SimpleType.Int,
    };

    /// <summary>The function over values of <paramref name="source"/>.</summary>
    /// <exception cref="TarnException">InvalidRequest when the transform does not take the type, Unsupported when it is unknown.</exception>
    public static TransformFunction Bind(this Transform transform, IcebergType source)
    {
        if (transform.Kind != TransformKind.Unknown && !transform.CanTransform(source))
            throw TarnException.Invalid($"Transform {transform.Text} cannot be applied to values of type {source}. Choose another transform or column.");
        return new TransformFunction(transform, source);
    }

    private static bool IsTimestamp(IcebergType type) =>
        type.Id is TypeId.Timestamp or TypeId.TimestampTz or TypeId.TimestampNs or TypeId.TimestampTzNs;
}
