using Tarn.Core.Errors;

namespace Tarn.Core.Tasks;

/// <summary>
/// Changes that are decided on a state that was read, and refused when somebody else was faster. In this process those of one thing take turns, first come first
/// served, so that none is ever lost here; against other processes each tries again with <see cref="CommitBackoff"/>. Safe for any number of threads.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="random">Spreads processes that change the same thing; used by many threads at once.</param>
public sealed class ContendedChanges(TimeProvider time, Random random)
{
    /// <summary>Most changes of one thing at a time: the one whose turn it is, and those that wait.</summary>
    public const int MaxWaiting = 1024;

    private readonly Lock _gate = new();

    // A thing is here while somebody changes it or waits to.
    private readonly Dictionary<string, Place> _places = new(StringComparer.Ordinal);

    /// <summary>Makes a change when it is its turn.</summary>
    /// <param name="thing">What is changed, as a person would say it, for instance <c>view 'sales.v'</c>: changes of the same text take turns.</param>
    /// <param name="read">Reads the newest state and decides. A conflict that it throws is final: it was decided on a state that stands.</param>
    /// <param name="write">Writes what was decided; after it threw <see cref="CommitConflictException"/> both run again. It changes nothing else by way of this object.</param>
    /// <param name="cancellationToken">Cancels the waits.</param>
    /// <returns>What was written.</returns>
    /// <exception cref="CommitConflictException">Other processes were faster until <see cref="CommitBackoff.Limit"/> after the call.</exception>
    /// <exception cref="TarnException">
    /// Unavailable when <see cref="MaxWaiting"/> changes of the thing are there already, or its turn did not come within <see cref="CommitBackoff.Limit"/>; what the two throw.
    /// </exception>
    public async ValueTask<T> RunAsync<TState, T>(string thing, Func<ValueTask<TState>> read, Func<TState, ValueTask<T>> write, CancellationToken cancellationToken)
    {
        var place = Enter(thing);
        try
        {
            var backoff = new CommitBackoff(time, random);
            await TakeTurnAsync(place, thing, cancellationToken).ConfigureAwait(false);
            try
            {
                return await RaceAsync(backoff, read, write, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                place.Turn.Release();
            }
        }
        finally
        {
            Leave(thing, place);
        }
    }

    /// <summary>Makes a change that has no result, as the other form does.</summary>
    public async ValueTask RunAsync<TState>(string thing, Func<ValueTask<TState>> read, Func<TState, ValueTask> write, CancellationToken cancellationToken) =>
        await RunAsync(thing, read, async state =>
        {
            await write(state).ConfigureAwait(false);
            return true;
        }, cancellationToken).ConfigureAwait(false);

    private async ValueTask TakeTurnAsync(Place place, string thing, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(CommitBackoff.Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            await place.Turn.WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TarnException(ErrorKind.Unavailable, $"Other changes of {thing} took {CommitBackoff.Limit.TotalSeconds:F0} s, and so long is the limit. Nothing was changed; try again later.");
        }
    }

    private static async ValueTask<T> RaceAsync<TState, T>(CommitBackoff backoff, Func<ValueTask<TState>> read, Func<TState, ValueTask<T>> write, CancellationToken cancellationToken)
    {
        while (true)
        {
            var state = await read().ConfigureAwait(false);
            try
            {
                return await write(state).ConfigureAwait(false);
            }
            catch (CommitConflictException lost)
            {
                await backoff.WaitAsync(lost, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private Place Enter(string thing)
    {
        lock (_gate)
        {
            if (!_places.TryGetValue(thing, out var place))
                _places[thing] = place = new Place();
            if (place.Users >= MaxWaiting)
                throw new TarnException(ErrorKind.Unavailable, $"{place.Users} changes wait for {thing}, and {MaxWaiting} is the limit. Nothing was changed; try again later.");
            place.Users++;
            return place;
        }
    }

    private void Leave(string thing, Place place)
    {
        lock (_gate)
        {
            if (--place.Users == 0)
                _places.Remove(thing);
        }
    }

    private sealed class Place
    {
        // Serves in the order of arrival; without a wait handle there is nothing to dispose of.
        public SemaphoreSlim Turn { get; } = new(1);

        public int Users { get; set; }
    }
}
