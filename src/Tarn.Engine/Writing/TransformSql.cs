using System.Globalization;
using Tarn.Core.Errors;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Writing;

/// <summary>Partition transforms as SQL of the embedded engine ("Partition Transforms").</summary>
internal static class TransformSql
{
    /// <summary>Hashes a BIGINT; written in C#.</summary>
    public const string BucketLong = "__tarn_bucket_long";

    /// <summary>Hashes a BLOB; written in C#.</summary>
    public const string BucketBytes = "__tarn_bucket_bytes";

    /// <summary>Hashes the text of a decimal; written in C#.</summary>
    public const string BucketDecimal = "__tarn_bucket_decimal";

    /// <summary>Truncates the text of a decimal; written in C#.</summary>
    public const string TruncateDecimal = "__tarn_truncate_decimal";

    /// <summary>The transform of an expression.</summary>
    public static string Of(Transform transform, IcebergType source, string sql) => transform.Kind switch
    {
        TransformKind.Identity => sql,
        TransformKind.Year => $"(year({Civil(source, sql)}) - 1970)::INTEGER",
        TransformKind.Month => $"((year({Civil(source, sql)}) - 1970) * 12 + month({Civil(source, sql)}) - 1)::INTEGER",
        TransformKind.Day => $"({Civil(source, sql)})::DATE",
        TransformKind.Hour => FloorDivide($"epoch_us({Civil(source, sql)})", 3_600_000_000, "INTEGER"),
        TransformKind.Bucket => Bucket(transform.Argument, source, sql),
        TransformKind.Truncate => Truncate(transform.Argument, source, sql),
        TransformKind.Void => "NULL",
        _ => throw TarnException.Unsupported($"Transform {transform} is unknown to this version of Tarn, so nothing can be written with it."),
    };

    // Instants are cut in UTC, whatever the session's zone is.
    private static string Civil(IcebergType source, string sql) => source.Id switch
    {
        TypeId.TimestampTz => $"({sql} AT TIME ZONE 'UTC')",
        TypeId.TimestampNs or TypeId.TimestampTzNs => $"make_timestamp({FloorDivide($"epoch_ns({sql})", 1000, "BIGINT")})",
        _ => sql,
    };

    // "Bucket Transform Details": which representation of a value is hashed (Appendix B).
    private static string Bucket(int count, IcebergType source, string sql) => source.Id switch
    {
        TypeId.Int or TypeId.Long => Call(BucketLong, count, $"({sql})::BIGINT"),
        TypeId.Date => Call(BucketLong, count, $"date_diff('day', DATE '1970-01-01', {sql})::BIGINT"),
        TypeId.Time or TypeId.Timestamp or TypeId.TimestampTz => Call(BucketLong, count, $"epoch_us({sql})::BIGINT"),
        TypeId.TimestampNs or TypeId.TimestampTzNs => Call(BucketLong, count, FloorDivide($"epoch_ns({sql})", 1000, "BIGINT")),
        TypeId.Decimal => Call(BucketDecimal, count, $"({sql})::VARCHAR"),
        TypeId.Uuid => Call(BucketBytes, count, $"unhex(replace(({sql})::VARCHAR, '-', ''))"),
        TypeId.String => Call(BucketBytes, count, $"encode({sql})"),
        TypeId.Binary or TypeId.Fixed => Call(BucketBytes, count, sql),
        _ => throw TarnException.Invalid($"Values of type {source} cannot be put into buckets."),
    };

    // "Truncate Transform Details".
    private static string Truncate(int width, IcebergType source, string sql) => source switch
    {
        DecimalType d => string.Create(CultureInfo.InvariantCulture, $"{Call(TruncateDecimal, width, $"({sql})::VARCHAR")}::DECIMAL({d.Precision},{d.Scale})"),
        { Id: TypeId.Int or TypeId.Long } => string.Create(CultureInfo.InvariantCulture, $"({sql} - ((({sql} % {width}) + {width}) % {width}))"),
        { Id: TypeId.String } => string.Create(CultureInfo.InvariantCulture, $"left({sql}, {width})"),
        { Id: TypeId.Binary } => string.Create(CultureInfo.InvariantCulture, $"unhex(left(hex({sql}), {2 * width}))"),
        _ => throw TarnException.Invalid($"Values of type {source} cannot be truncated."),
    };

    private static string Call(string function, int argument, string sql) => string.Create(CultureInfo.InvariantCulture, $"{function}({argument}::INTEGER, {sql})");

    private static string FloorDivide(string value, long divisor, string type) =>
        string.Create(CultureInfo.InvariantCulture, $"(({value} - ((({value} % {divisor}) + {divisor}) % {divisor})) // {divisor})::{type}");
}
