using Tarn.Access.Store;
using Tarn.Testing.Access;
using Tarn.Testing.Contracts;

namespace Tarn.Access.Tests.Store;

public sealed class MemoryAccessStoreTests : AccessStoreContract
{
    private readonly MemoryAccessStore _store = new();

    protected override IAccessStore Open() => _store;
}
