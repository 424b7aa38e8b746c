using Tarn.Core.Storage;
using Tarn.Storage.Local;
using Tarn.Storage.Memory;
using Tarn.Testing.Contracts;
using Tarn.Testing.Files;

namespace Tarn.Storage.Tests.Local;

public sealed class LocalObjectStoreContractTests : ObjectStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LocalObjectStore _store;

    public LocalObjectStoreContractTests()
    {
        _store = new LocalObjectStore(_folder.Path);
    }

    protected override IObjectStore Store => _store;

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }
}

public sealed class FileLocationContractTests : ObjectStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new(), _elsewhere = new();
    private readonly LocalObjectStore _store;

    public FileLocationContractTests()
    {
        _store = new LocalObjectStore(_folder.Path);
    }

    protected override IObjectStore Store => _store;

    protected override string Root => $"file://{_elsewhere.Path}/warehouse/t/";

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
        _elsewhere.Dispose();
    }
}

/// <summary>Staging on one volume, objects on another.</summary>
public sealed class OtherVolumeContractTests : ObjectStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _elsewhere = Directory.Exists("/dev/shm")
        ? Directory.CreateDirectory($"/dev/shm/tarn-test-{Guid.NewGuid():N}").FullName
        : Directory.CreateTempSubdirectory("tarn-test-").FullName;

    private readonly LocalObjectStore _store;

    public OtherVolumeContractTests()
    {
        _store = new LocalObjectStore(_folder.Path);
    }

    protected override IObjectStore Store => _store;

    protected override string Root => $"file:{_elsewhere}/t/";

    public void Dispose()
    {
        Assert.Empty(Directory.EnumerateFiles(_elsewhere, ".tarn-*", SearchOption.AllDirectories));
        _store.Dispose();
        _folder.Dispose();
        Directory.Delete(_elsewhere, recursive: true);
    }
}

public sealed class MappedContractTests : ObjectStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new(), _elsewhere = new();
    private readonly LocalObjectStore _store;

    public MappedContractTests()
    {
        _store = new LocalObjectStore(_folder.Path, new LocationMap([KeyValuePair.Create("s3a://old/tables/", _elsewhere.Path + "/here/")]));
    }

    protected override IObjectStore Store => _store;

    protected override string Root => "s3://old/tables/t/";

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
        _elsewhere.Dispose();
    }
}

public sealed class MemoryObjectStoreContractTests : ObjectStoreContract, IDisposable
{
    private readonly MemoryObjectStore _store = new();

    protected override IObjectStore Store => _store;

    public void Dispose() => _store.Dispose();
}
