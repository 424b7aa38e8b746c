using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions;

namespace Tarn.Metastore.Catalogs;

public sealed partial class EmbeddedCatalog
{
    private const string DeleteAfterCommit = "write.metadata.delete-after-commit.enabled";

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<TableHandle>> CommitAsync(IReadOnlyList<TableCommit> commits, CancellationToken cancellationToken = default)
    {
        RequireDistinct(commits);
        for (int tries = 1; ; tries++)
        {
            // 1. The requirements are checked and the updates applied to the newest state; a failure here is the caller's to handle.
            var state = await ReadAsync(cancellationToken).ConfigureAwait(false);
            var prepared = new List<Prepared>(commits.Count);
            foreach (var commit in commits)
                prepared.Add(await PrepareAsync(state, commit, cancellationToken).ConfigureAwait(false));
            if (!prepared.Exists(p => p.IsChanged))
                return [.. prepared.Select(p => p.ToHandle())];
            // 2. The metadata files are written, 3. all pointers are moved at once if none has moved since 1.
            if (await TryMoveAsync(prepared, isLastTry: tries == MaxAttempts, cancellationToken).ConfigureAwait(false) is { } tables)
                return tables;
        }
    }

    /// <returns>The tables; null when somebody else moved a pointer first.</returns>
    private async ValueTask<IReadOnlyList<TableHandle>?> TryMoveAsync(List<Prepared> prepared, bool isLastTry, CancellationToken cancellationToken)
    {
        var written = new List<string>();
        try
        {
            foreach (var table in prepared.Where(p => p.IsChanged))
            {
                table.NewLocation = await Metadata.WriteTableAsync(table.Metadata, table.BaseLocation, cancellationToken).ConfigureAwait(false);
                written.Add(table.NewLocation);
            }

            await AppendAsync(
                [.. prepared.Select(p => new CommitCondition.TableIs(p.Table, p.BaseLocation))],
                [.. prepared.Where(p => p.IsChanged).Select(p => new CatalogChange.PutTable(p.Table, p.Metadata.TableUuid, p.NewLocation!))],
                cancellationToken).ConfigureAwait(false);
        }
        catch (CommitStateUnknownException)
        {
            throw; // the commit may stand, and then it needs these files
        }
        catch (Exception error) when (error is TarnException or OperationCanceledException)
        {
            // Certainly not committed: nothing refers to what this try wrote.
            await RemoveAsync(written).ConfigureAwait(false);
            if (error is CommitConflictException && !isLastTry)
                return null;
            throw;
        }

        string[] forgotten = [.. prepared.Where(p => p.IsChanged && p.Metadata.Properties.GetValueOrDefault(DeleteAfterCommit) == "true").SelectMany(p => p.ForgottenMetadata)];
        if (forgotten.Length > 0)
            await RemoveAsync((await log.ReadAsync(CancellationToken.None).ConfigureAwait(false)).WithoutPointers(forgotten)).ConfigureAwait(false);
        return [.. prepared.Select(p => p.ToHandle())];
    }

    private async ValueTask<Prepared> PrepareAsync(CatalogState state, TableCommit commit, CancellationToken cancellationToken)
    {
        if (commit.Requirements.OfType<TableRequirement.AssertCreate>().Any())
            return await PrepareCreationAsync(state, commit, cancellationToken).ConfigureAwait(false);
        var entry = state.FindTable(commit.Table)
            ?? throw TarnException.NotFound($"Table '{commit.Table}' does not exist; check its spelling (names are case-sensitive).");
        var table = await LoadAsync(commit.Table, entry, cancellationToken).ConfigureAwait(false);
        foreach (var requirement in commit.Requirements)
            requirement.Validate(table.Metadata);
        var next = TableMetadataBuilder.Apply(table.Metadata, commit.Updates, _time.GetUtcNow(), table.MetadataLocation);
        return new Prepared(commit.Table, table.Metadata, table.MetadataLocation, next);
    }

    private async ValueTask<Prepared> PrepareCreationAsync(CatalogState state, TableCommit commit, CancellationToken cancellationToken)
    {
        CatalogNames.Require(commit.Table);
        state.RequireFree(commit.Table);
        foreach (var requirement in commit.Requirements)
            requirement.Validate(null);
        IReadOnlyList<TableUpdate> updates = commit.Updates.OfType<TableUpdate.SetLocation>().Any()
            ? commit.Updates
            : [new TableUpdate.SetLocation(await NewTableLocationAsync(commit.Table, cancellationToken).ConfigureAwait(false)), .. commit.Updates];
        return new Prepared(commit.Table, null, null, TableMetadataBuilder.Apply(null, updates, _time.GetUtcNow()));
    }

    // What cannot be removed stays as garbage that nothing refers to; the outcome of the commit does not depend on it.
    private async ValueTask RemoveAsync(IEnumerable<string> locations)
    {
        foreach (string location in locations)
        {
            try
            {
                await store.DeleteAsync(location, CancellationToken.None).ConfigureAwait(false);
            }
            catch (TarnException)
            {
                continue;
            }
        }
    }

    private static void RequireDistinct(IReadOnlyList<TableCommit> commits)
    {
        if (commits.GroupBy(c => c.Table).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw TarnException.Invalid($"Table '{twice.Key}' occurs {twice.Count()} times in one commit; put its updates together.");
    }

    private sealed record Prepared(TableIdentifier Table, TableMetadata? Base, string? BaseLocation, TableMetadata Metadata)
    {
        public string? NewLocation { get; set; }

        public bool IsChanged => !ReferenceEquals(Base, Metadata);

        public IEnumerable<string> ForgottenMetadata => (Base?.MetadataLog ?? []).Select(e => e.MetadataFile).Except(Metadata.MetadataLog.Select(e => e.MetadataFile));

        public TableHandle ToHandle() => new(Table, NewLocation ?? BaseLocation!, Metadata);
    }
}
