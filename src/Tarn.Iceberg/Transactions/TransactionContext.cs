using Tarn.Core.Storage;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Iceberg.Transactions;

/// <summary>What transactions work with; time and randomness are arguments so that a run can be repeated from a seed.</summary>
/// <param name="Catalog">Takes the commits.</param>
/// <param name="Store">Holds manifests and manifest lists.</param>
public sealed record TransactionContext(ICatalog Catalog, IObjectStore Store)
{
    /// <summary>Clock of snapshots and waits.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Source of snapshot ids, file names and of the spread of waits. Used from one thread at a time per transaction.</summary>
    public Random Random { get; init; } = Random.Shared;

    /// <summary>Name and version of the program, written into snapshot summaries as <c>engine-name</c> and <c>engine-version</c>; empty writes none.</summary>
    public (string Name, string Version) Engine { get; init; } = ("tarn", typeof(TransactionContext).Assembly.GetName().Version?.ToString(3) ?? "");

    /// <summary>Told about each commit that was made, with the tables in it; null for nobody. Must not throw.</summary>
    public Action<IReadOnlyList<CommitOutcome>>? OnCommitted { get; init; }

    /// <summary>A positive id that no snapshot of the table has.</summary>
    internal long NewSnapshotId(Spec.TableMetadata metadata)
    {
        long id;
        do
        {
            id = Random.NextInt64(1, long.MaxValue);
        }
        while (metadata.FindSnapshot(id) is not null);
        return id;
    }

    /// <summary>A random id in UUID form for file names.</summary>
    internal Guid NewFileId()
    {
        Span<byte> bytes = stackalloc byte[16];
        Random.NextBytes(bytes);
        // Version 4, variant 1 (RFC 9562).
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}

/// <summary>What a commit did to a table.</summary>
/// <param name="Identifier">The table.</param>
/// <param name="IsNew">Whether the commit made it.</param>
/// <param name="SnapshotId">The last snapshot that the commit added; null when it added none.</param>
public sealed record CommitOutcome(TableIdentifier Identifier, bool IsNew, long? SnapshotId);
