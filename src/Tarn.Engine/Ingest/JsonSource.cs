using System.Globalization;
using Tarn.Core.Errors;
using Tarn.DuckDb;
using Tarn.DuckDb.Types;
using Tarn.Engine.Functions;
using Tarn.Engine.Types;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Ingest;

/// <summary>Finds out what JSON holds: which columns and fields of which types comes from all rows, what is in their texts from <see cref="JsonTypes"/>.</summary>
internal sealed class JsonSource(DuckDbConnection connection)
{
    /// <summary>Longest JSON value that is expected, the engine's own default.</summary>
    public const int UsualObjectBytes = 16 * 1024 * 1024;

    /// <summary>The engine's name of the column when the values are no objects.</summary>
    private const string ValueColumn = "json";

    private const string ShapedPrefix = "__tarn_shaped ";

    // A form that no text has: texts stay texts, whose zones the engine would drop.
    private const string NoTimes = ", dateformat = 'no date', timestampformat = 'no time'";

    /// <summary>Finds out what a file holds.</summary>
    /// <param name="file">The file.</param>
    /// <param name="allRows">Whether times in texts, and whole numbers among doubles that are none, are looked for in every row instead of the first twenty thousand.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="TarnException">InvalidRequest with the line where it is known.</exception>
    public SourceRelation Open(SourceFile file, bool allRows, CancellationToken cancellationToken)
    {
        try
        {
            var found = Columns(FromSql(file, Form(file), ""), cancellationToken);
            if (file.Format == SourceFormat.Ndjson && found is [{ Name: ValueColumn, Type.Alias: "JSON" }] && JsonLinesFilter.FirstProblem(file, cancellationToken) is { } problem)
                throw problem;
            bool areNamed = CanNameColumns(found);
            int id = 0;
            SourceColumn[] columns = [.. (areNamed ? found : Columns(FromSql(file, Form(file), NoTimes), cancellationToken)).Select(c => Column(c, areNamed, () => ++id))];
            var types = new JsonTypes(connection, read => Relation(file, read));
            return Relation(file, types.Find(columns, allRows, cancellationToken));
        }
        catch (DuckDbException e) when (file.MaxObjectBytes < JsonLines.MaxLineBytes && e.Message.Contains("maximum_object_size", StringComparison.Ordinal))
        {
            return Open(file with { MaxObjectBytes = JsonLines.MaxLineBytes }, allRows, cancellationToken);
        }
        catch (DuckDbException e)
        {
            throw (file.Format == SourceFormat.Ndjson ? JsonLinesFilter.FirstProblem(file, cancellationToken) : null)
                ?? JsonErrors.Translate(e, file);
        }
    }

    /// <summary>The source with maps where the table has maps, so that these widen as structs and lists do. Of a list of pairs nothing tells the type of the values.</summary>
    public static SourceRelation WithMaps(SourceRelation source, Schema table) =>
        source with { Columns = [.. source.Columns.Select(c => c.Read is not null && source.TargetOf(c, table) is { } target ? c with { Type = WithMaps(c.Type, target.Type) } : c)] };

    private static IcebergType WithMaps(IcebergType type, IcebergType target) => (type, target) switch
    {
        (StructType s, StructType t) => new StructType([.. s.Fields.Select(f => t.FieldOfAnyCase(f.Name) is { } other ? f with { Type = WithMaps(f.Type, other.Type) } : f)]),
        (ListType s, ListType t) => new ListType(s.Element with { Type = WithMaps(s.Element.Type, t.Element.Type) }),
        (StructType { Fields.Count: > 0 } s, MapType t) => Map(s.Fields.Select(f => f.Type).Aggregate(SchemaMerge.Common), t),
        (ListType s, MapType t) when MapEntries.Of(s) is { } entries => Map(entries.Value, t),
        (MapType s, MapType t) => Map(s.Value.Type, t),
        _ => type,
    };

    private static MapType Map(IcebergType value, MapType target) => MapType.Of(0, target.Key.Type, 0, WithMaps(value, target.Value.Type));

    /// <summary>The source as it is read for a table: values whose type is not the column's come as text and are judged one by one, with all their digits.</summary>
    public static SourceRelation Fit(SourceRelation source, Schema table) =>
        source.File.Format is not (SourceFormat.Json or SourceFormat.Ndjson) || source.Columns.Any(c => c.Read is null)
            ? source
            : Relation(source.File, [.. source.Columns.Select(c => source.TargetOf(c, table) is { } target ? Fit(c, target.Type) : c)]);

