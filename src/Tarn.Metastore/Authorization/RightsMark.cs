using Tarn.Metastore.Catalogs;

namespace Tarn.Metastore.Authorization;

/// <summary>
/// Tells whether anything changed by which rights on files are decided. Most commits add rows to tables that stay where they are; what follows from the places and
/// the policies need not be found out again after them. Where a table could not be read, what it has is a guess for a while.
/// </summary>
/// <param name="log">The store.</param>
/// <param name="folders">Folders of tables.</param>
internal sealed class RightsMark(ICommitLog log, KnownFolders folders)
{
    private readonly Lock _gate = new();
    private Marked _newest = new(LogState.Empty, folders.Guesses, new object());

    /// <summary>The mark of the newest state, see <see cref="IWarehouses.ReadMarkAsync"/>.</summary>
    public async ValueTask<object> ReadAsync(CancellationToken cancellationToken)
    {
        var state = await log.ReadAsync(cancellationToken).ConfigureAwait(false);
        var newest = Volatile.Read(ref _newest);
        return state.Number <= newest.State.Number && ReferenceEquals(folders.Guesses, newest.Guesses) ? newest.Mark : Advance(state).Mark;
    }

    // Requests that come together after a commit get one mark, and so share what is found out under it.
    private Marked Advance(LogState state)
    {
        lock (_gate)
        {
            object guesses = folders.Guesses;
            var last = _newest;
            var next = state.Number > last.State.Number ? state : last.State;
            if (ReferenceEquals(next, last.State) && ReferenceEquals(guesses, last.Guesses))
                return last;
            var newest = new Marked(next, guesses, ReferenceEquals(guesses, last.Guesses) && IsSame(last.State, next) ? last.Mark : new object());
            Volatile.Write(ref _newest, newest);
            return newest;
        }
    }

    private bool IsSame(LogState before, LogState now) =>
        before.Access.Version == now.Access.Version
        && ReferenceEquals(before.Dropped, now.Dropped)
        && (ReferenceEquals(before.Warehouses, now.Warehouses) || AreSame(before.Warehouses, now.Warehouses, IsSame));

    private bool IsSame(WarehouseEntry before, WarehouseEntry now) =>
        before.Location == now.Location && AreSame(before.Branches, now.Branches, (b, n) => ReferenceEquals(b.Catalog, n.Catalog) || AreSame(b.Catalog.Namespaces, n.Catalog.Namespaces, IsSame));

    private bool IsSame(NamespaceEntry before, NamespaceEntry now) =>
        (ReferenceEquals(before.Properties, now.Properties) || before.Properties.SequenceEqual(now.Properties))
        && AreSame(before.Tables, now.Tables, (b, n) => b.Uuid == n.Uuid && b.FormerFolders.SequenceEqual(n.FormerFolders) && folders.AreSame(b.MetadataLocation, n.MetadataLocation))
        && AreSame(before.Views, now.Views, (b, n) => b.Uuid == n.Uuid && folders.OfView(b.MetadataLocation)[0] == folders.OfView(n.MetadataLocation)[0])
        && AreSame(before.ForeignTables, now.ForeignTables, static (_, _) => false);

    // Both are in the order of their keys.
    private static bool AreSame<TKey, T>(IEnumerable<KeyValuePair<TKey, T>> before, IEnumerable<KeyValuePair<TKey, T>> now, Func<T, T, bool> isSame)
        where TKey : notnull
        where T : class =>
        ReferenceEquals(before, now)
        || (before.Count() == now.Count() && before.Zip(now).All(pair => pair.First.Key.Equals(pair.Second.Key) && (ReferenceEquals(pair.First.Value, pair.Second.Value) || isSame(pair.First.Value, pair.Second.Value))));

    private sealed record Marked(LogState State, object Guesses, object Mark);
}
