using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.Core.Tasks;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore.Branches;

/// <summary>The branches of a warehouse: made in an instant of any size, compared, merged in one commit, deleted.</summary>
/// <param name="log">The store.</param>
/// <param name="store">The store of files: a merge asks it for the metadata files that it brings.</param>
/// <param name="warehouse">The warehouse.</param>
/// <param name="principal">Who changes branches, as recorded in the log.</param>
/// <param name="undrop">How long what only a deleted branch had, and what a merge drops, can be brought back.</param>
/// <param name="time">The clock; null for the system's.</param>
/// <param name="expire">Deletes the files of what is purged without a time to bring it back; null leaves them to whoever does so at times.</param>
public sealed class CatalogBranches(ICommitLog log, IObjectStore store, string warehouse, string principal, TimeSpan undrop, TimeProvider? time = null, Func<ValueTask>? expire = null)
{
    private const int NamedConflicts = 20;
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>All branches by name, the main branch included.</summary>
    /// <exception cref="TarnException">NotFound when there is no such warehouse.</exception>
    public async ValueTask<IReadOnlyList<KeyValuePair<string, BranchEntry>>> ListAsync(CancellationToken cancellationToken = default) =>
        [.. (await log.ReadAsync(cancellationToken).ConfigureAwait(false)).RequireWarehouse(warehouse).Branches];

