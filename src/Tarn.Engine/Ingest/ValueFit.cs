using Tarn.Engine.Functions;
using Tarn.Engine.Types;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Ingest;

/// <summary>
/// SQL that turns values of a source into values of the table's column and loses nothing, at any depth. Text is judged by <see cref="TextValue"/>; a value
/// with a type fits when it comes back unchanged.
/// </summary>
internal static class ValueFit
{
    // From 2^53 on, whole numbers lie between the doubles, and several become one.
    private const string FirstWideDouble = "9007199254740992.0::DOUBLE";

    /// <summary>True when every value of the column fits.</summary>
    public static bool IsCertain(SourceColumn column, IcebergType target) => !Tests(column, target).Any();

    /// <summary>The value for the table; an error when it does not fit.</summary>
    public static string Convert(SourceColumn column, IcebergType target)
    {
        if (column.ReadType.Id == TypeId.String && target.IsPrimitive && column.ShapedFor is null)
            return TextValue.Convert(column.Sql, target, column.SqlFor(target));
        bool isSame = EngineType.Of(column.ReadType) == EngineType.Of(target);
        string value = isSame ? column.Sql
            : CanCast(column.ReadType, target) && InnerValue.IsNeeded(column.ReadType, target) ? InnerValue.Convert(column.Sql, column.ReadType, target)
            : CanCast(column.ReadType, target) ? $"{column.Sql}::{EngineType.Of(target)}" : $"NULL::{EngineType.Of(target)}";
        // NULL, as what has no shape is read, would be no error.
        return IsCertain(column, target) ? value : $"CASE WHEN {IsBad(column, target)} THEN error('value does not fit: ' || coalesce({column.Sql}::VARCHAR, '')) ELSE {value} END";
    }

    /// <summary>True for values that do not fit; false for all others, null among them.</summary>
    public static string IsBad(SourceColumn column, IcebergType target) => IsAnyBad(Tests(column, target), column.SqlFor(target));

    /// <summary>True for values that the column of the table cannot hold: they do not fit, or are missing where it is NOT NULL.</summary>
    public static string IsBad(SourceColumn column, NestedField field) =>
        field.Required ? $"({column.SqlFor(field.Type)} IS NULL OR {IsBad(column, field.Type)})" : IsBad(column, field.Type);

    /// <summary>What is wrong with the values that do not fit.</summary>
    /// <returns>For each place inside of them its name, and the sentence about the first value there that does not fit; NULL when all do.</returns>
    public static IEnumerable<(string Name, string SentenceSql)> Misfits(SourceColumn column, IcebergType target) =>
        Tests(column, target).Select(t => (column.Name + t.Path.Name, t.Path.Sql(column.SqlFor(target), "any_value", x => $"CASE WHEN {t.IsBad(x)} THEN {t.Sentence(column.Name, x)} END")));

    /// <summary>True for doubles as which whole numbers were read that may have been others; NULL for NULL.</summary>
    public static string MayBeRounded(string value) => $"(abs({value}) >= {FirstWideDouble})";

    private static string IsAnyBad(IEnumerable<FitTest> tests, string value) => tests.Select(t => t.IsAnyBad(value)).ToArray() is { Length: > 0 } bad ? $"({string.Join(" OR ", bad)})" : "false";

    private static IEnumerable<FitTest> Tests(SourceColumn column, IcebergType target) =>
        [.. column.ShapedFor is { } shape ? [OfShape(column, shape)] : (FitTest[])[], .. Tests(column.ReadType, target, column.MayRound, InnerPath.Column)];

    // What has no shape is NULL as it is read.
    private static FitTest OfShape(SourceColumn column, IcebergType shape)
    {
        string json = EngineSql.Identifier(column.Name);
        return new FitTest(InnerPath.Column, value => $"({json} IS NOT NULL AND {value} IS NULL)", (name, _) => JsonShapeFunctions.MisfitOf(json, shape, name));
    }

