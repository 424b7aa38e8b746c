using Tarn.Engine.Types;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Ingest;

/// <summary>
/// SQL that turns values of a source into values of the table's column and loses nothing. Text is judged by <see cref="TextValue"/>; a value
/// with a type fits when it comes back unchanged.
/// </summary>
internal static class ValueFit
{
    /// <summary>True when every value of the column fits.</summary>
    public static bool IsCertain(SourceColumn column, IcebergType target) =>
        IsSame(column, target) || (target.Id == TypeId.String && (column.IsText || column.Type.IsPrimitive));

    /// <summary>The value for the table; an error when it does not fit.</summary>
    public static string Convert(SourceColumn column, IcebergType target)
    {
        if (column.IsText && target.IsPrimitive)
            return TextValue.Convert(column.Sql, target);
        if (IsCertain(column, target))
            return IsSame(column, target) ? column.Sql : $"{column.Sql}::VARCHAR";
        string value = CanCast(column.Type, target) ? $"{column.Sql}::{EngineType.Of(target)}" : $"NULL::{EngineType.Of(target)}";
        return $"CASE WHEN {IsBad(column, target)} THEN error('value does not fit: ' || {column.Sql}::VARCHAR) ELSE {value} END";
    }

    /// <summary>True for values that do not fit; false for all others, null among them.</summary>
    public static string IsBad(SourceColumn column, IcebergType target)
    {
        if (IsCertain(column, target))
            return "false";
        if (column.IsText && target.IsPrimitive)
            return TextValue.IsBad(column.Sql, target);
        if (!CanCast(column.Type, target))
            return $"({column.Sql} IS NOT NULL)";
        return $"(try_cast(try_cast({column.Sql} AS {EngineType.Of(target)}) AS {EngineType.Of(column.Type)}) IS DISTINCT FROM {column.Sql})";
    }

    /// <summary>True for values that the column of the table cannot hold: they do not fit, or are missing where it is NOT NULL.</summary>
    public static string IsBad(SourceColumn column, NestedField field) =>
        field.Required ? $"({column.Sql} IS NULL OR {IsBad(column, field.Type)})" : IsBad(column, field.Type);

    // Ids of nested fields and their optionality do not matter to the engine.
    private static bool IsSame(SourceColumn column, IcebergType target) => !(column.IsText && column.Type.Id != TypeId.String) && EngineType.Of(column.Type) == EngineType.Of(target);

    // What the engine refuses to cast at all; what it casts with loss shows when it is cast back.
    private static bool CanCast(IcebergType source, IcebergType target) => (source, target) switch
    {
        (StructType s, StructType t) => s.Fields.Any(f => t.Fields.Any(o => IsNamed(f.Name, o.Name)))
            && s.Fields.All(f => t.Fields.FirstOrDefault(o => IsNamed(f.Name, o.Name)) is not { } o || CanCast(f.Type, o.Type)),
        (ListType s, ListType t) => CanCast(s.Element.Type, t.Element.Type),
        (MapType s, MapType t) => CanCast(s.Key.Type, t.Key.Type) && CanCast(s.Value.Type, t.Value.Type),
        _ when source.IsNested || target.IsNested => false,
        _ when EngineType.Of(source) == EngineType.Of(target) => true,
        _ when IsNumber(source) && IsNumber(target) => true,
        _ when source.Id == TypeId.String || target.Id == TypeId.String => true,
        (_, { Id: TypeId.Timestamp or TypeId.TimestampNs }) => source.Id is TypeId.Date or TypeId.Timestamp or TypeId.TimestampNs,
        (_, { Id: TypeId.Date }) => source.Id is TypeId.Timestamp or TypeId.TimestampNs,
        (_, { Id: TypeId.TimestampTz }) => source.Id is TypeId.Date or TypeId.Timestamp,
        _ => false,
    };

    private static bool IsNamed(string left, string right) => left.Equals(right, StringComparison.OrdinalIgnoreCase);

    private static bool IsNumber(IcebergType type) => type.Id is TypeId.Int or TypeId.Long or TypeId.Decimal or TypeId.Float or TypeId.Double;
}
