using System.Text.Json;
using Tarn.Core.Errors;
using Tarn.Engine.Sql;
using Tarn.Engine.Types;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;

namespace Tarn.Engine.Foreign;

/// <summary>
/// A view that Trino keeps in a Hive Metastore: its definition is JSON, as Base64 in a comment in the place of Hive's text. It is run as a view of Iceberg with
/// the same query is.
/// </summary>
internal static class TrinoHiveView
{
    private const string Text = "viewOriginalText", Begin = "/* Presto View: ", End = " */", Dialect = "trino";

    // The definition has no versions; it is one.
    private const int TheVersion = 1;

    /// <summary>The view, or null when an entry of the metastore is no view of Trino's.</summary>
    /// <exception cref="TarnException">DataCorrupted: its definition cannot be read. Unsupported: a column has a type that Iceberg lacks.</exception>
    public static ViewHandle? Find(ForeignTableHandle handle)
    {
        string? text = handle.Table.Properties.GetValueOrDefault(Text);
        if (text?.StartsWith(Begin, StringComparison.Ordinal) != true || !text.EndsWith(End, StringComparison.Ordinal))
            return null;
        try
        {
            using var definition = JsonDocument.Parse(Convert.FromBase64String(text[Begin.Length..^End.Length]));
            return Of(handle.Identifier, definition.RootElement);
        }
        catch (Exception broken) when (broken is FormatException or JsonException or KeyNotFoundException or InvalidOperationException or SqlSyntaxException)
        {
            throw new TarnException(ErrorKind.DataCorrupted, $"'{handle.Identifier}' is a view of Trino whose definition in the metastore cannot be read: {broken.Message} Create it again.", broken);
        }
    }

    private static ViewHandle Of(TableIdentifier name, JsonElement definition)
    {
        var columns = definition.GetProperty("columns").EnumerateArray().ToList();
        int last = columns.Count;
        var schema = new Schema(0, [.. columns.Select((c, i) => new NestedField(i + 1, c.GetProperty("name").GetString()!, false, IcebergTypes.Of(SqlParser.ParseType(c.GetProperty("type").GetString()!), () => ++last)))]);
        var version = new ViewVersion
        {
            VersionId = TheVersion,
            SchemaId = schema.SchemaId,
            TimestampMs = 0,
            Representations = [new ViewRepresentation("sql", definition.GetProperty("originalSql").GetString()!, Dialect)],
            DefaultCatalog = OptionalText(definition, "catalog"),
            DefaultNamespace = OptionalText(definition, "schema") is { } level ? [level] : name.Namespace.Levels,
        };
        var metadata = new ViewMetadata { ViewUuid = Guid.Empty, FormatVersion = ViewMetadata.MaxFormatVersion, Location = "", Schemas = [schema], CurrentVersionId = TheVersion, Versions = [version], VersionLog = [] };
        return new ViewHandle(name, "", metadata);
    }

    private static string? OptionalText(JsonElement definition, string name) => definition.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