    private static IEnumerable<FitTest> Tests(IcebergType source, IcebergType target, bool mayRound, InnerPath path) => (source, target) switch
    {
        (StructType s, StructType t) when CanCast(s, t) => OfFields(s, t, mayRound, path),
        (ListType s, ListType t) => [.. FitTest.Missing(t.Element, path.Element()), .. Tests(s.Element.Type, t.Element.Type, mayRound, path.Element())],
        (ListType s, MapType t) when CanCast(s, t) && MapEntries.Of(s) is { } entries =>
            [.. FitTest.Missing(t.Key, path.EntryKey()), .. OfMap(entries, t, mayRound, path.EntryKey(), path.EntryValue()), FitTest.DoubleKey(path, key => FittingKey(key, entries.Key, t.Key.Type))],
        (MapType s, MapType t) => OfMap(new MapEntries(s.Key.Type, s.Value.Type), t, mayRound, path.Key(), path.Value()),
        _ when source.IsNested || target.IsNested => [FitTest.IsNo(target, path, FitTest.IsThere)],
        _ => OfPrimitive(source, target, mayRound) is { } isBad ? [FitTest.IsNo(target, path, isBad)] : [],
    };

    private static IEnumerable<FitTest> OfFields(StructType source, StructType target, bool mayRound, InnerPath path) =>
    [
        .. source.Fields.SelectMany(f => target.FieldOfAnyCase(f.Name) is { } other ? Tests(f.Type, other.Type, mayRound, path.Field(f.Name)) : [FitTest.IsUnknownField(path.Field(f.Name))]),
        .. target.Fields.Where(f => f.Required).Select(f => FitTest.MissingField(f, source.FieldOfAnyCase(f.Name), path)),
    ];

    private static IEnumerable<FitTest> OfMap(MapEntries source, MapType target, bool mayRound, InnerPath key, InnerPath value) =>
        [.. Tests(source.Key, target.Key.Type, mayRound, key), .. FitTest.Missing(target.Value, value), .. Tests(source.Value, target.Value.Type, mayRound, value)];

    private static string FittingKey(string key, IcebergType source, IcebergType target) =>
        $"CASE WHEN NOT {IsAnyBad(Tests(source, target, mayRound: false, InnerPath.Column), key)} THEN {InnerValue.Convert(key, source, target)} END";

    // Null when every value fits.
    private static Func<string, string>? OfPrimitive(IcebergType source, IcebergType target, bool mayRound)
    {
        if (source.Id == TypeId.Double && target.Id == TypeId.Double && mayRound)
            return MayBeRounded;
        if (target.Id == TypeId.String)
            return null;
        if (EngineType.Of(source) == EngineType.Of(target))
            return TextValue.Foreign("", target) is null ? null : x => TextValue.Foreign(x, target)!;
        if (source.Id == TypeId.String)
            return x => TextValue.IsBad(x, target);
        if (!CanCast(source, target))
            return FitTest.IsThere;
        return x => $"(try_cast(try_cast({x} AS {EngineType.Of(target)}) AS {EngineType.Of(source)}) IS DISTINCT FROM {x}{(TextValue.Foreign(x, source) is { } foreign ? $" OR {foreign}" : "")})";
    }

    /// <summary>False for what the engine refuses to cast at all; what it casts with loss shows when it is cast back.</summary>
    internal static bool CanCast(IcebergType source, IcebergType target) => (source, target) switch
    {
        (StructType s, StructType t) => s.Fields.Any(f => t.FieldOfAnyCase(f.Name) is not null) && s.Fields.All(f => t.FieldOfAnyCase(f.Name) is not { } o || CanCast(f.Type, o.Type)),
        (ListType s, ListType t) => CanCast(s.Element.Type, t.Element.Type),
        (ListType s, MapType t) => MapEntries.Of(s) is { } entries && CanCast(entries.Key, t.Key.Type) && CanCast(entries.Value, t.Value.Type),
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

    private static bool IsNumber(IcebergType type) => type.Id is TypeId.Int or TypeId.Long or TypeId.Decimal or TypeId.Float or TypeId.Double;
}
