using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Tarn.Core.Errors;
using Tarn.Engine.Foreign;
using Tarn.Engine.Naming;
using Tarn.Engine.Planning;
using Tarn.Engine.Sessions;
using Tarn.Engine.Sql;
using Tarn.Engine.Sql.Statements;
using Tarn.Engine.Types;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Governance;
using Tarn.Iceberg.Spec;

namespace Tarn.Engine.Execution;

/// <summary>SHOW COLUMNS, SHOW CREATE, SHOW PROPERTIES, SHOW BRANCHES and TAGS; DESCRIBE.</summary>
internal static class ShowTable
{
    /// <summary>Columns as Trino shows them: name, type, extra (keys, constraints, tags), comment.</summary>
    public static async Task<StatementResult> ColumnsAsync(StatementContext context, QualifiedName name, string? like, CancellationToken cancellationToken)
    {
        var source = await TableLookup.FindAsync(context, name, cancellationToken).ConfigureAwait(false)
            ?? throw await TableLookup.MissingAsync(context, name, "Table", cancellationToken).ConfigureAwait(false);
        if (source is TableSource.Table { MetadataTable: not null })
            return await RunQuery.ExecuteAsync(context, Sql.Queries.QueryText.From(SqlText.Of($"DESCRIBE SELECT * FROM {name}")), cancellationToken).ConfigureAwait(false);
        var (schema, spec) = source switch
        {
            TableSource.Table table => (table.Handle.Metadata.CurrentSchema, table.Handle.Metadata.DefaultSpec),
            TableSource.Foreign foreign => Columns(foreign),
            TableSource.View view => (view.Handle.Metadata.Schemas.Find(s => s.SchemaId == view.Handle.Metadata.CurrentVersion.SchemaId)!, PartitionSpec.Unpartitioned),
            _ => throw await TableLookup.MissingAsync(context, name, "Table", cancellationToken).ConfigureAwait(false),
        };
        var tags = GovernanceProperties.ColumnTagsOf(source is TableSource.Table { Handle.Metadata.Properties: var properties } ? properties : ImmutableSortedDictionary<string, string>.Empty);
        var rows = schema.Fields.Where(f => LikePattern.Matches(like, f.Name)).Select(f => new string?[] { f.Name, SqlTypeText.Of(f.Type), Extra(schema, spec, f, tags[f.Id]), f.Doc ?? "" });
        return RowsResult.OfText("DESCRIBE", ["Column", "Type", "Extra", "Comment"], rows);
    }

    public static async Task<StatementResult> CreateAsync(StatementContext context, ShowCreateStatement show, CancellationToken cancellationToken)
    {
        if (show.Kind == ShowCreateKind.Schema)
            return RowsResult.OfText("SHOW", ["Create Schema"], [[await SchemaTextAsync(context, show.Name, cancellationToken).ConfigureAwait(false)]]);
        var source = await TableLookup.FindAsync(context, show.Name, cancellationToken).ConfigureAwait(false);
        return source switch
        {
            TableSource.Table { MetadataTable: null, Catalog: { } catalog } table when show.Kind == ShowCreateKind.Table => RowsResult.OfText("SHOW", ["Create Table"], [[CreateTableText.Of(catalog.Name, table.Handle)]]),
            TableSource.Foreign foreign when show.Kind == ShowCreateKind.Table => RowsResult.OfText("SHOW", ["Create Table"], [[HiveTableText.Of(foreign.Handle)]]),
            TableSource.View view when show.Kind == ShowCreateKind.View => RowsResult.OfText("SHOW", ["Create View"], [[ViewText(view.Catalog, view.Handle)]]),
            _ => throw await TableLookup.OtherAsync(context, source, show.Name, show.Kind.ToString(), "SHOW CREATE", cancellationToken).ConfigureAwait(false),
        };
    }

    public static async Task<StatementResult> PropertiesAsync(StatementContext context, QualifiedName name, CancellationToken cancellationToken)
    {
        var (_, table) = await TableLookup.TableAsync(context, name, cancellationToken).ConfigureAwait(false);
        return RowsResult.OfText("SHOW", ["Property", "Value"], table.Metadata.Properties.Select(p => new string?[] { p.Key, p.Value }));
    }

