using Tarn.Core.Storage;

namespace Tarn.Catalog.Tests.Rest.Hosting;

/// <summary>A store whose reads wait for a task.</summary>
internal sealed class GatedStore(IObjectStore inner, Task? gate) : IObjectStore
{
    public string PlaceOf(string location) => inner.PlaceOf(location);

    public ValueTask<ObjectStat?> HeadAsync(string location, CancellationToken cancellationToken = default) => inner.HeadAsync(location, cancellationToken);

    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(string location, CancellationToken cancellationToken = default)
    {
        await (gate ?? Task.CompletedTask).WaitAsync(cancellationToken);
        return await inner.ReadAsync(location, cancellationToken);
    }

    public async ValueTask<ReadOnlyMemory<byte>> ReadRangeAsync(string location, long offset, int length, CancellationToken cancellationToken = default)
    {
        await (gate ?? Task.CompletedTask).WaitAsync(cancellationToken);
        return await inner.ReadRangeAsync(location, offset, length, cancellationToken);
    }

    public ValueTask<ObjectStat> PutAsync(string location, ReadOnlyMemory<byte> content, PutCondition condition = PutCondition.IfAbsent, CancellationToken cancellationToken = default) =>
        inner.PutAsync(location, content, condition, cancellationToken);

    public ValueTask DeleteAsync(string location, CancellationToken cancellationToken = default) => inner.DeleteAsync(location, cancellationToken);

    public IAsyncEnumerable<ObjectStat> ListAsync(string prefix, CancellationToken cancellationToken = default) => inner.ListAsync(prefix, cancellationToken);

    public ValueTask<LocalLease> LeaseAsync(string location, CancellationToken cancellationToken = default) => inner.LeaseAsync(location, cancellationToken);

    public StagedFile Stage(string extension) => inner.Stage(extension);

    public ValueTask<IReadOnlyList<ObjectStat>> AdoptAsync(IReadOnlyList<(StagedFile File, string Location)> files, CancellationToken cancellationToken = default) => inner.AdoptAsync(files, cancellationToken);
}
