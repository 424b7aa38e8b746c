using Tarn.Core.Tasks;

namespace Tarn.Access.Store;

/// <summary>The newest identities, parsed once per version; and changes of them, decided afresh when somebody else was first.</summary>
/// <param name="store">Where they are kept.</param>
/// <param name="time">The clock.</param>
internal sealed class AccessStates(IAccessStore store, TimeProvider time)
{
    private readonly ContendedChanges _changes = new(time, Random.Shared);
    private AccessState? _newest;

    public async ValueTask<AccessState> ReadAsync(CancellationToken cancellationToken)
    {
        var records = await store.ReadAsync(cancellationToken).ConfigureAwait(false);
        var newest = Volatile.Read(ref _newest);
        if (newest?.Version == records.Version)
            return newest;
        var state = AccessState.Create(records, newest);
        Volatile.Write(ref _newest, state);
        return state;
    }

    /// <summary>Changes identities.</summary>
    /// <param name="principal">Who does.</param>
    /// <param name="decide">What to change in a state; called again with the newer state after a conflict. No changes: nothing is written.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public ValueTask ChangeAsync(string principal, Func<AccessState, IReadOnlyList<AccessRecordChange>> decide, CancellationToken cancellationToken) =>
        _changes.RunAsync("the identities", async () =>
        {
            var state = await ReadAsync(cancellationToken).ConfigureAwait(false);
            return (state.Version, Changes: decide(state));
        }, async decided =>
        {
            if (decided.Changes.Count > 0)
                await store.CommitAsync(principal, decided.Version, decided.Changes, cancellationToken).ConfigureAwait(false);
        }, cancellationToken);
}
