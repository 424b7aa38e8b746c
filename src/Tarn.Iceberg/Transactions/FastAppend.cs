using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions.Snapshots;

namespace Tarn.Iceberg.Transactions;

/// <summary>Adds data files in a new manifest and leaves all others as they are: the cheapest commit. Manifests become many.</summary>
public sealed class FastAppend : AppendFiles
{
    /// <inheritdoc/>
    private protected override async ValueTask<IReadOnlyList<ManifestFile>?> ManifestsAsync(SnapshotAttempt attempt, CancellationToken cancellationToken) =>
        [.. await Added.ManifestsAsync(attempt, Files, cancellationToken), .. attempt.ParentManifests];
}
