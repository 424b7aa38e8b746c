using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Governance;
using Tarn.Metastore.Catalogs.Committing;
using Tarn.Metastore.Requests;

namespace Tarn.Metastore.Catalogs;

/// <summary>
/// The catalog over a commit log: names and pointers live in the log, metadata files in the object store. A commit writes its metadata files
/// first and then moves all pointers in one record of the log. Safe for any number of threads and processes.
/// </summary>
/// <param name="log">The store of names.</param>
/// <param name="store">The store of files.</param>
/// <param name="options">Name, warehouse and principal.</param>
/// <param name="time">The clock; null for the system's.</param>
public sealed partial class EmbeddedCatalog(ICommitLog log, IObjectStore store, EmbeddedCatalogOptions options, TimeProvider? time = null) : ICatalog
{
    // Catalogs of one store share their queues and what they have read.
    internal CommitGround Ground { get; init; } = new(store, time ?? TimeProvider.System, Random.Shared);

    /// <inheritdoc/>
    public string Name => options.Name;

    /// <inheritdoc/>
    public string Address => At.ToString();

    /// <summary>The warehouse and branch that it shows and changes.</summary>
    public CatalogAddress At => options.At;

    /// <summary>The log behind the catalog, for history.</summary>
    public ICommitLog Log => log;

    /// <summary>The store of files behind the catalog.</summary>
    public IObjectStore Store => store;

    /// <summary>Where things lie now, in the whole store.</summary>
    internal async ValueTask<Placement> ReadPlacementAsync(CancellationToken cancellationToken) =>
        new(await log.ReadAsync(cancellationToken).ConfigureAwait(false), At, options.WarehouseLocation, Ground);

    /// <summary>The same warehouse on another branch.</summary>
    /// <param name="branch">The branch; that it exists is asked when the catalog is used.</param>
    public EmbeddedCatalog OnBranch(string branch)
    {
        string name = options.Name.Split(CatalogAddress.Separator)[0];
        return With(options with { At = At with { Branch = branch }, Name = branch == CatalogAddress.MainBranch ? name : $"{name}{CatalogAddress.Separator}{branch}" });
    }

    internal EmbeddedCatalog With(EmbeddedCatalogOptions other) => new(log, store, other, time) { Ground = Ground };

    /// <summary>The same catalog in the name of somebody else.</summary>
    /// <param name="principal">Who commits, as recorded in the log.</param>
    /// <param name="request">What is to be applied, when it may come again: one change of the catalog. Coming again it throws <see cref="RepeatedRequestException"/>.</param>
    public EmbeddedCatalog For(string principal, IdempotentRequest? request = null) => With(options with { Principal = principal, Request = request });

    /// <inheritdoc/>
    public async ValueTask<Page<Namespace>> ListNamespacesAsync(Namespace parent, PageRequest page = default, CancellationToken cancellationToken = default)
    {
        var state = await ReadAsync(cancellationToken).ConfigureAwait(false);
        if (!parent.IsRoot)
            state.RequireNamespace(parent);
        return Paging.Of(state.Children(parent), page, n => n.Levels[^1]);
    }

