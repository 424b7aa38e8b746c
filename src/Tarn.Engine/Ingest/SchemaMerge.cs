using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Ingest;

/// <summary>Decides the type that a column has after sources and table come together.</summary>
internal static class SchemaMerge
{
    /// <summary>The type that holds values of both sources, structs with the fields of both; text when nothing narrower does.</summary>
    /// <remarks>Ids of nested fields mean nothing in the result.</remarks>
    public static IcebergType Common(IcebergType left, IcebergType right) => (left, right) switch
    {
        (StructType l, StructType r) => new StructType([.. l.Fields.Select(f => r.FieldOfAnyCase(f.Name) is { } o ? f with { Type = Common(f.Type, o.Type) } : f), .. r.Fields.Where(f => l.FieldOfAnyCase(f.Name) is null)]),
        (ListType l, ListType r) => ListType.Of(0, Common(l.Element.Type, r.Element.Type)),
        (MapType l, MapType r) => MapType.Of(0, Common(l.Key.Type, r.Key.Type), 0, Common(l.Value.Type, r.Value.Type)),
        _ when left.Equals(right) => left,
        _ => (Rank(left), Rank(right)) switch
        {
            (> 0 and var a, > 0 and var b) => a >= b ? Widest(left, right) : Widest(right, left),
            _ when IsTime(left) && IsTime(right) => SimpleType.Timestamp,
            _ => SimpleType.String,
        },
    };

    /// <summary>What the type of the table's column becomes so that the source fits: wider, or with more fields inside; null when it can stay ("Schema Evolution").</summary>
    public static IcebergType? Evolved(IcebergType source, IcebergType table) => (source, table) switch
    {
        (StructType s, StructType t) => EvolvedStruct(s, t),
        (ListType s, ListType t) => Evolved(s.Element.Type, t.Element.Type) is { } element ? new ListType(t.Element with { Type = element }) : null,
        (MapType s, MapType t) => Evolved(s.Value.Type, t.Value.Type) is { } value ? new MapType(t.Key, t.Value with { Type = value }) : null,
        ({ Id: TypeId.Long }, { Id: TypeId.Int }) => SimpleType.Long,
        ({ Id: TypeId.Double }, { Id: TypeId.Float }) => SimpleType.Double,
        (DecimalType s, DecimalType t) when s.Scale == t.Scale && s.Precision > t.Precision => s,
        _ => null,
    };

    private static StructType? EvolvedStruct(StructType source, StructType table)
    {
        var kept = table.Fields.Select(f => source.FieldOfAnyCase(f.Name) is { } s && Evolved(s.Type, f.Type) is { } type ? f with { Type = type } : f).ToArray();
        var added = source.Fields.Where(f => table.FieldOfAnyCase(f.Name) is null).ToArray();
        return added.Length == 0 && kept.SequenceEqual(table.Fields) ? null : new StructType([.. kept, .. added]);
    }

    private static IcebergType Widest(IcebergType wide, IcebergType narrow) => (wide, narrow) switch
    {
        (DecimalType a, DecimalType b) => new DecimalType(Math.Min(38, Math.Max(a.Precision - a.Scale, b.Precision - b.Scale) + Math.Max(a.Scale, b.Scale)), Math.Max(a.Scale, b.Scale)),
        _ => wide,
    };

    private static int Rank(IcebergType type) => type.Id switch
    {
        TypeId.Int => 1,
        TypeId.Long => 2,
        TypeId.Decimal => 3,
        TypeId.Float => 4,
        TypeId.Double => 5,
        _ => 0,
    };

    private static bool IsTime(IcebergType type) => type.Id is TypeId.Date or TypeId.Timestamp;
}
