using System.Globalization;
using System.Text;
using Tarn.Engine.Sql;
using Tarn.Engine.Types;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Governance;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transactions;
using Tarn.Iceberg.Transforms;

namespace Tarn.Engine.Execution;

/// <summary>The CREATE TABLE statement that makes an empty table like a given one.</summary>
internal static class CreateTableText
{
    /// <summary>The statement's text.</summary>
    public static string Of(string catalog, TableHandle table)
    {
        var metadata = table.Metadata;
        var schema = metadata.CurrentSchema;
        var text = new StringBuilder("CREATE TABLE ").AppendJoin('.', table.Identifier.Namespace.Levels.Prepend(catalog).Append(table.Identifier.Name).Select(SqlPrinter.Identifier));
        text.Append(" (\n   ").AppendJoin(",\n   ", schema.Fields.Select(f => Column(f, GovernanceProperties.ColumnTagsOf(metadata.Properties)[f.Id]))).Append("\n)");
        if (metadata.Properties.TryGetValue(GovernanceProperties.Comment, out string? comment))
            text.Append("\nCOMMENT ").Append(SqlPrinter.QuoteLiteral(comment));
        return text.Append("\nWITH (\n   ").AppendJoin(",\n   ", Properties(metadata, schema)).Append("\n)").ToString();
    }

    private static string Column(NestedField field, IEnumerable<Tag> tags)
    {
        var text = new StringBuilder(SqlPrinter.Identifier(field.Name)).Append(' ').Append(SqlTypeText.OfDefinition(field.Type));
        if (field.WriteDefault is not null && field.Type.IsPrimitive)
            text.Append(" DEFAULT ").Append(Default(field.WriteDefault, field.Type));
        if (field.Required)
            text.Append(" NOT NULL");
        if (field.Doc is { Length: > 0 })
            text.Append(" COMMENT ").Append(SqlPrinter.QuoteLiteral(field.Doc));
        string[] shown = [.. tags.Select(t => t.Value.Length == 0 ? SqlPrinter.QuoteLiteral(t.Key) : $"{SqlPrinter.QuoteLiteral(t.Key)} = {SqlPrinter.QuoteLiteral(t.Value)}")];
        if (shown.Length > 0)
            text.Append(" TAGS (").AppendJoin(", ", shown).Append(')');
        return text.ToString();
    }

    // What the statement takes back: literals, and texts for what has none of its own.
    private static string Default(object value, IcebergType type) => value switch
    {
        bool b => b ? "TRUE" : "FALSE",
        byte[] bytes => $"X'{Convert.ToHexString(bytes)}'",
        int or long when type.Id is TypeId.Int or TypeId.Long => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        float f => SqlPrinter.QuoteLiteral(f.ToString("R", CultureInfo.InvariantCulture)),
        double d => SqlPrinter.QuoteLiteral(d.ToString("R", CultureInfo.InvariantCulture)),
        _ => SqlPrinter.QuoteLiteral(Transform.Identity.Bind(type).ToHumanString(value)),
    };

    // A field that somebody named keeps its name.
    private static string Partitioning(Schema schema, PartitionField field)
    {
        string text = PartitioningText.Of(schema, field);
        return schema.FindName(field.SourceId) is { } path && field.Name != UpdatePartitionSpec.DefaultName(path, field.Transform) ? $"{text} AS {SqlPrinter.Identifier(field.Name)}" : text;
    }

    private static IEnumerable<string> Properties(TableMetadata metadata, Schema schema)
    {
        yield return string.Create(CultureInfo.InvariantCulture, $"format_version = {metadata.FormatVersion}");
        yield return $"location = {SqlPrinter.QuoteLiteral(metadata.Location)}";
        var fields = metadata.DefaultSpec.Fields.Where(f => f.Transform.Kind != TransformKind.Void).Select(f => SqlPrinter.QuoteLiteral(Partitioning(schema, f))).ToArray();
        if (fields.Length > 0)
            yield return $"partitioning = ARRAY[{string.Join(", ", fields)}]";
        if (metadata.DefaultSortOrder.Fields.Count > 0)
            yield return $"sorted_by = ARRAY[{string.Join(", ", metadata.DefaultSortOrder.Fields.Select(f => SqlPrinter.QuoteLiteral(PartitioningText.Of(schema, f))))}]";
        // Tags of columns stand at the columns. The properties name field ids, which belong to other columns in a new table: also those of nested columns, for which the statement has no words.
        var properties = metadata.Properties.Where(p => p.Key != GovernanceProperties.Comment && GovernanceProperties.ColumnOf(p.Key) is null).ToLookup(p => TableProperties.IsStatementName(p.Key));
        string[] own = [.. properties[false].Select(p => $"{SqlPrinter.QuoteLiteral(p.Key)}: {SqlPrinter.QuoteLiteral(p.Value)}")];
        if (own.Length > 0)
            yield return $"extra_properties = MAP {{{string.Join(", ", own)}}}";
        foreach (var (key, value) in properties[true])
            yield return $"{SqlPrinter.QuoteIdentifier(key)} = {SqlPrinter.QuoteLiteral(value)}";
    }
}