    /// <inheritdoc/>
    public async ValueTask CreateNamespaceAsync(Namespace @namespace, ImmutableSortedDictionary<string, string> properties, CancellationToken cancellationToken = default)
    {
        CatalogNames.RequireNew(@namespace);
        TableDefaults.Require(properties);
        await PlaceAsync(
            async state =>
            {
                if (state.RequireCatalog(At).FindNamespace(@namespace) is null)
                    await PlacementIn(state).RequireGroundAsync(@namespace, properties, cancellationToken).ConfigureAwait(false);
                return await AppendAsync([new CommitCondition.NamespaceIs(@namespace, null), PlacesAre(state)], [new CatalogChange.PutNamespace(@namespace, WithOwner(properties))], cancellationToken).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<ICatalog?> CreatingAsync(Namespace @namespace, CancellationToken cancellationToken = default)
    {
        CatalogNames.RequireNew(@namespace);
        var state = await log.ReadAsync(cancellationToken).ConfigureAwait(false);
        var catalog = state.RequireCatalog(At);
        if (!@namespace.Parent.IsRoot)
            catalog.RequireNamespace(@namespace.Parent);
        // Asked again when it is made; told before its first table is written.
        if (catalog.FindNamespace(@namespace) is null)
            await PlacementIn(state).RequireGroundAsync(@namespace, ImmutableSortedDictionary<string, string>.Empty, cancellationToken).ConfigureAwait(false);
        return With(options with { Creates = @namespace });
    }

    // Whoever makes something owns it, unless somebody else is named.
    private ImmutableSortedDictionary<string, string> WithOwner(ImmutableSortedDictionary<string, string> properties) =>
        properties.ContainsKey(GovernanceProperties.Owner) ? properties : properties.Add(GovernanceProperties.Owner, options.Principal);

    /// <inheritdoc/>
    public async ValueTask<ImmutableSortedDictionary<string, string>?> LoadNamespaceAsync(Namespace @namespace, CancellationToken cancellationToken = default) =>
        (await ReadAsync(cancellationToken).ConfigureAwait(false)).FindNamespace(@namespace)?.Properties;

    /// <inheritdoc/>
    public async ValueTask UpdateNamespaceAsync(Namespace @namespace, IReadOnlyDictionary<string, string> updates, IReadOnlyCollection<string> removals, CancellationToken cancellationToken = default)
    {
        if (removals.FirstOrDefault(updates.ContainsKey) is { } both)
            throw TarnException.Invalid($"Property '{both}' of namespace '{@namespace}' is to be set and removed at once; do one of the two.");
        TableDefaults.Require(updates);
        await PlaceAsync(_ => RetryAsync($"namespace '{@namespace}'", async state =>
        {
            var present = state.RequireNamespace(@namespace).Properties;
            var next = present.RemoveRange(removals).SetItems(updates);
            if (!ReferenceEquals(present, next) || options.Request is not null)
            {
                string[] removed = [.. removals.Where(present.ContainsKey)];
                var moves = present.GetValueOrDefault(NamespaceEntry.LocationProperty) == next.GetValueOrDefault(NamespaceEntry.LocationProperty) ? [] : await MoveAsync(@namespace, next, cancellationToken).ConfigureAwait(false);
                await AppendAsync([new CommitCondition.NamespaceIs(@namespace, present), .. moves], [new CatalogChange.PutNamespace(@namespace, next)], cancellationToken, removed).ConfigureAwait(false);
            }

            return true;
        }, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<IReadOnlyList<CommitCondition>> MoveAsync(Namespace name, ImmutableSortedDictionary<string, string> properties, CancellationToken cancellationToken)
    {
        var state = await log.ReadAsync(cancellationToken).ConfigureAwait(false);
        await PlacementIn(state).RequireGroundAsync(name, properties, cancellationToken).ConfigureAwait(false);
        return [PlacesAre(state)];
    }

    /// <inheritdoc/>
    public async ValueTask DropNamespaceAsync(Namespace @namespace, CancellationToken cancellationToken = default) =>
        await AppendAsync([], [new CatalogChange.DropNamespace(@namespace)], cancellationToken).ConfigureAwait(false);

    private ValueTask<CommitRecord> AppendAsync(IReadOnlyList<CommitCondition> conditions, IReadOnlyList<CatalogChange> changes, CancellationToken cancellationToken, params IReadOnlyList<string> result) =>
        AppendAsync(conditions, changes, options.Request is { } request ? [new CatalogChange.RememberRequest(request, result)] : [], cancellationToken);

    private ValueTask<CommitRecord> AppendAsync(
        IReadOnlyList<CommitCondition> conditions, IReadOnlyList<CatalogChange> changes, IReadOnlyList<CatalogChange.RememberRequest> applied, CancellationToken cancellationToken) =>
        log.AppendAsync(
            applied.Count == 0
                ? new CommitRequest(options.Principal, conditions, changes) { At = At }
                : new CommitRequest(options.Principal, [.. conditions, new CommitCondition.RoomForRequests([.. applied.Select(a => a.Request.Key)], options.MaxRequests)], [.. changes, .. applied]) { At = At },
            cancellationToken);

    private async ValueTask<CatalogState> ReadAsync(CancellationToken cancellationToken) =>
        (await log.ReadAsync(cancellationToken).ConfigureAwait(false)).RequireCatalog(At);

    /// <summary>Repeats a read-and-compare-and-swap on fresh state until nobody was faster.</summary>
    private ValueTask<T> RetryAsync<T>(string thing, Func<CatalogState, ValueTask<T>> attempt, CancellationToken cancellationToken) =>
        Ground.Changes.RunAsync($"{thing} of {At}", () => ReadAsync(cancellationToken), attempt, cancellationToken);
}
