using Tarn.Iceberg.Lineage;
using Tarn.Metastore.Lineage;
using Tarn.Testing.Files;

namespace Tarn.Metastore.Tests.Lineage;

public sealed class LineageWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Record_AnyEvent_IsReadBack()
    {
        var whole = Event("INSERT") with
        {
            Status = LineageStatus.Failed,
            Duration = TimeSpan.FromMilliseconds(12.5),
            Statement = "INSERT INTO \"a\"\nVALUES (?)",
            StatementHash = "00ff",
            Inputs = [new LineageObject(LineageObject.Table, "lake/s.t", long.MaxValue, ["a", "b.c"]), new LineageObject(LineageObject.View, "lake@dev/s.v")],
            Outputs = [new LineageObject(LineageObject.File, "/x/y.csv")],
        };
        await using (var writer = new LineageWriter(_folder["lineage"], new LineageOptions(), TimeProvider.System))
        {
            writer.Record(whole);
            writer.Record(Event("scan"));
        }

        var read = await ReadAsync();
        Assert.Equal(["INSERT", "scan"], read.Select(e => e.Operation));
        Assert.Equal(
            (whole.Time, whole.Principal, whole.Engine, whole.Status, whole.Duration, whole.Statement, whole.StatementHash),
            (read[0].Time, read[0].Principal, read[0].Engine, read[0].Status, read[0].Duration, read[0].Statement, read[0].StatementHash));
        Assert.Equal(whole.Inputs.Select(Text), read[0].Inputs.Select(Text));
        Assert.Equal(whole.Outputs.Select(Text), read[0].Outputs.Select(Text));
        Assert.Null(read[1].Duration);
    }

    [Fact]
    public async Task Read_ATornLine_LeavesItOut()
    {
        await using (var writer = new LineageWriter(_folder["lineage"], new LineageOptions(), TimeProvider.System))
            writer.Record(Event("SELECT"));
        await File.AppendAllTextAsync(Directory.EnumerateFiles(_folder["lineage"], "*.ndjson").Single(), """{"time":"2026-""");
        Assert.Single(await ReadAsync());
    }

    [Fact]
    public async Task Record_ManyFiles_AreReadBack()
    {
        const int Files = 50_000;
        await using (var writer = new LineageWriter(_folder["lineage"], new LineageOptions(), TimeProvider.System))
            writer.Record(Event("SELECT") with { Inputs = [.. Enumerable.Range(0, Files).Select(i => new LineageObject(LineageObject.File, $"/data/in/{i}.parquet"))] });
        Assert.Equal(Files, Assert.Single(await ReadAsync()).Inputs.Count);
    }

    [Fact]
    public async Task Record_BeyondTheLimit_RemovesTheOldest()
    {
        var options = new LineageOptions { SegmentBytes = 1_000, RetainedBytes = 4_000 };
        for (int i = 0; i < 40; i++)
        {
            await using var writer = new LineageWriter(_folder["lineage"], options, TimeProvider.System);
            for (int j = 0; j < 10; j++)
                writer.Record(Event($"{i}"));
        }

        var read = await ReadAsync();
        Assert.Contains(read, e => e.Operation == "39");
        Assert.DoesNotContain(read, e => e.Operation == "0");
    }

    [Fact]
    public async Task Record_WhereNoFolderCanBe_CountsAndDoesNotThrow()
    {
        await File.WriteAllTextAsync(_folder["file"], "");
        var writer = new LineageWriter(_folder["file"], new LineageOptions(), TimeProvider.System);
        writer.Record(Event("SELECT"));
        await writer.DisposeAsync();
        Assert.Equal(1, writer.LostCount);
    }

    private async Task<List<LineageEvent>> ReadAsync() => await new LineageReader(_folder["lineage"]).ReadAsync().ToListAsync();

    private static string Text(LineageObject found) => $"{found.Kind} {found.Name} {found.SnapshotId} {string.Join('|', found.Columns ?? [])}";

    private static LineageEvent Event(string operation) => new() { Time = DateTimeOffset.UnixEpoch.AddSeconds(1.5), Principal = "ada", Engine = "tarn", Operation = operation };
}
