using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.Storage.Faults;
using Tarn.Storage.Memory;
using Tarn.Testing.Contracts;

namespace Tarn.Storage.Tests.Faults;

public sealed class FaultInjectingObjectStoreTests : ObjectStoreContract, IDisposable
{
    private readonly MemoryObjectStore _inner = new();
    private readonly FaultInjectingObjectStore _store;
    private StoreFault? _next;

    public FaultInjectingObjectStoreTests()
    {
        _store = new FaultInjectingObjectStore(_inner, (_, _) => _next);
    }

    protected override IObjectStore Store => _store;

    [Fact]
    public async Task Put_FaultBefore_IsNotCarriedOut()
    {
        _next = new StoreFault(ErrorKind.Unavailable);
        Assert.Equal(ErrorKind.Unavailable, (await Assert.ThrowsAsync<TarnException>(() => _store.PutAsync(Root + "a", "1"u8.ToArray()).AsTask())).Kind);
        Assert.Equal(0, _inner.Count);
    }

    [Fact]
    public async Task Put_LostReply_IsCarriedOut()
    {
        _next = new StoreFault(ErrorKind.ResourceExhausted, IsApplied: true);
        Assert.Equal(ErrorKind.ResourceExhausted, (await Assert.ThrowsAsync<TarnException>(() => _store.PutAsync(Root + "a", "1"u8.ToArray()).AsTask())).Kind);
        Assert.Equal(1, _inner.Count);
    }

    public void Dispose() => _inner.Dispose();
}
