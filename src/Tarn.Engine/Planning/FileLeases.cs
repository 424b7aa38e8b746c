using Tarn.Core.Storage;

namespace Tarn.Engine.Planning;

/// <summary>Leases of the data files of a scan. A local store gives each at once; a remote one is asked for many at the same time.</summary>
internal static class FileLeases
{
    // Each may be a request and a download: enough to hide the time on the way, few enough for the limits of object stores.
    private const int MaxConcurrentLeases = 32;

    /// <summary>Leases files, all or none: what was leased before a failure or a cancellation is given back.</summary>
    /// <param name="store">Where they are.</param>
    /// <param name="locations">Their locations.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The leases in the order of the locations, the caller's to dispose.</returns>
    public static async ValueTask<LocalLease[]> TakeAsync(IObjectStore store, IReadOnlyList<string> locations, CancellationToken cancellationToken)
    {
        var leases = new LocalLease[locations.Count];
        try
        {
            for (int i = 0; i < leases.Length; i++)
            {
                var lease = store.LeaseAsync(locations[i], cancellationToken);
                if (!lease.IsCompleted)
                {
                    await TakeRestAsync(store, locations, leases, i, lease.AsTask(), cancellationToken).ConfigureAwait(false);
                    break;
                }

                leases[i] = await lease.ConfigureAwait(false);
            }

            return leases;
        }
        catch
        {
            foreach (var lease in leases)
                lease.Dispose();
            throw;
        }
    }

    // The loop ends when all of its calls have ended, also after a failure: no lease arrives later.
    private static Task TakeRestAsync(IObjectStore store, IReadOnlyList<string> locations, LocalLease[] leases, int first, Task<LocalLease> firstLease, CancellationToken cancellationToken)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = MaxConcurrentLeases, CancellationToken = cancellationToken };
        return Parallel.ForEachAsync(
            Enumerable.Range(first, leases.Length - first), options, async (i, cancelled) =>
                leases[i] = i == first ? await firstLease.ConfigureAwait(false) : await store.LeaseAsync(locations[i], cancelled).ConfigureAwait(false));
    }
}
