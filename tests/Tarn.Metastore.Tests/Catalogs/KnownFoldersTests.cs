using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Metastore.Catalogs;
using Tarn.Storage.Faults;
using Tarn.Storage.Memory;
using Tarn.Testing.Time;

namespace Tarn.Metastore.Tests.Catalogs;

/// <summary>What is known of the folders of a table whose metadata file is not to be had, and for how long.</summary>
public sealed class KnownFoldersTests
{
    private const string File = "s3://lake/own/metadata/1.metadata.json", Other = "s3://lake/own/metadata/2.metadata.json";
    private static readonly string[] s_guess = ["s3://lake/own"], s_folders = ["s3://lake/own", "s3://lake/data", "s3://lake/own/metadata"];
    private static readonly NamespaceEntry s_entry = NamespaceEntry.Create(ImmutableSortedDictionary<string, string>.Empty) with
    {
        Tables = ImmutableSortedDictionary.Create<string, TableEntry>(StringComparer.Ordinal).Add("own", new TableEntry(null, File)),
    };

    private readonly MemoryObjectStore _memory = new();
    private readonly ManualTimeProvider _time = new();
    private readonly KnownFolders _folders;
    private StoreFault? _fault;
    private int _reads;

    public KnownFoldersTests() => _folders = new KnownFolders(new MetadataFiles(new FaultInjectingObjectStore(_memory, (operation, _) =>
    {
        _reads += operation == StoreOperation.Read ? 1 : 0;
        return operation == StoreOperation.Read ? _fault : null;
    })), l => l, _time);

    [Theory]
    [InlineData(ErrorKind.PermissionDenied)]
    [InlineData(ErrorKind.NotFound)]
    [InlineData(ErrorKind.DataCorrupted)]
    public async Task Of_AFileThatIsNotToBeHad_IsAGuessForAWhile(ErrorKind kind)
    {
        await PutAsync(File);
        await PutAsync(Other);
        _fault = new StoreFault(kind);
        // 1. The folder of its metadata file, asked for once.
        object before = _folders.Guesses;
        Assert.Equal(s_guess, (await _folders.OfAsync(s_entry, default))[0].Folders);
        Assert.Equal(s_guess, await _folders.OfTableAsync(Other, default));
        _fault = null;
        Assert.Equal(s_guess, (await _folders.OfAsync(s_entry, default))[0].Folders);
        Assert.Equal(2, _reads);
        Assert.Same(before, _folders.Guesses);
        // Nobody knows that two that were not read name the same.
        Assert.False(_folders.AreSame(File, Other));
        // 2. What it names, once it is to be had, for good.
        _time.Advance(KnownFolders.UnreadableFor);
        Assert.NotSame(before, before = _folders.Guesses);
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(s_folders, (await _folders.OfAsync(s_entry, default))[0].Folders);
            Assert.Equal(s_folders, await _folders.OfTableAsync(Other, default));
            Assert.True(_folders.AreSame(File, Other));
            _fault = new StoreFault(kind);
            _time.Advance(TimeSpan.FromDays(1));
        }

        Assert.Equal(4, _reads);
        Assert.Same(before, _folders.Guesses);
    }

    // Who went by a guess that somebody else had made is told when its time is over, too.
    [Fact]
    public async Task Guesses_OneThatIsUsedAgain_CountsAgain()
    {
        Assert.Equal(s_guess, await _folders.OfTableAsync(File, default));
        _time.Advance(KnownFolders.UnreadableFor / 2);
        Assert.Equal(s_guess, await _folders.OfTableAsync(Other, default));
        _time.Advance(KnownFolders.UnreadableFor / 2);
        object before = _folders.Guesses;
        Assert.Equal(s_guess, await _folders.OfTableAsync(Other, default));
        _time.Advance(KnownFolders.UnreadableFor / 2);
        Assert.NotSame(before, _folders.Guesses);
    }

    [Fact]
    public async Task Of_AStoreThatDoesNotAnswer_Throws()
    {
        _fault = new StoreFault(ErrorKind.Unavailable);
        Assert.Equal(ErrorKind.Unavailable, (await Assert.ThrowsAsync<TarnException>(() => _folders.OfAsync(s_entry, default).AsTask())).Kind);
    }

    private async Task PutAsync(string file) => await _memory.PutAsync(file, TableMetadataJson.Write(TableMetadata.New(
        new Schema(0, [new NestedField(1, "id", false, SimpleType.Long)]), PartitionSpec.Unpartitioned, SortOrder.Unsorted, "s3://lake/own",
        new Dictionary<string, string> { ["write.data.path"] = "s3://lake/data" }, 2, Guid.NewGuid(), DateTimeOffset.UnixEpoch)));
}
