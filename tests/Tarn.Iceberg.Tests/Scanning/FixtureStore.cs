using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Spec;
using Tarn.Testing;

namespace Tarn.Iceberg.Tests.Scanning;

/// <summary>Reads the tables of the shared fixtures at the locations that their metadata names.</summary>
internal sealed class FixtureStore : IObjectStore
{
    public const string Prefix = "/fixtures/iceberg/tables/";

    private readonly LocationMap map;

    public FixtureStore(string folder, LocationMap map) => (Folder, this.map) = (folder, map);

    public string Folder { get; }

    public int Reads { get; private set; }

    public static FixtureStore? TryOpen() => SharedFolder.TryGet("fixtures", "iceberg", "tables") is { } folder
        ? new FixtureStore(folder, new([new("file://" + Prefix, folder + "/"), new("file:" + Prefix, folder + "/"), new(Prefix, folder + "/")]))
        : null;

    public LocationMap Map => map;

    public TableMetadata Metadata(string metadataFile) => TableMetadataJson.Read(File.ReadAllBytes(Path.Combine(Folder, metadataFile)), metadataFile);

    public string LocalPath(string location) => map.Map(location);

    public string PlaceOf(string location) => map.Map(location);

    public ValueTask<ReadOnlyMemory<byte>> ReadAsync(string location, CancellationToken cancellationToken = default)
    {
        Reads++;
        string path = map.Map(location);
        return File.Exists(path) ? new(File.ReadAllBytes(path)) : throw TarnException.NotFound($"No object at '{location}'.");
    }

    public ValueTask<ObjectStat?> HeadAsync(string location, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<ReadOnlyMemory<byte>> ReadRangeAsync(string location, long offset, int length, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<ObjectStat> PutAsync(string location, ReadOnlyMemory<byte> content, PutCondition condition = PutCondition.IfAbsent, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask DeleteAsync(string location, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public IAsyncEnumerable<ObjectStat> ListAsync(string prefix, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<LocalLease> LeaseAsync(string location, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public StagedFile Stage(string extension) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<ObjectStat>> AdoptAsync(IReadOnlyList<(StagedFile File, string Location)> files, CancellationToken cancellationToken = default) => throw new NotSupportedException();
}
