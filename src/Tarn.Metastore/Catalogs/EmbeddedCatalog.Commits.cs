using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Transactions;
using Tarn.Metastore.Catalogs.Committing;
using Tarn.Metastore.Requests;

namespace Tarn.Metastore.Catalogs;

/// <content>
/// The way of a commit: it waits for its turn at its table, is applied to the newest state together with those that wait with it, metadata files
/// are written, and one record of the log moves all pointers.
/// </content>
public sealed partial class EmbeddedCatalog
{
    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<TableHandle>> CommitAsync(IReadOnlyList<TableCommit> commits, CancellationToken cancellationToken = default)
    {
        RequireDistinct(commits);
        if (commits.Count == 0)
            return [];
        if (commits.Count == 1 && options.Creates is null)
            return [await Ground.Queues.CommitAsync(new QueuedCommit(new TableKey(At, commits[0].Table), commits[0], options.Principal, options.Request, WriteGroupAsync, cancellationToken)).ConfigureAwait(false)];
        using var turns = await Ground.Queues.TakeTurnsAsync(commits.Select(c => new TableKey(At, c.Table)), cancellationToken).ConfigureAwait(false);
        return await CommitTogetherAsync(commits, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Commits of one table, each of which may fail alone: one metadata file and one record for all that hold.</summary>
    private async ValueTask WriteGroupAsync(IReadOnlyList<QueuedCommit> group, CancellationToken cancellationToken)
    {
        var failed = new Dictionary<QueuedCommit, Exception>();
        var tables = await RaceAsync(async state =>
        {
            failed.Clear();
            var requests = new List<IdempotentRequest>();
            var catalog = state.RequireCatalog(At);
            var draft = await DraftAsync(catalog, group[0].Commit.Table, cancellationToken).ConfigureAwait(false);
            foreach (var queued in group)
            {
                try
                {
                    RequireRoomForNew(state, requests, queued.Request);
                    if (!await draft.HasAsync(queued.Commit, cancellationToken).ConfigureAwait(false))
                        await ApplyAsync(state, catalog, draft, queued.Commit, cancellationToken).ConfigureAwait(false);
                    requests.AddRange(Of(queued.Request));
                }
                catch (Exception error) when (error is not OperationCanceledException)
                {
                    failed[queued] = error;
                }
            }

            return new([draft], requests) { State = state };
        }, cancellationToken).ConfigureAwait(false);
        foreach (var queued in group)
        {
            if (failed.TryGetValue(queued, out var error))
                queued.Fail(error);
            else
                queued.Complete(tables[0].Result);
        }
    }

    /// <summary>Commits of several tables: all or none.</summary>
    private async ValueTask<IReadOnlyList<TableHandle>> CommitTogetherAsync(IReadOnlyList<TableCommit> commits, CancellationToken cancellationToken)
    {
        var tables = await RaceAsync(async state =>
        {
            RequireRoomForNew(state, [], options.Request);
            var catalog = state.RequireCatalog(At);
            var created = options.Creates is { } name && catalog.FindNamespace(name) is null && commits.Any(c => c.Table.Namespace == name) ? new CatalogChange.PutNamespace(name, WithOwner(ImmutableSortedDictionary<string, string>.Empty)) : null;
            if (created is not null)
            {
                await PlacementIn(state).RequireGroundAsync(created.Namespace, created.Properties, cancellationToken).ConfigureAwait(false);
                catalog = catalog.Apply(created, state.Number);
            }

            var drafts = new List<TableDraft>(commits.Count);
            bool isRepeated = true;
            foreach (var commit in commits)
            {
                drafts.Add(await DraftAsync(catalog, commit.Table, cancellationToken).ConfigureAwait(false));
                isRepeated = isRepeated && await drafts[^1].HasAsync(commit, cancellationToken).ConfigureAwait(false);
            }

            for (int i = 0; i < commits.Count && !isRepeated; i++)
                await ApplyAsync(state, catalog, drafts[i], commits[i], cancellationToken).ConfigureAwait(false);
            RequireApart(drafts);
            return new(drafts, Of(options.Request)) { Created = created, State = state };
        }, cancellationToken).ConfigureAwait(false);
        return [.. tables.Select(t => t.Result)];
    }

    // Who has no room is refused alone, before the others of its group are written; that it is decided once more with the record is for those who come between.
    private void RequireRoomForNew(LogState state, IReadOnlyList<IdempotentRequest> before, IdempotentRequest? request)
    {
        if (request is null)
            return;
        var now = state.TimeAt(Ground.Time.GetUtcNow());
        var applied = state.WithoutEndedRequests(now).Applied;
        applied.RequireNew(request, now);
        applied.RequireRoom([.. before.Select(r => r.Key), request.Key], options.MaxRequests);
    }

    private static IReadOnlyList<IdempotentRequest> Of(IdempotentRequest? request) => request is null ? [] : [request];

    /// <summary>Prepares on the newest state and commits, again and again while another process is faster.</summary>
    private async ValueTask<IReadOnlyList<TableDraft>> RaceAsync(Func<LogState, ValueTask<PreparedCommit>> prepare, CancellationToken cancellationToken)
    {
        for (var backoff = Ground.NewBackoff(); ;)
        {
            // 1. The commits are checked and applied to the newest state; an error here is the caller's to handle.
            var prepared = await prepare(await log.ReadAsync(cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
            var drafts = prepared.Drafts;
            if (!drafts.Any(d => d.IsChanged) && prepared.Requests.Count == 0)
                return drafts;
            try
            {
                // 2. The files are written, 3. all pointers are moved at once if none has moved since 1.
                await WriteAsync(prepared, cancellationToken).ConfigureAwait(false);
            }
            catch (TarnException lost) when (lost is CommitConflictException or PlacesChangedException or RepeatedRequestException or RequestsFullException)
            {
                await backoff.WaitAsync(lost, cancellationToken).ConfigureAwait(false);
                continue;
            }

            await TidyAsync(drafts).ConfigureAwait(false);
            return drafts;
        }
    }

    private async ValueTask WriteAsync(PreparedCommit prepared, CancellationToken cancellationToken)
    {
        var drafts = prepared.Drafts;
        var written = new List<string>();
        try
        {
            foreach (var draft in drafts.Where(d => d.IsChanged))
                await draft.WriteAsync(written, cancellationToken).ConfigureAwait(false);
            await AppendAsync(prepared, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (UnusedFiles.AreLeftBy(error))
        {
            await UnusedFiles.RemoveAsync(store, written).ConfigureAwait(false);
            throw;
        }
    }

    private async ValueTask AppendAsync(PreparedCommit prepared, CancellationToken cancellationToken)
    {
        var drafts = prepared.Drafts;
        CatalogChange.PutNamespace[] created = prepared.Created is { } name ? [name] : [];
        try
        {
            await AppendAsync(
                [
                    .. created.Select(c => new CommitCondition.NamespaceIs(c.Namespace, null)),
                    .. drafts.Where(d => d.Table.Namespace != prepared.Created?.Namespace).Select(d => new CommitCondition.TableIs(d.Table, d.Origin?.MetadataLocation)),
                    .. created.Length > 0 || drafts.Any(d => d.IsPlaced && !PlacementIn(prepared.State).IsChosenByCatalog(d.Table, TableFolders.Of(d.Metadata!))) ? [PlacesAre(prepared.State)] : Array.Empty<CommitCondition>(),
                ],
                [.. created, .. drafts.Where(d => d.IsChanged).Select(d => d.ToChange())],
                [.. prepared.Requests.Select(r => new CatalogChange.RememberRequest(r, drafts.Count == 1 ? [drafts[0].Result.MetadataLocation] : []))],
                cancellationToken).ConfigureAwait(false);
        }
        catch (TarnException lost) when (options.Creates is not null && lost.Kind is ErrorKind.AlreadyExists or ErrorKind.NotFound)
        {
            // The namespace came or went meanwhile.
            throw new CommitConflictException(lost.Message);
        }
    }

    // The commit stands: an error from here on must not be told as its failure.
    private async ValueTask TidyAsync(IReadOnlyList<TableDraft> drafts)
    {
        try
        {
            foreach (var draft in drafts.Where(d => d.IsChanged))
                await TidyAsync(draft).ConfigureAwait(false);
        }
        catch (TarnException)
        {
            return; // what is left over stays as garbage that nothing refers to
        }
    }

    private async ValueTask TidyAsync(TableDraft draft)
    {
        if (draft.Origin is { } before)
            Ground.Metadata.Forget(before.MetadataLocation);
        var forgotten = UnusedFiles.ForgottenBy(draft.Origin?.Metadata, draft.Metadata!, draft.FormerFolders);
        if (forgotten.Count == 0 && draft.Superseded.Count == 0)
            return;
        var state = await log.ReadAsync(CancellationToken.None).ConfigureAwait(false);
        await UnusedFiles.RemoveAsync(store, state.WithoutPointers(await OwnAsync(state, draft, forgotten).ConfigureAwait(false), Ground.PlaceOf)).ConfigureAwait(false);
        if (draft.Superseded.Count > 0 && await IsAloneAsync(state, draft).ConfigureAwait(false))
            await UnusedFiles.RemoveAsync(store, draft.Superseded).ConfigureAwait(false);
    }

    // What a branch's table remembers from before, or by a file that was registered there, may be states that somebody else goes back to.
    private async ValueTask<IEnumerable<string>> OwnAsync(LogState state, TableDraft draft, IReadOnlyList<string> forgotten)
    {
        if (forgotten.Count == 0 || state.FindBranch(At) is not { Origin: { } origin } branch)
            return forgotten;
        if (branch.Catalog.FindTable(draft.Table) is not { } entry || entry.Uuid != draft.Metadata!.TableUuid)
            return [];
        var kept = new HashSet<string>(StringComparer.Ordinal);
        foreach (string common in origin.FindCommon(CatalogPointer.Of(draft.Table, entry)))
        {
            var (metadata, _) = await Ground.Metadata.ReadTableAsync(common, CancellationToken.None).ConfigureAwait(false);
            kept.UnionWith(metadata.MetadataLog.Select(e => e.MetadataFile).Append(common).Select(Ground.PlaceOf));
        }

        return forgotten.Where(f => !kept.Contains(Ground.PlaceOf(f)));
    }

    // On another branch or under another name the client's own snapshot may stand as it was, and where others share the folder it may be theirs: then it stays.
    private async ValueTask<bool> IsAloneAsync(LogState state, TableDraft draft)
    {
        if (state.Catalogs.SelectMany(c => c.Value.Namespaces).SelectMany(n => n.Value.Tables.Values).Count(t => t.Uuid == draft.Metadata!.TableUuid) > 1
            || state.Dropped.Values.Any(d => d.Uuid == draft.Metadata!.TableUuid))
        {
            return false;
        }

        var owners = await PlacementIn(state).FindOwnersAsync(draft.Table, [.. TableFolders.Of(draft.Metadata!), .. draft.FormerFolders], draft.Superseded, CancellationToken.None).ConfigureAwait(false);
        return owners.All(o => !o.IsDropped && o.At == At && o.Name == draft.Table);
    }

    private async ValueTask<TableDraft> DraftAsync(CatalogState state, TableIdentifier table, CancellationToken cancellationToken) =>
        state.FindTable(table) is { } entry
            ? new(Ground, table, await LoadAsync(table, entry, cancellationToken).ConfigureAwait(false), entry.FormerFolders)
            : new(Ground, table, null, []);

    private async ValueTask ApplyAsync(LogState all, CatalogState state, TableDraft draft, TableCommit commit, CancellationToken cancellationToken)
    {
        var before = draft.Metadata;
        await ApplyAnywhereAsync(all, state, draft, commit, cancellationToken).ConfigureAwait(false);
        try
        {
            await Ground.Deletes.RequirePlacedAsync(commit.Table, draft.Metadata!, commit.Updates.OfType<TableUpdate.AddSnapshot>().Select(u => u.Snapshot), cancellationToken).ConfigureAwait(false);
            var former = await new FormerFolders(Ground, PlacementIn(all)).AfterAsync(commit.Table, draft.FormerFolders, before, draft.Metadata!, draft.Origin?.MetadataLocation, cancellationToken).ConfigureAwait(false);
            if (draft.IsPlaced)
                await RequireApartAsync(all, commit.Table, draft.Metadata!, cancellationToken).ConfigureAwait(false);
            draft.FormerFolders = former;
        }
        catch (TarnException)
        {
            draft.Restore(before);
            throw;
        }
    }

    private async ValueTask ApplyAnywhereAsync(LogState all, CatalogState state, TableDraft draft, TableCommit commit, CancellationToken cancellationToken)
    {
        if (!draft.IsMeantBy(commit) && await Ground.Elsewhere.FindAsync(all, commit, cancellationToken).ConfigureAwait(false) is { } applied)
            throw applied;
        if (!commit.Requirements.OfType<TableRequirement.AssertCreate>().Any())
        {
            await draft.ApplyAsync(commit, cancellationToken).ConfigureAwait(false);
            return;
        }

        CatalogNames.RequireNew(commit.Table);
        state.RequireFree(commit.Table);
        IReadOnlyList<TableUpdate> updates = commit.Updates.OfType<TableUpdate.SetLocation>().Any()
            ? commit.Updates
            : [new TableUpdate.SetLocation(await NewTableLocationAsync(commit.Table, cancellationToken).ConfigureAwait(false)), .. commit.Updates];
        var warehouse = (await log.ReadAsync(cancellationToken).ConfigureAwait(false)).RequireWarehouse(At.Warehouse);
        draft.Create(commit, [.. updates, .. TableDefaults.UpdatesFor(warehouse, state, commit.Table.Namespace, commit.Updates, options.Principal)]);
    }

    internal async ValueTask<TarnException> MissingAsync(TableCommit commit, CancellationToken cancellationToken)
    {
        var state = await log.ReadAsync(cancellationToken).ConfigureAwait(false);
        return await Ground.Elsewhere.FindAsync(state, commit, cancellationToken).ConfigureAwait(false) ?? TableDraft.Missing(commit.Table);
    }

    private static void RequireDistinct(IReadOnlyList<TableCommit> commits)
    {
        if (commits.GroupBy(c => c.Table).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw TarnException.Invalid($"Table '{twice.Key}' occurs {twice.Count()} times in one commit; put its updates together.");
    }

    /// <summary>Commits that were applied to a state, with the requests that they came with.</summary>
    private sealed record PreparedCommit(IReadOnlyList<TableDraft> Drafts, IReadOnlyList<IdempotentRequest> Requests)
    {
        /// <summary>The state that they were applied to.</summary>
        public required LogState State { get; init; }

        /// <summary>The namespace that is created with them.</summary>
        public CatalogChange.PutNamespace? Created { get; init; }
    }
}
