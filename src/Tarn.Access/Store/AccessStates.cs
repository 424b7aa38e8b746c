using Tarn.Core.Errors;

namespace Tarn.Access.Store;

/// <summary>The newest identities, parsed once per version; and changes of them, decided afresh when somebody else was first.</summary>
internal sealed class AccessStates(IAccessStore store)
{
    // Beyond this many lost races something is wrong that another try does not cure.
    private const int MaxAttempts = 50;

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
    public async ValueTask ChangeAsync(string principal, Func<AccessState, IReadOnlyList<AccessRecordChange>> decide, CancellationToken cancellationToken)
    {
        for (int tries = 1; ; tries++)
        {
            var state = await ReadAsync(cancellationToken).ConfigureAwait(false);
            var changes = decide(state);
            if (changes.Count == 0)
                return;
            try
            {
                await store.CommitAsync(principal, state.Version, changes, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (CommitConflictException) when (tries < MaxAttempts)
            {
                continue;
            }
        }
    }
}
