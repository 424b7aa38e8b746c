using System.Globalization;
using Tarn.Core.Errors;
using Tarn.DuckDb;
using Tarn.DuckDb.Types;
using Tarn.Engine.Types;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Ingest;

/// <summary>Finds out what JSON holds: types come from all rows.</summary>
internal sealed class JsonSource(DuckDbConnection connection)
{
    /// <summary>Longest JSON value that is expected, the engine's own default.</summary>
    public const int UsualObjectBytes = 16 * 1024 * 1024;

    /// <summary>The engine's name of the column when the values are no objects.</summary>
    private const string ValueColumn = "json";

    /// <summary>Finds out what a file holds.</summary>
    /// <exception cref="TarnException">InvalidRequest with the line where it is known.</exception>
    public SourceRelation Open(SourceFile file, CancellationToken cancellationToken)
    {
        try
        {
            using var statement = connection.Prepare($"SELECT * FROM {FromSql(file, "")}", cancellationToken);
            if (file.Format == SourceFormat.Ndjson && statement.Columns is [{ Name: ValueColumn, Type.Alias: "JSON" }] && JsonLinesFilter.FirstProblem(file, cancellationToken) is { } problem)
                throw problem;
            int id = 0;
            SourceColumn[] columns = [.. statement.Columns.Select(c => Column(c, () => ++id))];
            return CanNameColumns(statement.Columns) ? Named(file, Temporal(file, Wide(file, columns, cancellationToken), cancellationToken)) : new SourceRelation(file, FromSql(file, ""), columns);
        }
        catch (DuckDbException e) when (file.MaxObjectBytes < JsonLines.MaxLineBytes && e.Message.Contains("maximum_object_size", StringComparison.Ordinal))
        {
            return Open(file with { MaxObjectBytes = JsonLines.MaxLineBytes }, cancellationToken);
        }
        catch (DuckDbException e)
        {
            throw (file.Format == SourceFormat.Ndjson ? JsonLinesFilter.FirstProblem(file, cancellationToken) : null)
                ?? JsonErrors.Translate(e, file);
        }
    }

    /// <summary>The source as it is read for a table: values whose type is not the column's come as text and are judged one by one, with all their digits.</summary>
    public static SourceRelation Fit(SourceRelation source, Schema table)
    {
        if (source.File.Format is not (SourceFormat.Json or SourceFormat.Ndjson) || source.Columns.Any(c => c.ReadAs is null))
            return source;
        return Named(source.File, [.. source.Columns.Select(c => AsText(c, source.TargetOf(c, table)))]);
    }

    private static SourceColumn AsText(SourceColumn column, NestedField? target) =>
        target is null || !target.Type.IsPrimitive || target.Type.Equals(column.Type) ? column : column with { IsText = true, ReadAs = "VARCHAR", Sql = EngineSql.Identifier(column.Name) };

    private static SourceColumn Column(DuckDbColumn column, Func<int> nextId)
    {
        string name = EngineSql.Identifier(column.Name);
        // Values of mixed types come as JSON: their text is what they have in common.
        if (column.Type.Alias == "JSON")
            return new SourceColumn(column.Name, SimpleType.String, $"json_extract_string({name}, '$')", IsText: true);
        var type = IcebergTypes.Of(column.Type, column.Name, nextId);
        return new SourceColumn(column.Name, type, type is DecimalType ? $"{name}::{EngineType.Of(type)}" : name, IsText: type.Id == TypeId.String);
    }

    // Of two keys that differ in case only the engine renames one, and named columns would not find it. Values that are no objects have no names.
    // Times inside of structs would lose their zone.
    private static bool CanNameColumns(IReadOnlyList<DuckDbColumn> columns) =>
        !columns.Any(c => c.Name == ValueColumn && c.Type.Alias == "JSON")
        && !columns.Any(c => c.Type.Children.Count > 0 && Contains(c.Type, t => t.Id == DuckDbTypeId.Timestamp))
        && !columns.Any(c => columns.Any(o => c.Name.StartsWith(o.Name + "_", StringComparison.OrdinalIgnoreCase) && int.TryParse(c.Name.AsSpan(o.Name.Length + 1), out _)));

    private static bool Contains(DuckDbType type, Func<DuckDbType, bool> test) => test(type) || type.Children.Any(c => Contains(c.Type, test));