    public static async Task<StatementResult> RefsAsync(StatementContext context, ShowRefsStatement show, CancellationToken cancellationToken)
    {
        var (_, table) = await TableLookup.TableAsync(context, show.Table, cancellationToken).ConfigureAwait(false);
        var wanted = show.Tags ? SnapshotRefType.Tag : SnapshotRefType.Branch;
        var rows = table.Metadata.Refs.Where(r => r.Value.Type == wanted).Select(r => new string?[] { r.Key, r.Value.SnapshotId.ToString(CultureInfo.InvariantCulture) });
        return RowsResult.OfText("SHOW", [show.Tags ? "Tag" : "Branch", "Snapshot"], rows);
    }

    private static (Schema, PartitionSpec) Columns(TableSource.Foreign table)
    {
        var metadata = table.Open().Handle.Metadata;
        return (metadata.CurrentSchema, metadata.DefaultSpec);
    }

    private static string Extra(Schema schema, PartitionSpec spec, NestedField field, IEnumerable<Tag> tags)
    {
        var parts = new List<string>();
        if (field.Required)
            parts.Add("not null");
        if (schema.IdentifierFieldIds.Contains(field.Id))
            parts.Add("identifier");
        parts.AddRange(spec.Fields.Where(f => f.SourceId == field.Id && f.Transform.Kind != TransformKind.Void).Select(f => $"partition {PartitioningText.Of(schema, f)}"));
        parts.AddRange(tags.Select(t => $"tag {t}"));
        return string.Join(", ", parts);
    }

    private static async ValueTask<string> SchemaTextAsync(StatementContext context, QualifiedName name, CancellationToken cancellationToken)
    {
        var (catalog, schema) = await context.Services.Names.SchemaNameAsync(name.Texts, context.Scope, cancellationToken).ConfigureAwait(false);
        var existing = await NameResolver.RequireNamespaceAsync(catalog, schema, cancellationToken).ConfigureAwait(false);
        var properties = await catalog.LoadNamespaceAsync(existing, cancellationToken).ConfigureAwait(false) ?? ImmutableSortedDictionary<string, string>.Empty;
        var text = new StringBuilder("CREATE SCHEMA ").AppendJoin('.', existing.Levels.Prepend(catalog.Name).Select(SqlPrinter.Identifier));
        if (properties.TryGetValue(GovernanceProperties.Comment, out string? comment))
            text.Append("\nCOMMENT ").Append(SqlPrinter.QuoteLiteral(comment));
        string[] others = [.. properties.Where(p => p.Key != GovernanceProperties.Comment).Select(p => $"{SqlPrinter.QuoteIdentifier(p.Key)} = {SqlPrinter.QuoteLiteral(p.Value)}")];
        return others.Length == 0 ? text.ToString() : text.Append("\nWITH (\n   ").AppendJoin(",\n   ", others).Append("\n)").ToString();
    }

    private static string ViewText(ICatalog catalog, ViewHandle view)
    {
        var text = new StringBuilder("CREATE VIEW ").AppendJoin('.', view.Identifier.Namespace.Levels.Prepend(catalog.Name).Append(view.Identifier.Name).Select(SqlPrinter.Identifier));
        var definition = ViewDefinition.Of(view);
        if (definition.Columns.Any(c => c.Doc is { Length: > 0 }))
            text.Append(" (\n   ").AppendJoin(",\n   ", definition.Columns.Select(c => c.Doc is { Length: > 0 } doc ? $"{SqlPrinter.Identifier(c.Name)} COMMENT {SqlPrinter.QuoteLiteral(doc)}" : SqlPrinter.Identifier(c.Name))).Append("\n)");
        var properties = view.Metadata.Properties;
        if (properties.TryGetValue(GovernanceProperties.Comment, out string? comment))
            text.Append("\nCOMMENT ").Append(SqlPrinter.QuoteLiteral(comment));
        string[] others = [.. properties.Where(p => p.Key != GovernanceProperties.Comment).Select(p => $"{SqlPrinter.QuoteIdentifier(p.Key)} = {SqlPrinter.QuoteLiteral(p.Value)}")];
        if (others.Length > 0)
            text.Append("\nWITH (\n   ").AppendJoin(",\n   ", others).Append("\n)");
        return text.Append(text.ToString().Contains('\n', StringComparison.Ordinal) ? "\nAS\n" : " AS\n").Append(definition.Sql).ToString();
    }
}
