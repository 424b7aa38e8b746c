using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Metastore.Catalogs;
using Tarn.Storage.Local;
using Tarn.Testing.Files;

namespace Tarn.Metastore.Tests.Catalogs;

public sealed class MetadataFilesTests
{
    /// <summary>The text, three times as much for the objects, and once more for the text without its snapshots that doors keep with them.</summary>
    [Fact]
    public async Task Write_IsWeighedWithEverythingThatIsKeptForIt()
    {
        using var store = new LocalObjectStore("/srv/tarn-data", files: new PowerCutFileSystem());
        var files = new MetadataFiles(store);
        var metadata = TableMetadata.New(
            new Schema(0, [new NestedField(1, "id", false, SimpleType.Long)]), PartitionSpec.Unpartitioned, SortOrder.Unsorted, "s3://lake/t",
            new Dictionary<string, string> { ["comment"] = new string('x', 100_000) }, 2, Guid.NewGuid(), DateTimeOffset.UnixEpoch);
        var (location, content) = await files.WriteTableAsync(metadata, null, [], default);
        Assert.InRange(files.WeightBytes, 5L * content.Length, 6L * content.Length);
        files.Forget(location);
        Assert.Equal(0, files.WeightBytes);
    }
}