    /// <summary>Makes a branch of the present state of another one. Nothing is copied.</summary>
    /// <exception cref="TarnException">AlreadyExists, NotFound for the other branch, InvalidRequest for an impossible name.</exception>
    public async ValueTask CreateAsync(string name, string from = CatalogAddress.MainBranch, CancellationToken cancellationToken = default)
    {
        CatalogAddress.RequireName(name, "branch");
        await log.AppendAsync(new CommitRequest(principal, [new CommitCondition.BranchIs(At(name), null)], [new CatalogChange.CreateBranch(from)]) { At = At(name) }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Deletes a branch. Tables that only it had can be brought back for a while; then their files are deleted, as far as nothing else needs them.</summary>
    /// <exception cref="TarnException">NotFound; InvalidRequest for the main branch and for one that others came from.</exception>
    public async ValueTask DeleteAsync(string name, CancellationToken cancellationToken = default)
    {
        await log.AppendAsync(new CommitRequest(principal, [], [new CatalogChange.DeleteBranch(Retention(isPurged: true))]) { At = At(name) }, cancellationToken).ConfigureAwait(false);
        await TryExpireAsync().ConfigureAwait(false);
    }

    /// <summary>What two branches, one of which came from the other, have done since they were last equal.</summary>
    /// <exception cref="TarnException">NotFound; InvalidRequest when neither came from the other.</exception>
    public async ValueTask<BranchComparison> CompareAsync(string source, string target, CancellationToken cancellationToken = default)
    {
        var merge = Prepare(await log.ReadAsync(cancellationToken).ConfigureAwait(false), source, target);
        return new BranchComparison(merge.OfSource, merge.OfTarget, merge.Conflicts);
    }

    /// <summary>Brings the changes of a branch to another one, of which one came from the other; all in one commit, or none.</summary>
    /// <returns>What was brought; empty when there was nothing.</returns>
    /// <exception cref="CommitConflictException">Both changed the same differently: the message names what. Nothing was changed.</exception>
    /// <exception cref="TarnException">NotFound, also of a metadata file that the target would be moved to; InvalidRequest when neither came from the other, or something protected would be dropped.</exception>
    public async ValueTask<IReadOnlyList<BranchChange>> MergeAsync(string source, string target, CancellationToken cancellationToken = default)
    {
        string? refusal = null;
        var files = new MergedFiles(store, At(source), At(target));
        // A merge loses only to commits to the very tables that it brings.
        for (var backoff = new CommitBackoff(_time, Random.Shared); ;)
        {
            var state = await log.ReadAsync(cancellationToken).ConfigureAwait(false);
            var merge = Prepare(state, source, target);
            RequireNoConflicts(merge, source, target);
            // Without changes of the source both sides already know all that there is to bring.
            if (merge.OfSource.Count == 0)
                return [];
            var request = new CommitRequest(
                principal,
                [new CommitCondition.BranchIs(At(source), state.RequireBranch(At(source)).HeadNumber), .. merge.Conditions()],
                [.. merge.Changes(name => Retention(IsPurged(state, source, target, name))), new CatalogChange.MergeBranch(source)]) { At = At(target) };
            try
            {
                await files.RequireAsync(merge, cancellationToken).ConfigureAwait(false);
                await log.AppendAsync(request, cancellationToken).ConfigureAwait(false);
                if (request.Changes.Any(c => c is CatalogChange.DropTable { Retention.IsPurged: true }))
                    await TryExpireAsync().ConfigureAwait(false);
                return merge.Taken;
            }
            catch (TarnException lost) when (lost is not CommitStateUnknownException)
            {
                // What does not fit was prepared on branches that are no more, unless neither has moved, or the newer ones are refused for the same reason.
                var now = await log.ReadAsync(cancellationToken).ConfigureAwait(false);
                if (IsSame(state, now, source) && IsSame(state, now, target))
                    throw;
                if (lost is not CommitConflictException && lost.Message == refusal)
                    throw;
                refusal = lost.Message;
                await backoff.WaitAsync(lost, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    // What is done is done: whoever deletes files tells elsewhere what kept it from doing so.
    private async ValueTask TryExpireAsync()
    {
        if (undrop <= TimeSpan.Zero && expire is not null)
            await expire().ConfigureAwait(false);
    }

    // What the target itself would refuse to purge is dropped alone.
    private bool IsPurged(LogState state, string source, string target, TableIdentifier name) =>
        state.RequireCatalog(At(target)) is var catalog && catalog.FindTable(name) is { } entry && CatalogPointer.Of(name, entry) is var table
        && !catalog.HasOtherName(table) && state.HasPurged(At(source), At(target), table);

    private const string WayOut =
        "Bring one of the two to the state that is wanted, then merge again: the state that the other branch has of a table comes with DROP TABLE and CALL iceberg.system.register_table('schema', 'table', 'metadata file'), "
        + "that of a view with DROP VIEW and CALL iceberg.system.register_view('schema', 'view', 'metadata file'); iceberg.system.catalog_history names the metadata file that each branch has.";

    private static void RequireNoConflicts(BranchMerge merge, string source, string target)
    {
        if (merge.Conflicts.Count == 0)
            return;
        string more = merge.Conflicts.Count > NamedConflicts ? $"; and {merge.Conflicts.Count - NamedConflicts} more" : "";
        throw new CommitConflictException($"Branch '{source}' cannot be merged into '{target}', and nothing was changed: {string.Join("; ", merge.Conflicts.Take(NamedConflicts).Select(c => c.Description))}{more}. {WayOut}");
    }

    private bool IsSame(LogState before, LogState now, string branch) => before.RequireBranch(At(branch)).HeadNumber == now.RequireBranch(At(branch)).HeadNumber;

    private Retention? Retention(bool isPurged) => isPurged || undrop > TimeSpan.Zero ? new Retention(_time.GetUtcNow() + undrop, isPurged) : null;

    private BranchMerge Prepare(LogState state, string source, string target)
    {
        var (one, other) = (state.RequireBranch(At(source)), state.RequireBranch(At(target)));
        string younger = state.YoungerOf(warehouse, source, target)
            ?? throw TarnException.Invalid($"Neither of the branches '{source}' and '{target}' came from the other. Go by way of the branch that both came from.");
        return new BranchMerge(state.RequireBranch(At(younger)).Origin!.Base, one.Catalog, other.Catalog, source, target).Run();
    }

    private CatalogAddress At(string branch) => new(warehouse, branch);
}

/// <summary>Two branches, compared with the state that they were last equal in.</summary>
/// <param name="Source">What the one did.</param>
/// <param name="Target">What the other did.</param>
/// <param name="Conflicts">What they did not do alike.</param>
public sealed record BranchComparison(IReadOnlyList<BranchChange> Source, IReadOnlyList<BranchChange> Target, IReadOnlyList<BranchConflict> Conflicts);
