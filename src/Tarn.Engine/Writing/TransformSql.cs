using System.Globalization;
using Tarn.Core.Errors;
using Tarn.Engine.Types;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transforms;

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

    /// <summary>The transform of an expression. Integers may come in a wider type than the result's.</summary>
    /// <exception cref="TarnException">Unsupported for a transform that this version does not know.</exception>
    public static string Of(Transform transform, IcebergType source, string sql) => transform.Kind switch
    {
        TransformKind.Identity => sql,
        TransformKind.Year => $"(year({Civil(source, sql)}) - 1970)::INTEGER",
        TransformKind.Month => $"((year({Civil(source, sql)}) - 1970) * 12 + month({Civil(source, sql)}) - 1)::INTEGER",
        TransformKind.Day => $"({Civil(source, sql)})::DATE",
        TransformKind.Hour => IsNanos(source) ? FloorDivide($"epoch_ns({sql})", 3_600_000_000_000) : FloorDivide($"epoch_us({sql})", 3_600_000_000),
        TransformKind.Bucket => Bucket(transform.Argument, source, sql),
        TransformKind.Truncate => Truncate(transform.Argument, source, sql),
        TransformKind.Void => "NULL",
        _ => throw TarnException.Unsupported($"Transform {transform} is unknown to this version of Tarn, so nothing can be written with it."),
    };

    /// <summary>The transform of an expression to sort by. Numbers that are too small to be truncated come first.</summary>
    public static string OrderOf(Transform transform, IcebergType source, string sql) =>
        transform.Kind == TransformKind.Truncate && TransformRange.Of(transform, source) is { } range
            ? $"CASE WHEN {IsOutside(range, source, sql)} THEN {sql} ELSE {Of(transform, source, sql)} END"
            : Of(transform, source, sql);

    /// <summary>A condition that holds for values outside of a range; NULL for NULL.</summary>
    public static string IsOutside(TransformRange range, IcebergType source, string sql)
    {
        var tests = new List<string>();
        if (range.Lowest is { } lowest)
            tests.Add($"{sql} < {EngineSql.Literal(lowest, source)}");
        if (range.Highest is { } highest)
            tests.Add($"{sql} > {EngineSql.Literal(highest, source)}");
        return $"({string.Join(" OR ", tests)})";
    }

    // Instants are cut in UTC, whatever the session's zone is. The engine's own conversion to a zone fails near the end of the type.
    private static string Civil(IcebergType source, string sql) => source.Id switch
    {
        TypeId.TimestampTz => $"make_timestamp(epoch_us({sql}))",
        TypeId.TimestampNs or TypeId.TimestampTzNs => $"make_timestamp({FloorDivide($"epoch_ns({sql})", 1000)})",
        _ => sql,
    };

    private static bool IsNanos(IcebergType source) => source.Id is TypeId.TimestampNs or TypeId.TimestampTzNs;

    // "Bucket Transform Details": which representation of a value is hashed (Appendix B).
    private static string Bucket(int count, IcebergType source, string sql) => source.Id switch
    {
        TypeId.Int or TypeId.Long => Call(BucketLong, count, $"({sql})::BIGINT"),
        TypeId.Date => Call(BucketLong, count, $"date_diff('day', DATE '1970-01-01', {sql})::BIGINT"),
        TypeId.Time or TypeId.Timestamp or TypeId.TimestampTz => Call(BucketLong, count, $"epoch_us({sql})::BIGINT"),
        TypeId.TimestampNs or TypeId.TimestampTzNs => Call(BucketLong, count, FloorDivide($"epoch_ns({sql})", 1000)),
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
        { Id: TypeId.Int or TypeId.Long } => string.Create(CultureInfo.InvariantCulture, $"({sql} - ((({sql}::BIGINT % {width}) + {width}) % {width}))"),
        { Id: TypeId.String } => string.Create(CultureInfo.InvariantCulture, $"left({sql}, {width})"),
        { Id: TypeId.Binary } => string.Create(CultureInfo.InvariantCulture, $"unhex(left(hex({sql}), {2L * width}))"),
        _ => throw TarnException.Invalid($"Values of type {source} cannot be truncated."),
    };

    private static string Call(string function, int argument, string sql) => string.Create(CultureInfo.InvariantCulture, $"{function}({argument}::INTEGER, {sql})");

    // The engine divides towards zero.
    private static string FloorDivide(string value, long divisor) => string.Create(CultureInfo.InvariantCulture, $"(({value} // {divisor}) - ({value} % {divisor} < 0)::BIGINT)");
}
