using System.Collections.Immutable;
using System.Globalization;
using Tarn.Core.Errors;
using Tarn.Engine.Naming;
using Tarn.Engine.Planning;
using Tarn.Engine.Sessions;
using Tarn.Engine.Sql;
using Tarn.Engine.Sql.Statements;
using Tarn.Engine.Types;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Governance;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions;

namespace Tarn.Engine.Execution;

/// <summary>CREATE, DROP and RENAME of views, kept in Iceberg's view format.</summary>
internal static class ViewStatements
{
    public static async Task<StatementResult> CreateAsync(StatementContext context, CreateViewStatement create, CancellationToken cancellationToken)
    {
        var (catalog, name) = await context.Services.Names.ForCreateAsync(create.Name.Texts, context.Scope, cancellationToken).ConfigureAwait(false);
        var existing = await TableLookup.FindAsync(context, create.Name, cancellationToken).ConfigureAwait(false);
        if (existing is not null && create.IfNotExists)
            return RowsResult.Done("CREATE VIEW", null, $"{create.Name.Dotted} already exists");
        bool isTable = existing is TableSource.Table or TableSource.Foreign;
        if (isTable || (existing is not null && !create.OrReplace))
            throw TarnException.AlreadyExists($"'{create.Name.Dotted}' already exists as a {(isTable ? "table" : "view")}. {(isTable ? "Choose another name." : "Write CREATE OR REPLACE VIEW.")}");
        if (existing is null && create.MustExist)
            throw await TableLookup.MissingAsync(context, create.Name, "View", cancellationToken).ConfigureAwait(false);
        var before = (existing as TableSource.View)?.Handle;
        var bound = await BindAsync(context, catalog, context.PlannerOf(catalog, before?.Identifier ?? name), create, cancellationToken).ConfigureAwait(false);
        var metadata = ViewMetadataBuilder.Apply(before?.Metadata, await UpdatesAsync(context, catalog, name, create, bound, before, cancellationToken).ConfigureAwait(false), context.Services.Time.GetUtcNow());
        await catalog.CommitViewAsync(name, before, metadata, cancellationToken).ConfigureAwait(false);
        context.Lineage?.WroteView(catalog, name);
        return RowsResult.Done("CREATE VIEW");
    }

    public static async Task<StatementResult> DropAsync(StatementContext context, DropViewStatement drop, CancellationToken cancellationToken)
    {
        var source = await TableLookup.FindAsync(context, drop.Name, cancellationToken).ConfigureAwait(false);
        if (source is not TableSource.View view)
            return source is null && drop.IfExists ? RowsResult.Done("DROP VIEW", null, $"{drop.Name.Dotted} does not exist") : throw await TableLookup.OtherAsync(context, source, drop.Name, "View", "DROP", cancellationToken).ConfigureAwait(false);
        await view.Catalog.DropViewAsync(view.Handle.Identifier, cancellationToken).ConfigureAwait(false);
        return RowsResult.Done("DROP VIEW");
    }

    public static async Task<StatementResult> RenameAsync(StatementContext context, RenameViewStatement rename, CancellationToken cancellationToken)
    {
        var source = await TableLookup.FindAsync(context, rename.Name, cancellationToken).ConfigureAwait(false);
        if (source is not TableSource.View view)
            return source is null && rename.IfExists ? RowsResult.Done("ALTER VIEW", null, $"{rename.Name.Dotted} does not exist") : throw await TableLookup.OtherAsync(context, source, rename.Name, "View", "ALTER", cancellationToken).ConfigureAwait(false);
        var scope = context.Scope with { Catalog = view.Catalog, Namespace = view.Handle.Identifier.Namespace };
        var (catalog, target) = await context.Services.Names.ForCreateAsync(rename.NewName.Texts, scope, cancellationToken).ConfigureAwait(false);
        if (catalog != view.Catalog)
            throw TarnException.Invalid($"A view cannot move from catalog '{view.Catalog.Name}' to '{catalog.Name}' by renaming it. Use CREATE VIEW.");
        await catalog.RenameViewAsync(view.Handle.Identifier, target, cancellationToken).ConfigureAwait(false);
        return RowsResult.Done("ALTER VIEW");
    }

