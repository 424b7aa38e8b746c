using Tarn.Core.Errors;
using Tarn.Engine.Planning;
using Tarn.Engine.Sql;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;

namespace Tarn.Engine.Naming;

/// <summary>
/// Finds tables, views and schemas by the names that SQL gives: exactly first, then ignoring case; an ambiguous name is an error.
/// A schema of several levels is written <c>"a.b"</c> or <c>a.b</c>; where a level has a dot itself, <c>"a.b"</c> is that one, whatever stands before or behind it.
/// </summary>
internal sealed class NameResolver(ICatalogs catalogs)
{
    /// <summary>The schema that every catalog reserves for itself.</summary>
    public const string SystemSchema = "system";

    private const char BranchSeparator = '@';

    /// <summary>All catalogs.</summary>
    public ICatalogs Catalogs => catalogs;

    /// <summary>The catalog of this name, exactly or else ignoring case, or null.</summary>
    public async ValueTask<ICatalog?> FindCatalogAsync(string name, CancellationToken cancellationToken)
    {
        if (catalogs.Default.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            return catalogs.Default;
        if (await catalogs.FindAsync(name, cancellationToken).ConfigureAwait(false) is { } exact)
            return exact;
        var all = await catalogs.ListAsync(cancellationToken).ConfigureAwait(false);
        return all.FirstOrDefault(c => c.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } alike ? await catalogs.FindAsync(alike, cancellationToken).ConfigureAwait(false) : null;
    }

    /// <summary>Where names in a view are looked up that name no catalog.</summary>
    /// <param name="own">The catalog that the view is in.</param>
    /// <param name="default">The catalog that the view names, if it names one. On a branch, the view's own catalog is meant by its name without the branch.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async ValueTask<ICatalog> CatalogOfViewAsync(ICatalog own, string? @default, CancellationToken cancellationToken) =>
        @default is null || WithoutBranch(own.Name).Equals(WithoutBranch(@default), StringComparison.OrdinalIgnoreCase)
            ? own
            : await FindCatalogAsync(@default, cancellationToken).ConfigureAwait(false) ?? own;

    /// <summary>What the name stands for, or null when no catalog knows it (it may be a file or a temporary table of the engine).</summary>
    /// <exception cref="TarnException">InvalidRequest when several tables differ in case only.</exception>
    public async ValueTask<TableSource?> FindAsync(IReadOnlyList<string> parts, NameScope scope, CancellationToken cancellationToken)
    {
        foreach (var (catalog, identifier) in await CandidatesAsync(parts, scope, cancellationToken).ConfigureAwait(false))
        {
            if (await FindAsync(catalog, identifier, cancellationToken).ConfigureAwait(false) is { } found)
                return found;
        }

        return null;
    }

    /// <summary>The table or view identifier that a name gets when it is created: the schema must exist.</summary>
    public async ValueTask<(ICatalog Catalog, TableIdentifier Identifier)> ForCreateAsync(IReadOnlyList<string> parts, NameScope scope, CancellationToken cancellationToken)
    {
        foreach (var (catalog, identifier) in await CandidatesAsync(parts, scope, cancellationToken).ConfigureAwait(false))
        {
            if (await ExistingNamespaceAsync(catalog, identifier.Namespace, cancellationToken).ConfigureAwait(false) is { } existing)
                return (catalog, new TableIdentifier(existing, identifier.Name));
        }

        string name = string.Join('.', parts);
        if (parts.Count == 1)
            throw scope.Namespace is null
                ? TarnException.Invalid($"'{name}' names no schema and none is current. Write schema.{name}, or USE a schema first.")
                : TarnException.NotFound($"Schema '{scope.Namespace}', the current one, does not exist any more. Create it again: CREATE SCHEMA {scope.Namespace}, or USE another one.");
        throw TarnException.NotFound($"Schema '{string.Join('.', parts.SkipLast(1))}' does not exist. Create it first: CREATE SCHEMA {string.Join('.', parts.SkipLast(1))}");
    }

    /// <summary>The schema that a name of one or two parts means, whether or not it exists.</summary>
    public async ValueTask<(ICatalog Catalog, Namespace Namespace)> SchemaNameAsync(IReadOnlyList<string> parts, NameScope scope, CancellationToken cancellationToken) =>
        parts.Count > 1 && await FindCatalogAsync(parts[0], cancellationToken).ConfigureAwait(false) is { } catalog
            ? (catalog, await LevelsAsync(catalog, [.. parts.Skip(1)], cancellationToken).ConfigureAwait(false))
            : (scope.Catalog, await LevelsAsync(scope.Catalog, parts, cancellationToken).ConfigureAwait(false));

    /// <summary>The existing schema of this name: exactly, then ignoring case; null when there is none.</summary>
    public static async ValueTask<Namespace?> ExistingNamespaceAsync(ICatalog catalog, Namespace name, CancellationToken cancellationToken)
    {
        if (await catalog.LoadNamespaceAsync(name, cancellationToken).ConfigureAwait(false) is not null)
            return name;
        var parent = Namespace.Root;
        foreach (string level in name.Levels)
        {
            var children = await catalog.ListNamespacesAsync(parent, default, cancellationToken).ConfigureAwait(false);
            var match = Choose(children.Items, n => n.Levels[^1], level, "schema");
            if (match is null)
                return null;
            parent = match;
        }

        return parent;
    }

    /// <summary>The schema of this name as it is written in the catalog.</summary>
    /// <exception cref="TarnException">NotFound: there is none.</exception>
    public static async ValueTask<Namespace> RequireNamespaceAsync(ICatalog catalog, Namespace name, CancellationToken cancellationToken) =>
        await ExistingNamespaceAsync(catalog, name, cancellationToken).ConfigureAwait(false)
            ?? throw MissingSchema(catalog, name);

    /// <summary>The error for a schema that a catalog has not.</summary>
    public static TarnException MissingSchema(ICatalog catalog, Namespace name) =>
        TarnException.NotFound($"Schema '{name}' does not exist in catalog '{catalog.Name}'. {ListsSchemas(catalog)}");

    /// <summary>Where a user sees which schemas a catalog has.</summary>
    public static string ListsSchemas(ICatalog catalog) => $"SHOW SCHEMAS FROM {SqlPrinter.Identifier(catalog.Name)} lists those that do.";

    private static async ValueTask<TableSource?> FindAsync(ICatalog catalog, TableIdentifier identifier, CancellationToken cancellationToken)
    {
        if (IsSystem(identifier.Namespace))
            return FindSystemTable(catalog, identifier);
        if (await LoadAsync(catalog, identifier, null, cancellationToken).ConfigureAwait(false) is { } exact)
            return exact;
        int dollar = identifier.Name.LastIndexOf('$');
        if (dollar > 0)
        {
            var table = identifier with { Name = identifier.Name[..dollar] };
            return await LoadIgnoringCaseAsync(catalog, table, identifier.Name[(dollar + 1)..], cancellationToken).ConfigureAwait(false);
        }

        return await LoadIgnoringCaseAsync(catalog, identifier, null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether this is the schema that every catalog reserves for itself.</summary>
    public static bool IsSystem(Namespace schema) => schema.Levels is [var only] && only.Equals(SystemSchema, StringComparison.OrdinalIgnoreCase);

    private static TableSource.Table? FindSystemTable(ICatalog catalog, TableIdentifier identifier)
    {
        var called = SystemCalls.Of(identifier.Name) is var (function, argument)
            ? catalog.SystemFunctions.FirstOrDefault(f => f.Name.Equals(function, StringComparison.OrdinalIgnoreCase))?.Call(argument)
            : catalog.SystemTables.FirstOrDefault(t => t.Name.Equals(identifier.Name, StringComparison.OrdinalIgnoreCase));
        if (called is not { } table)
            return null;
        var columns = TableMetadata.New(
            table.Schema, PartitionSpec.Unpartitioned, SortOrder.Unsorted, $"{SystemSchema}:{table.Name}", new Dictionary<string, string>(), 2, Guid.Empty, DateTimeOffset.UnixEpoch);
        return new TableSource.Table(new TableHandle(identifier with { Name = table.Name }, columns.Location, columns), table.Name) { System = table, Catalog = catalog };
    }

    private static async ValueTask<TableSource?> LoadIgnoringCaseAsync(ICatalog catalog, TableIdentifier identifier, string? metadataTable, CancellationToken cancellationToken)
    {
        if (await LoadAsync(catalog, identifier, metadataTable, cancellationToken).ConfigureAwait(false) is { } exact)
            return exact;
        // A file's name is no table's in other letters: nothing is listed for it, which a catalog may deny.
        if (EngineNames.IsFile(identifier.Name))
            return null;
        if (await ExistingNamespaceAsync(catalog, identifier.Namespace, cancellationToken).ConfigureAwait(false) is not { } existing)
            return null;
        var tables = await catalog.ListTablesAsync(existing, default, cancellationToken).ConfigureAwait(false);
        var views = await catalog.ListViewsAsync(existing, default, cancellationToken).ConfigureAwait(false);
        var foreign = await catalog.ListForeignTablesAsync(existing, default, cancellationToken).ConfigureAwait(false);
        var match = Choose([.. tables.Items, .. views.Items, .. foreign.Items], t => t.Name, identifier.Name, "table");
        return match is null ? null : await LoadAsync(catalog, match, metadataTable, cancellationToken).ConfigureAwait(false);
    }

    private static async ValueTask<TableSource?> LoadAsync(ICatalog catalog, TableIdentifier identifier, string? metadataTable, CancellationToken cancellationToken)
    {
        if (await catalog.LoadTableAsync(identifier, cancellationToken).ConfigureAwait(false) is { } table)
            return new TableSource.Table(table, metadataTable) { Catalog = catalog };
        if (metadataTable is null && await catalog.LoadViewAsync(identifier, cancellationToken).ConfigureAwait(false) is { } view)
            return new TableSource.View(view, catalog);
        if (await catalog.LoadForeignTableAsync(identifier, cancellationToken).ConfigureAwait(false) is not { } foreign)
            return null;
        return metadataTable is null
            ? new TableSource.Foreign(foreign, catalog)
            : throw TarnException.Unsupported($"Table '{identifier}' is not an Iceberg table and has no metadata table '{metadataTable}'.");
    }

    // Most specific first: catalog.schema.table, then schema levels without catalog, then the current schema.
    private async ValueTask<IReadOnlyList<(ICatalog Catalog, TableIdentifier Identifier)>> CandidatesAsync(IReadOnlyList<string> parts, NameScope scope, CancellationToken cancellationToken)
    {
        if (parts.Count == 1)
            return scope.Namespace is { } current ? [(scope.Catalog, new TableIdentifier(current, parts[0]))] : [];
        var below = (scope.Catalog, new TableIdentifier(await LevelsAsync(scope.Catalog, [.. parts.SkipLast(1)], cancellationToken).ConfigureAwait(false), parts[^1]));
        return parts.Count > 2 && await FindCatalogAsync(parts[0], cancellationToken).ConfigureAwait(false) is { } catalog
            ? [(catalog, new TableIdentifier(await LevelsAsync(catalog, [.. parts.Skip(1).SkipLast(1)], cancellationToken).ConfigureAwait(false), parts[^1])), below]
            : [below];
    }

    /// <summary>Whether two catalogs are one warehouse, maybe on different branches.</summary>
    public static bool IsSameWarehouse(ICatalog one, ICatalog other) => WithoutBranch(one.Address) == WithoutBranch(other.Address);

    private static string WithoutBranch(string catalog) => catalog.Split(BranchSeparator)[0];

    // Part by part, because one may be a level with a dot and the next several levels.
    private static async ValueTask<Namespace> LevelsAsync(ICatalog catalog, IReadOnlyList<string> parts, CancellationToken cancellationToken)
    {
        var levels = Namespace.Root;
        foreach (string part in parts)
            levels = await BelowAsync(catalog, levels, part, cancellationToken).ConfigureAwait(false);
        return levels;
    }

    // Other clients make levels with dots: where there is one of this name, it is meant, and else the dots are between levels.
    private static async ValueTask<Namespace> BelowAsync(ICatalog catalog, Namespace parent, string part, CancellationToken cancellationToken)
    {
        var level = new Namespace([.. parent.Levels, part]);
        // Which are no levels between dots.
        if (part is "." or ".." || !part.Contains('.', StringComparison.Ordinal) || await catalog.LoadNamespaceAsync(level, cancellationToken).ConfigureAwait(false) is not null)
            return level;
        var levels = new Namespace([.. parent.Levels, .. part.Split('.')]);
        return await catalog.LoadNamespaceAsync(levels, cancellationToken).ConfigureAwait(false) is not null
            ? levels
            : await ExistingNamespaceAsync(catalog, level, cancellationToken).ConfigureAwait(false) ?? levels;
    }

    private static T? Choose<T>(IReadOnlyList<T> items, Func<T, string> nameOf, string name, string kind)
        where T : class
    {
        var matches = items.Where(i => nameOf(i).Equals(name, StringComparison.OrdinalIgnoreCase)).ToArray();
        if (matches.Length > 1 && matches.FirstOrDefault(i => nameOf(i) == name) is { } exact)
            return exact;
        return matches.Length <= 1 ? matches.FirstOrDefault() : throw TarnException.Invalid(
            $"Name '{name}' is ambiguous: it may be {kind} {string.Join(" or ", matches.Select(m => $"'{nameOf(m)}'"))}. Write it with the exact case, in double quotes.");
    }
}
