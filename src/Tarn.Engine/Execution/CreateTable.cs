using System.Globalization;
using Tarn.Core.Errors;
using Tarn.Engine.Naming;
using Tarn.Engine.Planning;
using Tarn.Engine.Sessions;
using Tarn.Engine.Sql.Statements;
using Tarn.Engine.Types;
using Tarn.Engine.Writing;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Governance;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions;

namespace Tarn.Engine.Execution;

/// <summary>CREATE TABLE, CREATE OR REPLACE TABLE and CREATE TABLE AS. The table and its first rows become visible in one commit.</summary>
internal static class CreateTable
{
    public static async Task<StatementResult> ExecuteAsync(StatementContext context, CreateTableStatement create, CancellationToken cancellationToken)
    {
        var (catalog, name) = await context.Services.Names.ForCreateAsync(create.Name.Texts, context.Scope, cancellationToken).ConfigureAwait(false);
        var existing = await TableLookup.FindAsync(context, create.Name, cancellationToken).ConfigureAwait(false);
        if (existing is TableSource.Table { MetadataTable: not null })
            throw TarnException.Invalid($"'{create.Name.Dotted}' names a metadata table, which can only be queried. Choose another name.");
        if (existing is not null && create.IfNotExists)
            return RowsResult.Done("CREATE TABLE", null, $"{create.Name.Dotted} already exists");
        if (existing is TableSource.View)
            throw TarnException.AlreadyExists($"'{create.Name.Dotted}' is a view. DROP VIEW it first, or choose another name.");
        if (existing is TableSource.Foreign && create.OrReplace)
            throw TarnException.AlreadyExists($"'{create.Name.Dotted}' is not an Iceberg table and is not replaced by one. DROP TABLE it first, which leaves its files, or choose another name.");
        if (existing is not null && !create.OrReplace)
            throw TarnException.AlreadyExists($"Table '{create.Name.Dotted}' already exists. Write CREATE TABLE IF NOT EXISTS or CREATE OR REPLACE TABLE, or choose another name.");
        using var planned = create.Query is null ? null : await context.Planner.PlanAsync(create.Query, context.Scope, context.Options.Parameters, cancellationToken).ConfigureAwait(false);
        var schema = planned is null ? SchemaOf(context, create) : SchemaOf(context, create, planned);
        var (transaction, target) = await BeginAsync(context, catalog, name, (existing as TableSource.Table)?.Handle, create, schema, cancellationToken).ConfigureAwait(false);
        using var written = planned is not null && create.WithData ? await RowWriter.WriteAsync(context, WriteRequest.Into(target, planned.Bound.Sql), planned, cancellationToken).ConfigureAwait(false) : null;
        if (written is not null)
            await written.AppendAsync(transaction, context.Services.Store, cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return RowsResult.Done("CREATE TABLE", written?.RecordCount);
    }

    // The transaction, and the table as it will be when its files are written.
    private static async ValueTask<(Transaction Transaction, TableMetadata Target)> BeginAsync(StatementContext context, ICatalog catalog, TableIdentifier name, TableHandle? existing, CreateTableStatement create, Schema schema, CancellationToken cancellationToken)
    {
        var properties = TableProperties.Of(create);
        if (create.Comment is { } comment)
            properties[GovernanceProperties.Comment] = comment;
        var spec = TableLayout.Spec(schema, create.Partitioning);
        var order = TableLayout.Order(schema, create.SortedBy);
        string? location = create.Properties.FirstOrDefault(p => p.Is("location"))?.Value.ToPropertyText();
        var transactions = context.Transactions(catalog);
        if (existing is not null)
        {
            var replacing = new Transaction(transactions, existing);
            var replacement = replacing.Add(new ReplaceTable(schema, spec, order, properties, location));
            AddTags(replacing, create);
            return (replacing, TableMetadataBuilder.Apply(existing.Metadata, replacement.Apply(existing.Metadata), context.Services.Time.GetUtcNow()));
        }

        location ??= await catalog.NewTableLocationAsync(name, cancellationToken).ConfigureAwait(false);
        var all = await catalog.NewTablePropertiesAsync(name, properties, cancellationToken).ConfigureAwait(false);
        var metadata = TableMetadata.New(schema, spec, order, location, all, TableMetadata.FormatVersionOf(all), Guid.NewGuid(), context.Services.Time.GetUtcNow());
        var creating = Transaction.Create(transactions, name, metadata);
        AddTags(creating, create);
        return (creating, metadata);
    }

    private static void AddTags(Transaction transaction, CreateTableStatement create)
    {
        foreach (var column in create.Columns.Where(c => c.Tags.Count > 0))
            transaction.Add(new UpdateColumnTags(column.Name, column.Tags, []));
    }

    private static Schema SchemaOf(StatementContext context, CreateTableStatement create)
    {
        int last = create.Columns.Count;
        int Next() => ++last;
        RefuseDuplicates([.. create.Columns.Select(c => c.Name)]);
        return new Schema(0, [.. create.Columns.Select((c, i) =>
        {
            var type = IcebergTypes.Of(c.Type, Next);
            return new NestedField(i + 1, c.Name, c.NotNull, type, c.Comment) { WriteDefault = LiteralValues.Of(context.Connection, c.Default, type) };
        })]);
    }

    private static Schema SchemaOf(StatementContext context, CreateTableStatement create, PlannedQuery planned)
    {
        var columns = RowWriter.Columns(context, planned.Bound, create.Query!);
        if (create.ColumnAliases is { } aliases && aliases.Count != columns.Count)
            throw TarnException.Invalid(string.Create(CultureInfo.InvariantCulture, $"The query has {columns.Count} columns, but {aliases.Count} names are given."));
        int last = columns.Count;
        int Next() => ++last;
        string[] names = [.. columns.Select((c, i) => create.ColumnAliases?[i] ?? c.Name)];
        RefuseDuplicates(names);
        return new Schema(0, [.. columns.Select((c, i) => new NestedField(i + 1, names[i], false, IcebergTypes.Of(c.Type, names[i], Next)))]);
    }

    /// <summary>Refuses columns of one name.</summary>
    public static void RefuseDuplicates(IReadOnlyList<string> names)
    {
        string? twice = names.GroupBy(n => n, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1)?.Key;
        if (twice is not null)
            throw TarnException.Invalid($"Column '{twice}' is named twice. Give each column a name of its own, e.g. with AS.");
    }
}