    public static async Task<StatementResult> AlterAsync(StatementContext context, AlterViewPropertiesStatement alter, CancellationToken cancellationToken)
    {
        var source = await TableLookup.FindAsync(context, alter.Name, cancellationToken).ConfigureAwait(false);
        if (source is not TableSource.View view)
            return source is null && alter.IfExists ? RowsResult.Done("ALTER VIEW", null, $"{alter.Name.Dotted} does not exist") : throw await TableLookup.OtherAsync(context, source, alter.Name, "View", "ALTER", cancellationToken).ConfigureAwait(false);
        await ChangeAsync(context, view, [
            new ViewUpdate.SetProperties(alter.Set.ToDictionary(p => p.Name, p => p.Value.ToPropertyText() ?? "")),
            new ViewUpdate.RemoveProperties(alter.Removed),
        ], cancellationToken).ConfigureAwait(false);
        return RowsResult.Done("ALTER VIEW");
    }

    /// <summary>Changes a view from the state in which it was found.</summary>
    /// <exception cref="CommitConflictException">Somebody else changed it meanwhile.</exception>
    public static async ValueTask ChangeAsync(StatementContext context, TableSource.View view, IReadOnlyList<ViewUpdate> updates, CancellationToken cancellationToken) =>
        await view.Catalog.CommitViewAsync(view.Handle.Identifier, view.Handle, ViewMetadataBuilder.Apply(view.Handle.Metadata, updates, context.Services.Time.GetUtcNow()), cancellationToken).ConfigureAwait(false);

    private static async ValueTask<BoundView> BindAsync(StatementContext context, ICatalog catalog, QueryPlanner planner, CreateViewStatement create, CancellationToken cancellationToken)
    {
        using var planned = await planner.PlanAsync(create.Query, context.Scope, [], cancellationToken, run: false).ConfigureAwait(false);
        var columns = RowWriter.Columns(context, planned.Bound, create.Query);
        if (create.Columns.Count > 0 && create.Columns.Count != columns.Count)
            throw TarnException.Invalid(string.Create(CultureInfo.InvariantCulture, $"The query has {columns.Count} columns, but {create.Columns.Count} names are given."));
        CreateTable.RefuseDuplicates([.. columns.Select((c, i) => create.Columns.Count > 0 ? create.Columns[i].Name : c.Name)]);
        int last = columns.Count;
        int Next() => ++last;
        var schema = new Schema(0, [.. columns.Select((c, i) =>
        {
            string name = create.Columns.Count > 0 ? create.Columns[i].Name : c.Name;
            return new NestedField(i + 1, name, false, IcebergTypes.Of(c.Type, name, Next), create.Columns.Count > 0 ? create.Columns[i].Comment : null);
        })]);
        var summary = ImmutableSortedDictionary<string, string>.Empty.Add("engine-name", "tarn");
        return new(schema, create.Columns.Count > 0 ? ViewDefinition.Renaming(summary, columns.Select(c => c.Name)) : summary, ViewDefaults.Of(catalog, context.Scope, planned.Bound.IsScoped));
    }

    private static async ValueTask<IReadOnlyList<ViewUpdate>> UpdatesAsync(StatementContext context, ICatalog catalog, TableIdentifier name, CreateViewStatement create, BoundView bound, ViewHandle? before, CancellationToken cancellationToken)
    {
        var updates = new List<ViewUpdate>();
        if (before is null)
        {
            updates.Add(new ViewUpdate.AssignUuid(Guid.NewGuid()));
            updates.Add(new ViewUpdate.SetLocation(await catalog.NewTableLocationAsync(name, cancellationToken).ConfigureAwait(false)));
        }

        var properties = create.Properties.ToDictionary(p => p.Name, p => p.Value.ToPropertyText() ?? "");
        if (create.Comment is { } comment)
            properties[GovernanceProperties.Comment] = comment;
        if (properties.Count > 0)
            updates.Add(new ViewUpdate.SetProperties(properties));
        updates.Add(new ViewUpdate.AddSchema(bound.Schema));
        updates.Add(new ViewUpdate.AddViewVersion(new ViewVersion
        {
            VersionId = 1,
            SchemaId = ViewUpdate.LastAdded,
            TimestampMs = context.Services.Time.GetUtcNow().ToUnixTimeMilliseconds(),
            Summary = bound.Summary,
            Representations = [new ViewRepresentation("sql", create.Query.Original.Text, ViewDefinition.Dialect)],
            DefaultCatalog = bound.Defaults.Catalog,
            DefaultNamespace = bound.Defaults.Levels,
        }));
        updates.Add(new ViewUpdate.SetCurrentViewVersion(ViewUpdate.LastAdded));
        return updates;
    }

    private sealed record BoundView(Schema Schema, ImmutableSortedDictionary<string, string> Summary, ViewDefaults Defaults);
}
