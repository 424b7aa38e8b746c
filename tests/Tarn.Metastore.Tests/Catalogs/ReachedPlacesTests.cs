using Tarn.Core.Storage;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Metastore.Catalogs;
using Tarn.Storage.Memory;
using Tarn.Testing.Time;

namespace Tarn.Metastore.Tests.Catalogs;

/// <summary>What is kept of the files that a table leads to.</summary>
public sealed class ReachedPlacesTests
{
    private const string File = "s3://lake/own/metadata/1.metadata.json";

    private readonly MemoryObjectStore _store = new();
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task Find_OfAFileThatIsMissing_IsReadAgainAfterAWhileAlone()
    {
        var reached = Reached();
        Assert.Null(await reached.FindAsync(File, default));
        await PutAsync();
        Assert.Null(await reached.FindAsync(File, default));
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal([File], await reached.FindAsync(File, default));
        // What never changes is not read again.
        await _store.DeleteAsync(File);
        _time.Advance(TimeSpan.FromDays(2));
        Assert.Equal([File], await reached.FindAsync(File, default));
    }

    [Fact]
    public async Task Find_OfMoreFilesThanAreKept_IsTheirFoldersReadOnce()
    {
        await PutAsync([.. Enumerable.Range(0, 100).Select(i => $"s3://lake/own/data/{i % 2}/{i}.puffin")]);
        foreach (var (most, expected) in new (long, string[]?)[] { (1000, ["s3://lake/own/data/0", "s3://lake/own/data/1", "s3://lake/own/metadata"]), (10, null) })
        {
            var reached = Reached(most);
            Assert.Equal(expected, await reached.FindAsync(File, default));
            await _store.DeleteAsync(File);
            Assert.Equal(expected, await reached.FindAsync(File, default));
            await PutAsync([.. Enumerable.Range(0, 100).Select(i => $"s3://lake/own/data/{i % 2}/{i}.puffin")]);
        }
    }

    private ReachedPlaces Reached(long mostBytes = 1 << 20) => new(_store, new MetadataFiles(_store), l => l, _time, mostBytes);

    private async Task PutAsync(params string[] statistics)
    {
        var metadata = TableMetadata.New(
            new Schema(0, [new NestedField(1, "id", false, SimpleType.Long)]), PartitionSpec.Unpartitioned, SortOrder.Unsorted, "s3://lake/own",
            new Dictionary<string, string>(), 2, Guid.NewGuid(), DateTimeOffset.UnixEpoch);
        await _store.PutAsync(File, TableMetadataJson.Write(metadata with { PartitionStatistics = [.. statistics.Select((s, i) => new PartitionStatisticsFile(i, s, 1))] }));
    }
}