    private static SourceColumn Fit(SourceColumn column, IcebergType target)
    {
        if (!JsonShape.IsFor(target))
            return JsonTypes.ReadAs(column, Fit(column.Type, column.Read!, target));
        return JsonTypes.ReadAs(column, JsonShape.ReadType(target)) with { Sql = EngineSql.Identifier(ShapedPrefix + column.Name), ShapedFor = target };
    }

    // Beside the column as JSON, so that its shape is made once however often it is asked for.
    private static string Shaped(SourceColumn column)
    {
        string shape = JsonShapeFunctions.ShapeOf(EngineSql.Identifier(column.Name), column.ShapedFor!);
        // Text in JSON would keep its quotes in a cast.
        return $"{(column.Read!.IsNested ? $"{shape}::JSON::{EngineType.Of(column.Read)}" : $"json_extract_string({shape}, '$')")} AS {column.Sql}";
    }

    private static IcebergType Fit(IcebergType type, IcebergType read, IcebergType target) => (type, read, target) switch
    {
        (StructType s, StructType r, StructType t) => new StructType([.. s.Fields.Zip(r.Fields, (f, g) => t.FieldOfAnyCase(f.Name) is { } other ? g with { Type = Fit(f.Type, g.Type, other.Type) } : g)]),
        (ListType s, ListType r, ListType t) => new ListType(r.Element with { Type = Fit(s.Element.Type, r.Element.Type, t.Element.Type) }),
        (MapType s, MapType r, MapType t) => new MapType(r.Key with { Type = Fit(s.Key.Type, r.Key.Type, t.Key.Type) }, r.Value with { Type = Fit(s.Value.Type, r.Value.Type, t.Value.Type) }),
        _ => target.IsPrimitive && !target.Equals(type) ? SimpleType.String : read,
    };

    private DuckDbColumn[] Columns(string from, CancellationToken cancellationToken)
    {
        using var statement = connection.Prepare($"SELECT * FROM {from}", cancellationToken);
        return [.. statement.Columns];
    }

    private static SourceColumn Column(DuckDbColumn column, bool isNamed, Func<int> nextId)
    {
        string name = EngineSql.Identifier(column.Name);
        // Values of mixed types come as JSON: their text is what they have in common.
        if (column.Type.Alias == "JSON")
            return isNamed ? new SourceColumn(column.Name, SimpleType.String, name, IsText: true) { Read = SimpleType.String } : new SourceColumn(column.Name, SimpleType.String, $"json_extract_string({name}, '$')", IsText: true);
        var type = IcebergTypes.Of(column.Type, column.Name, nextId);
        return isNamed
            ? new SourceColumn(column.Name, type, name) { Read = type }
            : new SourceColumn(column.Name, type, type is DecimalType ? $"{name}::{EngineType.Of(type)}" : name, IsText: type.Id == TypeId.String);
    }

    // Of two keys that differ in case only the engine renames one, and named columns would not find it. Values that are no objects have no names.
    private static bool CanNameColumns(IReadOnlyList<DuckDbColumn> columns) =>
        !columns.Any(c => c.Name == ValueColumn && c.Type.Alias == "JSON")
        && !columns.Any(c => columns.Any(o => c.Name.StartsWith(o.Name + "_", StringComparison.OrdinalIgnoreCase) && int.TryParse(c.Name.AsSpan(o.Name.Length + 1), out _)));

    private static SourceRelation Relation(SourceFile file, IReadOnlyList<SourceColumn> columns)
    {
        // Where no line end follows the last line, the engine puts it first when threads share the lines.
        string form = file.Format == SourceFormat.Ndjson && !JsonLines.EndsWithLineEnd(file) ? "unstructured" : Form(file);
        string from = FromSql(file, form, columns.Any(c => c.Read is null) ? NoTimes : Columns(columns));
        string shaped = string.Join(", ", columns.Where(c => c.ShapedFor is not null).Select(Shaped));
        return new(file, shaped.Length > 0 ? $"(SELECT *, {shaped} FROM {from})" : from, columns);
    }

    private static string Columns(IEnumerable<SourceColumn> columns) =>
        $", columns = {{{string.Join(", ", columns.Select(c => $"{EngineSql.String(c.Name)}: {EngineSql.String(c.ShapedFor is null ? EngineType.Of(c.Read!) : "JSON")}"))}}}";

    private static string Form(SourceFile file) => file.Format == SourceFormat.Ndjson ? "newline_delimited" : "auto";

    // The JSON reader calls no compression by another name than the CSV reader.
    private static string FromSql(SourceFile file, string form, string options) => string.Create(CultureInfo.InvariantCulture,
        $"read_json({EngineSql.String(file.Path)}, format = '{form}', sample_size = -1, maximum_object_size = {file.MaxObjectBytes}, compression = '{(file.Compression == "none" ? "uncompressed" : file.Compression)}'{options})");
}
