using System.Globalization;
using Tarn.Core.Errors;
using Tarn.DuckDb;
using Tarn.DuckDb.Types;
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
            var found = Columns(FromSql(file, ""), cancellationToken);
            if (file.Format == SourceFormat.Ndjson && found is [{ Name: ValueColumn, Type.Alias: "JSON" }] && JsonLinesFilter.FirstProblem(file, cancellationToken) is { } problem)
                throw problem;
            bool areNamed = CanNameColumns(found);
            int id = 0;
            SourceColumn[] columns = [.. (areNamed ? found : Columns(FromSql(file, NoTimes), cancellationToken)).Select(c => Column(c, areNamed, () => ++id))];
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

    /// <summary>The source as it is read for a table: values whose type is not the column's come as text and are judged one by one, with all their digits.</summary>
    public static SourceRelation Fit(SourceRelation source, Schema table) =>
        source.File.Format is not (SourceFormat.Json or SourceFormat.Ndjson) || source.Columns.Any(c => c.Read is null)
            ? source
            : Relation(source.File, [.. source.Columns.Select(c => source.TargetOf(c, table) is { } target ? JsonTypes.ReadAs(c, Fit(c.Type, c.Read!, target.Type)) : c)]);

    private static IcebergType Fit(IcebergType type, IcebergType read, IcebergType target) => (type, read, target) switch
    {
        (StructType s, StructType r, StructType t) => new StructType([.. s.Fields.Zip(r.Fields, (f, g) => t.Fields.FirstOrDefault(o => o.Name.Equals(f.Name, StringComparison.OrdinalIgnoreCase)) is { } other ? g with { Type = Fit(f.Type, g.Type, other.Type) } : g)]),
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

    private static SourceRelation Relation(SourceFile file, IReadOnlyList<SourceColumn> columns) => new(file, FromSql(file, columns.Any(c => c.Read is null) ? NoTimes : Columns(columns)), columns);

    private static string Columns(IEnumerable<SourceColumn> columns) =>
        $", columns = {{{string.Join(", ", columns.Select(c => $"{EngineSql.String(c.Name)}: {EngineSql.String(EngineType.Of(c.Read!))}"))}}}";

    // The JSON reader calls no compression by another name than the CSV reader.
    private static string FromSql(SourceFile file, string options) => string.Create(CultureInfo.InvariantCulture,
        $"read_json({EngineSql.String(file.Path)}, format = '{(file.Format == SourceFormat.Ndjson ? "newline_delimited" : "auto")}', sample_size = -1, maximum_object_size = {file.MaxObjectBytes}, compression = '{(file.Compression == "none" ? "uncompressed" : file.Compression)}'{options})");
}
