using Tarn.Core.Errors;
using Tarn.Engine.Naming;
using Tarn.Engine.Sql;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Engine.Execution;

/// <summary>Finds the table or view that a statement names.</summary>
internal static class TableLookup
{
    // What a message can name and is still read.
    private const int MaxNamed = 20;

    private const string View = "View";

    /// <summary>The table or view, or null.</summary>
    public static ValueTask<TableSource?> FindAsync(StatementContext context, QualifiedName name, CancellationToken cancellationToken) =>
        context.Services.Names.FindAsync(name.Texts, context.Scope, cancellationToken);

    /// <summary>The table and its catalog.</summary>
    /// <exception cref="TarnException">NotFound, with what is there under a similar name; InvalidRequest when it is a view.</exception>
    public static async ValueTask<(ICatalog Catalog, TableHandle Table)> TableAsync(StatementContext context, QualifiedName name, CancellationToken cancellationToken) =>
        await FindAsync(context, name, cancellationToken).ConfigureAwait(false) switch
        {
            TableSource.Table { MetadataTable: null } table => (await CatalogOfAsync(context, name, cancellationToken).ConfigureAwait(false), table.Handle),
            TableSource.Table => throw TarnException.Invalid($"'{name.Dotted}' is a metadata table, which can only be queried."),
            TableSource.View => throw TarnException.Invalid($"'{name.Dotted}' is a view, not a table."),
            TableSource.Foreign => throw ReadOnly(name),
            _ => throw await MissingAsync(context, name, "Table", cancellationToken).ConfigureAwait(false),
        };

    /// <summary>The error for a name that something of another kind has, or nothing.</summary>
    /// <param name="context">The statement's.</param>
    /// <param name="source">What has the name.</param>
    /// <param name="name">The name.</param>
    /// <param name="kind"><c>Table</c> or <c>View</c>, as the statement says.</param>
    /// <param name="words">What the statement begins with, before its kind.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async ValueTask<TarnException> OtherAsync(StatementContext context, TableSource? source, QualifiedName name, string kind, string words, CancellationToken cancellationToken) => source switch
    {
        TableSource.Table { MetadataTable: not null } => TarnException.Invalid($"'{name.Dotted}' is a metadata table, which can only be queried."),
        TableSource.View => TarnException.Invalid($"'{name.Dotted}' is a view. Write {words} VIEW."),
        not null => TarnException.Invalid($"'{name.Dotted}' is a table. Write {words} TABLE."),
        null => await MissingAsync(context, name, kind, cancellationToken).ConfigureAwait(false),
    };

    /// <summary>The error for a change of a table that is not Iceberg's.</summary>
    public static TarnException ReadOnly(QualifiedName name) =>
        TarnException.Unsupported($"'{name.Dotted}' is not an Iceberg table: Tarn only reads it. To change its rows, make an Iceberg table of them: CREATE TABLE … AS SELECT * FROM {name.Dotted}");

    /// <summary>The catalog in which a name is looked up.</summary>
    public static ValueTask<ICatalog> CatalogOfAsync(StatementContext context, QualifiedName name, CancellationToken cancellationToken) =>
        CatalogOfAsync(context.Services.Names, context.Scope, name, cancellationToken);

    /// <summary>The error for a name that nothing has.</summary>
    public static ValueTask<TarnException> MissingAsync(StatementContext context, QualifiedName name, string kind, CancellationToken cancellationToken) =>
        MissingAsync(context.Services.Names, context.Scope, name, kind, cancellationToken);

    /// <summary>The error for a name that nothing has.</summary>
    public static async ValueTask<TarnException> MissingAsync(NameResolver names, NameScope scope, QualifiedName name, string kind, CancellationToken cancellationToken)
    {
        if (name.Parts.Count == 1 && scope.Namespace is null)
            return TarnException.NotFound($"{kind} '{name.Dotted}' does not exist: no schema is current. Write schema.{name.Dotted}, or USE a schema first.");
        var schema = name.Parts.Count == 1 ? scope.Namespace! : (await names.SchemaNameAsync([.. name.Qualifier], scope, cancellationToken).ConfigureAwait(false)).Namespace;
        var catalog = await CatalogOfAsync(names, scope, name, cancellationToken).ConfigureAwait(false);
        if (NameResolver.IsSystem(schema))
            return TarnException.NotFound($"{kind} '{name.Dotted}' does not exist: catalog '{catalog.Name}' keeps no such table. Its schema '{schema}' has {string.Join(", ", catalog.SystemTables.Select(t => t.Name))}.");
        if (await NameResolver.ExistingNamespaceAsync(catalog, schema, cancellationToken).ConfigureAwait(false) is not { } existing)
        {
            // A first part that names no catalog may be one of a nested schema.
            bool mayMeanCatalog = name.Parts.Count > 2 && await names.FindCatalogAsync(name.Parts[0].Text, cancellationToken).ConfigureAwait(false) is null;
            return TarnException.NotFound(mayMeanCatalog
                ? $"{kind} '{name.Dotted}' does not exist: there is no catalog '{name.Parts[0].Text}', and no schema '{schema}' in the current one. SHOW CATALOGS and SHOW SCHEMAS list those that do."
                : $"{kind} '{name.Dotted}' does not exist: there is no schema '{schema}'. {NameResolver.ListsSchemas(catalog)}");
        }

        if (kind == View)
        {
            var views = await catalog.ListViewsAsync(existing, new PageRequest(null, MaxNamed), cancellationToken).ConfigureAwait(false);
            return TarnException.NotFound($"{kind} '{name.Dotted}' does not exist. {(views.Items.Count == 0 ? "The schema has no views." : $"The schema has the views {string.Join(", ", views.Items.Select(v => v.Name))}{(views.NextToken is null ? "" : ", …")}.")}");
        }

        var tables = await catalog.ListTablesAsync(existing, new PageRequest(null, MaxNamed), cancellationToken).ConfigureAwait(false);
        var foreign = await catalog.ListForeignTablesAsync(existing, new PageRequest(null, MaxNamed), cancellationToken).ConfigureAwait(false);
        var others = await catalog.ListViewsAsync(existing, new PageRequest(null, MaxNamed), cancellationToken).ConfigureAwait(false);
        string[] there = [.. Listed("", tables, foreign), .. Listed("the views ", others)];
        return TarnException.NotFound($"{kind} '{name.Dotted}' does not exist. {(there.Length == 0 ? "The schema is empty." : $"The schema has {string.Join("; ", there)}.")}");
    }

    private static string[] Listed(string words, params IReadOnlyList<Page<TableIdentifier>> pages)
    {
        string[] names = [.. pages.SelectMany(p => p.Items).Select(t => t.Name)];
        return names.Length == 0 ? [] : [$"{words}{string.Join(", ", names)}{(pages.All(p => p.NextToken is null) ? "" : ", …")}"];
    }

    private static async ValueTask<ICatalog> CatalogOfAsync(NameResolver names, NameScope scope, QualifiedName name, CancellationToken cancellationToken) =>
        name.Parts.Count > 2 && await names.FindCatalogAsync(name.Parts[0].Text, cancellationToken).ConfigureAwait(false) is { } catalog ? catalog : scope.Catalog;
}
