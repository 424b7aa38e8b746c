using System.Runtime.CompilerServices;
using Tarn.Core.Errors;
using Tarn.Core.Storage;

namespace Tarn.Storage.Faults;

/// <summary>A store whose calls fail when a test says so, before or after they took effect.</summary>
/// <param name="inner">The store that does the work.</param>
/// <param name="decide">Asked before each call with the operation and its location (the extension for Stage, the first location for Adopt); null lets it pass.</param>
public sealed class FaultInjectingObjectStore(IObjectStore inner, Func<StoreOperation, string, StoreFault?> decide) : IObjectStore
{
    /// <inheritdoc/>
    public string PlaceOf(string location) => inner.PlaceOf(location);

    /// <inheritdoc/>
    public string? FindMissingBucket(string location) => inner.FindMissingBucket(location);

    /// <inheritdoc/>
    public ValueTask<ObjectStat?> HeadAsync(string location, CancellationToken cancellationToken = default) =>
        RunAsync(StoreOperation.Head, location, () => inner.HeadAsync(location, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>> ReadAsync(string location, CancellationToken cancellationToken = default) =>
        RunAsync(StoreOperation.Read, location, () => inner.ReadAsync(location, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>> ReadRangeAsync(string location, long offset, int length, CancellationToken cancellationToken = default) =>
        RunAsync(StoreOperation.Read, location, () => inner.ReadRangeAsync(location, offset, length, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<ObjectStat> PutAsync(string location, ReadOnlyMemory<byte> content, PutCondition condition = PutCondition.IfAbsent, CancellationToken cancellationToken = default) =>
        RunAsync(StoreOperation.Put, location, () => inner.PutAsync(location, content, condition, cancellationToken));

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(string location, CancellationToken cancellationToken = default) =>
        await RunAsync(StoreOperation.Delete, location, async () =>
        {
            await inner.DeleteAsync(location, cancellationToken).ConfigureAwait(false);
            return true;
        }).ConfigureAwait(false);

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectStat> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (decide(StoreOperation.List, prefix) is { } fault)
            throw Failure(StoreOperation.List, prefix, fault);
        await foreach (var stat in inner.ListAsync(prefix, cancellationToken).ConfigureAwait(false))
            yield return stat;
    }

    /// <inheritdoc/>
    public ValueTask<LocalLease> LeaseAsync(string location, CancellationToken cancellationToken = default) =>
        decide(StoreOperation.Lease, location) is { } fault
            ? throw Failure(StoreOperation.Lease, location, fault)
            : inner.LeaseAsync(location, cancellationToken);

    /// <inheritdoc/>
    public StagedFile Stage(string extension) => decide(StoreOperation.Stage, extension) is { } fault
        ? throw Failure(StoreOperation.Stage, extension, fault)
        : inner.Stage(extension);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ObjectStat>> AdoptAsync(IReadOnlyList<(StagedFile File, string Location)> files, CancellationToken cancellationToken = default) =>
        RunAsync(StoreOperation.Adopt, files.Count == 0 ? "" : files[0].Location, () => inner.AdoptAsync(files, cancellationToken));

    private async ValueTask<T> RunAsync<T>(StoreOperation operation, string location, Func<ValueTask<T>> call)
    {
        var fault = decide(operation, location);
        if (fault is null)
            return await call().ConfigureAwait(false);
        if (fault.IsApplied)
            await call().ConfigureAwait(false);
        throw Failure(operation, location, fault);
    }

    private static TarnException Failure(StoreOperation operation, string location, StoreFault fault) =>
        new(fault.Kind, $"Injected fault: {operation} of '{location}' {(fault.IsApplied ? "was carried out and its reply lost" : "was not carried out")}.");
}
