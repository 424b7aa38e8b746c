using System.Globalization;
using Tarn.Core.Errors;
using Tarn.Core.Values;
using Tarn.Engine.Types;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transforms;

namespace Tarn.Engine.Writing;

/// <summary>
/// A partition field as a text column by which the engine splits rows: <c>n</c> for null, else <c>v</c> and the value as text that reads back exactly, or
/// <c>h</c> and the hash of that text where it is long: rows are split into folders with the name of the key.
/// </summary>
/// <param name="partition">The field.</param>
/// <param name="sourceType">Type of its column.</param>
/// <param name="sourceSql">Expression of the column.</param>
/// <param name="limit">Refuses values that the field does not take; null when it takes all.</param>
internal sealed class PartitionKey(PartitionField partition, IcebergType sourceType, string sourceSql, PartitionLimit? limit)
{
    // File systems take names of 255 bytes. A byte of the key may take three in it, and the name of the column comes before.
    private const int MaxNameBytes = 64;

    private readonly IcebergType resultType = partition.Transform.ResultType(sourceType);

    /// <summary>Name of the text column.</summary>
    public string ColumnName => $"__tarn_p{partition.FieldId}";

    /// <summary>Expression of the text column; it fails at a value that the field does not take.</summary>
    public string Sql => $"{(limit is null ? NameSql : RefusedValues.Partitioned(limit, sourceSql, NameSql))} AS {ColumnName}";

    /// <summary>Expression of the whole key, for rows of a file whose key is a hash.</summary>
    public string WholeSql => partition.Transform.Kind == TransformKind.Void ? "'n'" : $"coalesce('v' || {ValueSql}, 'n')";

    /// <summary>How many values the key has in all likelihood; null when that is open.</summary>
    public int? LikelyCount => partition.Transform.Kind switch
    {
        TransformKind.Void => 1,
        TransformKind.Bucket => partition.Transform.Argument,
        // Ten years, as years and as the months of a few of them.
        TransformKind.Year => 10,
        TransformKind.Month => 40,
        TransformKind.Identity when sourceType.Id == TypeId.Boolean => 3,
        _ => null,
    };

    /// <summary>True for a hash, which stands for a whole key.</summary>
    public static bool IsHash(string key) => key[0] == 'h';

    /// <summary>The partition value of a whole key.</summary>
    public object? Parse(string key)
    {
        if (key == "n")
            return null;
        string text = key[1..];
        return resultType.Id switch
        {
            TypeId.Boolean => text == "true",
            TypeId.Int or TypeId.Date => int.Parse(text, CultureInfo.InvariantCulture),
            TypeId.Long or TypeId.Time or TypeId.Timestamp or TypeId.TimestampTz or TypeId.TimestampNs or TypeId.TimestampTzNs => long.Parse(text, CultureInfo.InvariantCulture),
            TypeId.Float => text is "nan" or "inf" or "-inf" ? (float)Floating(text) : float.Parse(text, CultureInfo.InvariantCulture),
            TypeId.Double => Floating(text),
            TypeId.Decimal => Decimal38.TryParse(text, out var value) && value.TryRescale(((DecimalType)resultType).Scale, out value) ? value : throw Unreadable(key),
            TypeId.String => text,
            TypeId.Uuid => Guid.Parse(text),
            TypeId.Binary or TypeId.Fixed => Convert.FromHexString(text),
            _ => throw Unreadable(key),
        };
    }

    private string ValueSql => TextSql($"({TransformSql.Of(partition.Transform, sourceType, sourceSql)})");

    private string NameSql => resultType.Id is TypeId.String or TypeId.Binary or TypeId.Fixed && partition.Transform.Kind != TransformKind.Void
        ? string.Create(CultureInfo.InvariantCulture, $"CASE WHEN strlen({ValueSql}) > {MaxNameBytes} THEN 'h' || sha256({ValueSql}) ELSE {WholeSql} END")
        : WholeSql;

    private string TextSql(string value) => resultType.Id switch
    {
        TypeId.Date => $"date_diff('day', DATE '1970-01-01', {value})::VARCHAR",
        TypeId.Time => $"epoch_us({value})::VARCHAR",
        TypeId.Timestamp or TypeId.TimestampTz => $"epoch_us({value})::VARCHAR",
        TypeId.TimestampNs or TypeId.TimestampTzNs => $"epoch_ns({value})::VARCHAR",
        TypeId.Binary or TypeId.Fixed => $"hex({value})",
        _ => $"{value}::VARCHAR",
    };

    private static double Floating(string text) => text switch
    {
        "nan" => double.NaN,
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };

    private TarnException Unreadable(string key) => new(ErrorKind.Internal, $"Partition key '{key}' is no value of type {resultType}.");
}