    // The engine reads times with and without zone into one type, and years of two digits as of this century.
    private SourceColumn[] Temporal(SourceFile file, SourceColumn[] columns, CancellationToken cancellationToken)
    {
        var temporal = columns.Where(c => c.Type.Id is TypeId.Date or TypeId.Timestamp).ToArray();
        if (temporal.Length > 0)
        {
            string tests = string.Join(", ", temporal.Select(c => $"count(*) FILTER (NOT regexp_matches({c.Sql}, '^[0-9]{{4}}-') OR {TextValue.HasNanos(c.Sql)}), count(*) FILTER ({IsZoned(c.Sql)}), count({c.Sql})"));
            using var result = connection.Query($"SELECT {tests} FROM {FromSql(file, Columns(temporal.Select(c => c with { ReadAs = "VARCHAR" })))}", cancellationToken);
            object?[] counts = result.Rows(cancellationToken).Single();
            var types = temporal.Select((c, i) => (c.Name, Type: TemporalType(c.Type, (long)counts[3 * i]!, (long)counts[(3 * i) + 1]!, (long)counts[(3 * i) + 2]!))).ToDictionary(c => c.Name, c => c.Type);
            columns = [.. columns.Select(c => types.TryGetValue(c.Name, out var type) ? c with { Type = type } : c)];
        }

        return [.. columns.Select(Readable)];
    }

    // Beside fractions the engine takes whole numbers of any size for doubles.
    private SourceColumn[] Wide(SourceFile file, SourceColumn[] columns, CancellationToken cancellationToken)
    {
        var doubles = columns.Where(c => c.Type.Id == TypeId.Double).ToArray();
        if (doubles.Length == 0 || !MayHoldWideNumbers(file))
            return columns;
        string tests = string.Join(", ", doubles.Select(c => $"bool_or({TextValue.IsBad(c.Sql, c.Type)})"));
        using var result = connection.Query($"SELECT {tests} FROM {FromSql(file, Columns(doubles.Select(c => c with { ReadAs = "VARCHAR" })))}", cancellationToken);
        object?[] found = result.Rows(cancellationToken).Single();
        var text = doubles.Where((_, i) => found[i] is true).Select(c => c.Name).ToHashSet(StringComparer.Ordinal);
        return [.. columns.Select(c => text.Contains(c.Name) ? c with { Type = SimpleType.String } : c)];
    }

    private static bool MayHoldWideNumbers(SourceFile file)
    {
        if (file.Compression != "none")
            return true;
        using var text = File.OpenRead(file.Path);
        return WideNumbers.MayBeIn(text);
    }

    private static IcebergType TemporalType(IcebergType found, long odd, long zoned, long all) => (odd, zoned) switch
    {
        (0, 0) => found,
        (0, _) when zoned == all && found.Id == TypeId.Timestamp => SimpleType.TimestampTz,
        _ => SimpleType.String,
    };

    private static string IsZoned(string text) => $"{text} LIKE '%Z' OR contains({text}, '+') OR contains(substr({text}, 12), '-')";

    private static SourceColumn Readable(SourceColumn column)
    {
        string name = EngineSql.Identifier(column.Name);
        return column.Type.Id switch
        {
            TypeId.String => column with { ReadAs = "VARCHAR", Sql = name, IsText = true },
            TypeId.TimestampTz => column with { ReadAs = "VARCHAR", Sql = $"{name}::TIMESTAMPTZ" },
            _ => column with { ReadAs = EngineType.Of(column.Type), Sql = name },
        };
    }

    private static SourceRelation Named(SourceFile file, IReadOnlyList<SourceColumn> columns) => new(file, FromSql(file, Columns(columns)), columns);

    private static string Columns(IEnumerable<SourceColumn> columns) =>
        $", columns = {{{string.Join(", ", columns.Select(c => $"{EngineSql.String(c.Name)}: {EngineSql.String(c.ReadAs!)}"))}}}";

    // The JSON reader calls no compression by another name than the CSV reader.
    private static string FromSql(SourceFile file, string options) => string.Create(CultureInfo.InvariantCulture,
        $"read_json({EngineSql.String(file.Path)}, format = '{(file.Format == SourceFormat.Ndjson ? "newline_delimited" : "auto")}', sample_size = -1, maximum_object_size = {file.MaxObjectBytes}, compression = '{(file.Compression == "none" ? "uncompressed" : file.Compression)}'{options})");
}
