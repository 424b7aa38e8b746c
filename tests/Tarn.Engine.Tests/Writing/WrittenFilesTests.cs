using Tarn.Core.Errors;
using Tarn.Engine.Ingest;
using Tarn.Engine.Tests.Ingest;
using Tarn.Storage.Faults;

namespace Tarn.Engine.Tests.Writing;

/// <summary>Data files of commits that fail: removed when it is certain that nothing was applied, kept when it is not.</summary>
public sealed class WrittenFilesTests
{
    private const string BadRow = "id,v\n1,10\n2,x\n";

    [Theory]
    [InlineData(ErrorKind.ResourceExhausted)]
    [InlineData(ErrorKind.PermissionDenied)]
    public async Task Ingest_CommitCertainlyFailed_LeavesNoDataFile(ErrorKind kind)
    {
        await using var lake = await WithTableAsync();
        lake.Fault = (operation, location) => IsMetadata(operation, location) ? new StoreFault(kind) : null;
        await FailsAsync(lake);
        Assert.Empty(DataFiles(lake));
        lake.Fault = (_, _) => null;
        Assert.Equal(["0"], await lake.RowsAsync("SELECT count(*) FROM s.t"));
    }

    [Fact]
    public async Task Ingest_OutcomeUnknown_DeletesNoFileButItsOwnMetadata()
    {
        await using var lake = await WithTableAsync();
        int deleted = 0;
        lake.Fault = (operation, location) =>
        {
            // The pointer was not moved: the metadata file that may have been written is nobody's.
            deleted += operation == StoreOperation.Delete && !location.EndsWith(".metadata.json", StringComparison.Ordinal) ? 1 : 0;
            return IsMetadata(operation, location) ? new StoreFault(ErrorKind.Internal) : null;
        };
        await FailsAsync(lake);
        Assert.Equal(2, DataFiles(lake).Length);
        Assert.Equal(0, deleted);
    }

    [Theory]
    [InlineData("/t-", false)]
    [InlineData("/t-", true)]
    [InlineData("/t__rejected-", false)]
    [InlineData("/t__rejected-", true)]
    public async Task Ingest_AdoptionFailed_LeavesNoDataFile(string table, bool isApplied)
    {
        await using var lake = await WithTableAsync();
        lake.Fault = (operation, location) => operation == StoreOperation.Adopt && location.Contains(table, StringComparison.Ordinal) ? new StoreFault(ErrorKind.Unavailable, isApplied) : null;
        await FailsAsync(lake);
        Assert.Empty(DataFiles(lake));
    }

    [Fact]
    public async Task Insert_CommitCertainlyFailed_LeavesNoDataFile()
    {
        await using var lake = await WithTableAsync();
        lake.Fault = (operation, location) => IsMetadata(operation, location) ? new StoreFault(ErrorKind.ResourceExhausted) : null;
        await Assert.ThrowsAnyAsync<TarnException>(() => lake.RunAsync("INSERT INTO s.t VALUES (1, 2)"));
        Assert.Empty(DataFiles(lake));
    }

    private static bool IsMetadata(StoreOperation operation, string location) => operation == StoreOperation.Put && location.EndsWith(".metadata.json", StringComparison.Ordinal);

    private static async Task<IngestLake> WithTableAsync()
    {
        var lake = new IngestLake();
        await lake.RunAsync("CREATE SCHEMA s");
        await lake.RunAsync("CREATE TABLE s.t (id BIGINT, v INTEGER)");
        return lake;
    }

    private static Task FailsAsync(IngestLake lake) =>
        Assert.ThrowsAnyAsync<TarnException>(() => lake.IngestAsync(lake.Write("a.csv", BadRow), r => r with { OnError = ErrorHandling.Quarantine }));

    private static string[] DataFiles(IngestLake lake) => Directory.GetFiles(lake.Data, "*.parquet", SearchOption.AllDirectories);
}
