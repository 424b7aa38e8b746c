using Tarn.Access.Auditing;
using Tarn.Access.Trails;
using Tarn.Testing.Files;
using Tarn.Testing.Time;

namespace Tarn.Access.Tests.Auditing;

public sealed class AuditWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FixedTime _time = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Record_ManyEvents_AreAllReadBack()
    {
        await using (var writer = Open(new AuditOptions()))
        {
            for (int i = 0; i < 5_000; i++)
                writer.Record(Event(i, isAllowed: i % 10 != 0));
        }

        var found = await ReadAsync(new AuditQuery());
        Assert.Equal(5_000, found.Count);
        Assert.Equal(Event(7, isAllowed: true), found[7]);
        Assert.Equal(500, (await ReadAsync(new AuditQuery(IsAllowed: false))).Count);
        Assert.Equal(5_000, (await ReadAsync(new AuditQuery(Action: "S3:get*", Resource: "arn:aws:s3:::lake/*", Principal: "user/ada"))).Count);
        Assert.Empty(await ReadAsync(new AuditQuery(Action: "s3:Put*")));
    }

    [Fact]
    public async Task Record_FullSegment_GoesOnInTheNextAndKeepsTheLimit()
    {
        await using (var writer = Open(new AuditOptions { SegmentBytes = 2_000, RetainedBytes = 10_000 }))
        {
            for (int i = 0; i < 300; i++)
            {
                writer.Record(Event(i, isAllowed: true));
                await Task.Yield();
            }
        }

        await using (var writer = Open(new AuditOptions { SegmentBytes = 2_000, RetainedBytes = 10_000 }))
            writer.Record(Event(300, isAllowed: true));
        Assert.Contains(await ReadAsync(new AuditQuery()), e => e.RequestId == "r300");
    }

    [Fact]
    public async Task Record_FolderThatCannotBe_CountsWhatIsLost()
    {
        await File.WriteAllTextAsync(_folder["file"], "");
        var writer = new AuditWriter(_folder["file"], new AuditOptions(), _time);
        writer.Record(Event(1, isAllowed: true));
        await writer.DisposeAsync();
        Assert.Equal(1, writer.LostCount);
    }

    [Fact]
    public async Task Record_AfterTheEnd_IsCountedAsLost()
    {
        var writer = Open(new AuditOptions());
        await writer.DisposeAsync();
        writer.Record(Event(1, isAllowed: true));
        Assert.Equal(1, writer.LostCount);
    }

    [Fact]
    public void Append_BeyondTheLimit_RemovesTheOldestSegments()
    {
        var options = new AuditOptions { SegmentBytes = 100, RetainedBytes = 300 };
        using var segments = new TrailSegments(_folder["audit"], AuditWriter.Name, options, _time);
        int removed = 0;
        for (int i = 0; i < 20; i++)
            removed += segments.Append(new byte[100]);
        Assert.True(removed > 0);
        Assert.True(TrailSegments.List(_folder["audit"], AuditWriter.Name).Sum(f => new FileInfo(f).Length) <= 400);
    }

    [Fact]
    public void Append_OfProcessesInTurnAtOneMoment_KeepsTheNewestInOrder()
    {
        for (int process = 0; process < 6; process++)
        {
            using var segments = new TrailSegments(_folder["audit"], AuditWriter.Name, new AuditOptions { SegmentBytes = 2, RetainedBytes = 6 }, _time);
            segments.Append(System.Text.Encoding.UTF8.GetBytes($"{process}\n"));
            segments.Append(System.Text.Encoding.UTF8.GetBytes($"{process}\n"));
        }

        Assert.Equal(["4", "4", "5", "5"], TrailSegments.List(_folder["audit"], AuditWriter.Name).Select(f => File.ReadAllText(f).TrimEnd()));
    }

    [Fact]
    public async Task Append_BeyondTheLimit_RemovesSegmentsOfAnOlderNaming()
    {
        Directory.CreateDirectory(_folder["audit"]);
        foreach (int number in Enumerable.Range(0, 5))
            await File.WriteAllTextAsync(_folder[$"audit/audit-20250101T000000000-99-abcdef01-{number:D4}.ndjson"], new string('x', 100));
        using var segments = new TrailSegments(_folder["audit"], AuditWriter.Name, new AuditOptions { SegmentBytes = 100, RetainedBytes = 300 }, _time);
        for (int i = 0; i < 5; i++)
            segments.Append(new byte[100]);
        Assert.DoesNotContain(Directory.EnumerateFiles(_folder["audit"]), f => f.Contains("-99-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Read_TornLine_LeavesItOut()
    {
        await using (var writer = Open(new AuditOptions()))
            writer.Record(Event(1, isAllowed: true));
        await File.AppendAllTextAsync(TrailSegments.List(_folder["audit"], AuditWriter.Name)[0], """{"time":"2026-""");
        Assert.Single(await ReadAsync(new AuditQuery()));
    }

    [Fact]
    public async Task Record_FromProcessesInTurn_SharesAFileAndSurvivesATornLine()
    {
        for (int i = 0; i < 3; i++)
        {
            await using (var writer = Open(new AuditOptions()))
                writer.Record(Event(i, isAllowed: true));
            await File.AppendAllTextAsync(TrailSegments.List(_folder["audit"], AuditWriter.Name)[0], """{"time":"2026-""");
        }

        Assert.Single(TrailSegments.List(_folder["audit"], AuditWriter.Name));
        Assert.Equal(["r0", "r1", "r2"], (await ReadAsync(new AuditQuery())).Select(e => e.RequestId));
    }

    [Fact]
    public async Task Record_FromProcessesAtOnce_KeepsEveryEvent()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(process => Task.Run(async () =>
        {
            await using var writer = Open(new AuditOptions { SegmentBytes = 5_000 });
            for (int i = 0; i < 200; i++)
                writer.Record(Event(process * 1_000 + i, isAllowed: true));
        })));
        Assert.Equal(800, (await ReadAsync(new AuditQuery())).Select(e => e.RequestId).Distinct().Count());
    }

    [Fact]
    public async Task Append_SmallSegmentsOfProcessesAtOnce_KeepsEveryLine()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(process => Task.Run(() =>
        {
            using var segments = new TrailSegments(_folder["audit"], AuditWriter.Name, new AuditOptions { SegmentBytes = 1 }, _time);
            for (int i = 0; i < 150; i++)
                segments.Append("{}\n"u8);
        })));
        Assert.Equal(600, TrailSegments.List(_folder["audit"], AuditWriter.Name).Sum(f => File.ReadLines(f).Count()));
    }

    private AuditWriter Open(AuditOptions options) => new(_folder["audit"], options, _time);

    private ValueTask<List<AuditEvent>> ReadAsync(AuditQuery query) => new AuditFollower(_folder["audit"], query).ReadNewAsync().ToListAsync();

    private AuditEvent Event(int number, bool isAllowed) => new(
        _time.Now, AuditKind.Decision, "arn:aws:iam::1:user/ada", "TARNX", "s3:GetObject", $"arn:aws:s3:::lake/\"{number}\"/ü", "10.0.0.1", isAllowed, "allowed (x)", $"r{number}");
}
