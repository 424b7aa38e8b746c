using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.S3.Tests.Hosting;
using Tarn.Storage.Cache;
using Tarn.Storage.Local;
using Tarn.Storage.Remote;
using Tarn.Testing.Contracts;
using Tarn.Testing.Files;

namespace Tarn.S3.Tests.Clients;

/// <summary>Tarn's own remote store, which is the AWS SDK for .NET, on the S3 door: a second Tarn as storage.</summary>
public sealed class S3ObjectStoreContractTests : ObjectStoreContract, IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _root = $"s3://lake/{Guid.NewGuid():N}/";
    private S3TestServer _server = null!;
    private LocalObjectStore _local = null!;
    private DiskCache _cache = null!;
    private S3ObjectStore _store = null!;

    protected override IObjectStore Store => _store;

    protected override string Root => _root;

    public async Task InitializeAsync()
    {
        _server = await S3TestServer.StartAsync();
        string profile = _folder["credentials"];
        await File.WriteAllTextAsync(profile, $"[default]\naws_access_key_id = {S3TestServer.AccessKey}\naws_secret_access_key = {S3TestServer.Secret}\n");
        _local = new LocalObjectStore(_folder.Path);
        _cache = new DiskCache(_folder[DiskCache.FolderName], new DiskCacheOptions());
        _store = new S3ObjectStore(Options(profile), _local, _cache);
    }

    public async Task DisposeAsync()
    {
        _store.Dispose();
        _cache.Dispose();
        _local.Dispose();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Lease_UniqueNameInTheCache_AsksTheServiceNothing()
    {
        string location = $"{_root}{Guid.NewGuid()}-m0.avro";
        await _store.PutAsync(location, "bytes"u8.ToArray());
        (await _store.LeaseAsync(location)).Dispose();
        _store.Dispose();
        _cache.Dispose();

        _cache = new DiskCache(_folder[DiskCache.FolderName], new DiskCacheOptions());
        _store = new S3ObjectStore(Options(_folder["no such file"]), _local, _cache);
        Assert.Equal("bytes"u8.ToArray(), (await _store.ReadAsync(location)).ToArray());
        var error = await Assert.ThrowsAsync<TarnException>(async () => await _store.ReadAsync(_root + "version-hint.text"));
        Assert.Equal(ErrorKind.Unauthenticated, error.Kind);
    }

    [Fact]
    public async Task Read_NameThatMayBeGivenAgain_GivesWhatTheServiceHas()
    {
        string location = _root + "version-hint.text";
        await _store.PutAsync(location, "1"u8.ToArray());
        Assert.Equal("1"u8.ToArray(), (await _store.ReadAsync(location)).ToArray());
        using (var cache = new DiskCache(_folder["other"], new DiskCacheOptions()))
        using (var other = new S3ObjectStore(Options(_folder["credentials"]), _local, cache))
            await other.PutAsync(location, "2"u8.ToArray(), PutCondition.Overwrite);
        Assert.Equal("2"u8.ToArray(), (await _store.ReadAsync(location)).ToArray());
    }

    private S3StorageOptions Options(string profile) => new() { Bucket = "lake", Endpoint = _server.Http, Credentials = S3CredentialSource.File, CredentialsName = profile };
}
