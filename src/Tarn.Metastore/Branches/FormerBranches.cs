using System.Collections.Immutable;

namespace Tarn.Metastore.Branches;

/// <summary>Knows from the log which branches there ever were, deleted ones included. Safe for any number of threads.</summary>
/// <param name="log">The store.</param>
internal sealed class FormerBranches(ICommitLog log)
{
    // Beyond so many names every name may have been one of them.
    private const int MaxNames = 100_000;

    private Known _known = new(0, []);

    /// <summary>Whether a branch was ever made under a name; true also when nobody can tell, because there were too many.</summary>
    /// <param name="at">The name.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async ValueTask<bool> MayHaveBeenAsync(CatalogAddress at, CancellationToken cancellationToken = default)
    {
        // No branch is made under the name of a main branch.
        if (at.IsMain)
            return false;
        var known = Volatile.Read(ref _known);
        // History is read from files: not for every question.
        if ((await log.ReadAsync(cancellationToken).ConfigureAwait(false)).Number > known.Number)
            Volatile.Write(ref _known, known = await ReadOnAsync(known, cancellationToken).ConfigureAwait(false));
        return known.Made.Contains(at) || known.Made.Count >= MaxNames;
    }

    private async ValueTask<Known> ReadOnAsync(Known before, CancellationToken cancellationToken)
    {
        var made = before.Made.ToBuilder();
        long number = before.Number;
        await foreach (var commit in log.ReadHistoryAsync(number + 1, cancellationToken).ConfigureAwait(false))
        {
            if (made.Count < MaxNames && commit.Changes.Any(c => c is CatalogChange.CreateBranch))
                made.Add(commit.At);
            number = commit.Number;
        }

        return new Known(number, made.ToImmutable());
    }

    private sealed record Known(long Number, ImmutableHashSet<CatalogAddress> Made);
}
