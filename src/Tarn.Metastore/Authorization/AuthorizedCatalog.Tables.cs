using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Transactions;

namespace Tarn.Metastore.Authorization;

/// <content>Tables.</content>
public sealed partial class AuthorizedCatalog
{
    /// <inheritdoc/>
    public ValueTask<Page<TableIdentifier>> ListTablesAsync(Namespace @namespace, PageRequest page = default, CancellationToken cancellationToken = default) =>
        ListAsync(CatalogActions.ListTables, @namespace, page, all => inner.ListTablesAsync(@namespace, all, cancellationToken), CatalogActions.GetTable, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<TableHandle?> LoadTableAsync(TableIdentifier table, CancellationToken cancellationToken = default)
    {
        await RequireAsync(CatalogActions.GetTable, table, cancellationToken).ConfigureAwait(false);
        return await inner.LoadTableAsync(table, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<string> NewTableLocationAsync(TableIdentifier table, CancellationToken cancellationToken = default)
    {
        await RequireAsync(CatalogActions.CreateTable, table, cancellationToken).ConfigureAwait(false);
        return await inner.NewTableLocationAsync(table, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyDictionary<string, string>> NewTablePropertiesAsync(TableIdentifier table, IReadOnlyDictionary<string, string> named, CancellationToken cancellationToken = default)
    {
        await RequireAsync(CatalogActions.CreateTable, table, cancellationToken).ConfigureAwait(false);
        return await inner.NewTablePropertiesAsync(table, named, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<TableHandle>> CommitAsync(IReadOnlyList<TableCommit> commits, CancellationToken cancellationToken = default)
    {
        await RequireCommitsAsync(commits, cancellationToken).ConfigureAwait(false);
        var placed = new List<TableCommit>(commits.Count);
        foreach (var commit in commits)
            placed.Add(await RepeatedAsync(commit, cancellationToken).ConfigureAwait(false) ?? await PlacedAsync(commit, IsCreation(commit), cancellationToken).ConfigureAwait(false));
        var tables = await inner.CommitAsync(placed, cancellationToken).ConfigureAwait(false);
        Record(commits);
        return tables;
    }

    /// <inheritdoc/>
    public async ValueTask RenameTableAsync(TableIdentifier from, TableIdentifier to, CancellationToken cancellationToken = default)
    {
        await RequireRenameAsync(CatalogActions.RenameTable, s_onTables, from, to, cancellationToken).ConfigureAwait(false);
        await inner.RenameTableAsync(from, to, cancellationToken).ConfigureAwait(false);
    }

    // What is sent again, by somebody a right of whom is gone since, was made as a whole: a refusal would make its client delete the files of all that stands.
    private async ValueTask RequireCommitsAsync(IReadOnlyList<TableCommit> commits, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var commit in commits)
                await RequireAsync(IsCreation(commit) ? CatalogActions.CreateTable : CatalogActions.CommitTable, commit.Table, cancellationToken).ConfigureAwait(false);
            // Asked when it began, too; the right may be gone since.
            if (Creates is { } created && commits.Any(c => c.Table.Namespace == created))
                await RequireAsync(CatalogActions.CreateNamespace, created, cancellationToken).ConfigureAwait(false);
        }
        catch (TarnException refusal) when (places is not null && refusal.Kind == ErrorKind.PermissionDenied)
        {
            foreach (var commit in commits)
            {
                if (await places.MissingAsync(commit, cancellationToken).ConfigureAwait(false) is CommitStateUnknownException made)
                    throw made;
            }

            throw;
        }
    }

    // What was created before and is sent again finds its own table in its place. Bound to that table it cannot create another one there.
    private async ValueTask<TableCommit?> RepeatedAsync(TableCommit commit, CancellationToken cancellationToken) =>
        places is not null && IsCreation(commit) && (await places.ReadAsync(cancellationToken).ConfigureAwait(false)).FindCreated(commit) is { } uuid
            ? commit with { Requirements = [.. commit.Requirements, new TableRequirement.AssertTableUuid(uuid)] }
            : null;

    private static bool IsCreation(TableCommit commit) => commit.Requirements.OfType<TableRequirement.AssertCreate>().Any();
}
