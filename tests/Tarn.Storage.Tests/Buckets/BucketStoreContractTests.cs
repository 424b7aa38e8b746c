using Tarn.Storage.Buckets;
using Tarn.Testing.Contracts;
using Tarn.Testing.Files;

namespace Tarn.Storage.Tests.Buckets;

public sealed class BucketStoreContractTests : BucketStoreContract, IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private BucketStore? _store;

    protected override IBucketStore Store => _store!;

    public async Task InitializeAsync() => _store = await BucketStore.OpenAsync(_folder.Path);

    public async Task DisposeAsync()
    {
        await _store!.DisposeAsync();
        _folder.Dispose();
    }
}
