using Tarn.Core.Errors;
using Tarn.Engine.Naming;
using Tarn.Engine.Sessions;
using Tarn.Engine.Sql;
using Tarn.Engine.Sql.Statements;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Engine.Execution;

/// <summary>SHOW CATALOGS, SCHEMAS, TABLES and VIEWS.</summary>
internal static class ShowNames
{
    public static async Task<StatementResult> CatalogsAsync(StatementContext context, ShowCatalogsStatement show, CancellationToken cancellationToken) =>
        Names("Catalog", await context.Services.Names.Catalogs.ListAsync(cancellationToken).ConfigureAwait(false), show.Like);

    public static async Task<StatementResult> SchemasAsync(StatementContext context, ShowSchemasStatement show, CancellationToken cancellationToken)
    {
        var catalog = show.Catalog is null ? context.Scope.Catalog
            : await context.Services.Names.FindCatalogAsync(show.Catalog.Dotted, cancellationToken).ConfigureAwait(false) ?? throw TarnException.NotFound($"Catalog '{show.Catalog.Dotted}' does not exist. SHOW CATALOGS lists those that do.");
        var schemas = new List<string> { NameResolver.SystemSchema };
        await AddNamespacesAsync(catalog, Namespace.Root, schemas, cancellationToken).ConfigureAwait(false);
        return Names("Schema", schemas, show.Like);
    }

    public static async Task<StatementResult> TablesAsync(StatementContext context, ShowTablesStatement show, CancellationToken cancellationToken)
    {
        var (catalog, schema) = await SchemaAsync(context, show.Schema, cancellationToken).ConfigureAwait(false);
        if (NameResolver.IsSystem(schema))
            return Names("Table", catalog.SystemTables.Select(t => t.Name), show.Like);
        var tables = await catalog.ListTablesAsync(schema, default, cancellationToken).ConfigureAwait(false);
        var views = await catalog.ListViewsAsync(schema, default, cancellationToken).ConfigureAwait(false);
        var foreign = await catalog.ListForeignTablesAsync(schema, default, cancellationToken).ConfigureAwait(false);
        return Names("Table", tables.Items.Concat(views.Items).Concat(foreign.Items).Select(t => t.Name), show.Like);
    }

    public static async Task<StatementResult> ViewsAsync(StatementContext context, ShowViewsStatement show, CancellationToken cancellationToken)
    {
        var (catalog, schema) = await SchemaAsync(context, show.Schema, cancellationToken).ConfigureAwait(false);
        if (NameResolver.IsSystem(schema))
            return Names("View", [], show.Like);
        var views = await catalog.ListViewsAsync(schema, default, cancellationToken).ConfigureAwait(false);
        return Names("View", views.Items.Select(t => t.Name), show.Like);
    }

    private static async ValueTask<(ICatalog Catalog, Namespace Schema)> SchemaAsync(StatementContext context, QualifiedName? name, CancellationToken cancellationToken)
    {
        if (name is null)
            return (context.Scope.Catalog, context.Scope.Namespace ?? throw TarnException.Invalid("No schema is current. Name one (SHOW TABLES FROM schema) or USE one first."));
        var (catalog, schema) = await context.Services.Names.SchemaNameAsync(name.Texts, context.Scope, cancellationToken).ConfigureAwait(false);
        if (NameResolver.IsSystem(schema))
            return (catalog, schema);
        return (catalog, await NameResolver.RequireNamespaceAsync(catalog, schema, cancellationToken).ConfigureAwait(false));
    }

    private static async ValueTask AddNamespacesAsync(ICatalog catalog, Namespace parent, List<string> names, CancellationToken cancellationToken)
    {
        foreach (var child in (await catalog.ListNamespacesAsync(parent, default, cancellationToken).ConfigureAwait(false)).Items)
        {
            names.Add(SqlPrinter.Schema(child));
            await AddNamespacesAsync(catalog, child, names, cancellationToken).ConfigureAwait(false);
        }
    }

    private static RowsResult Names(string column, IEnumerable<string> names, string? like) =>
        RowsResult.OfText("SHOW", [column], names.Where(n => LikePattern.Matches(like, n)).Order(StringComparer.Ordinal).Select(n => new string?[] { n }));
}
