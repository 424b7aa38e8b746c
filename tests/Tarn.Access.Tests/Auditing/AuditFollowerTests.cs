using Tarn.Access.Auditing;
using Tarn.Testing.Files;

namespace Tarn.Access.Tests.Auditing;

public sealed class AuditFollowerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ReadNew_AgainAndAgain_GivesEachEventOnce()
    {
        var follower = new AuditFollower(_folder["audit"], new AuditQuery(IsAllowed: true));
        Assert.Empty(await NewAsync(follower));
        // Small segments, so that events go on in others meanwhile.
        var options = new AuditOptions { SegmentBytes = 500 };
        for (int round = 0; round < 4; round++)
        {
            await using (var writer = new AuditWriter(_folder["audit"], options, TimeProvider.System))
            {
                for (int i = 0; i < 10; i++)
                    writer.Record(Event($"{round}-{i}", isAllowed: i != 3));
            }

            Assert.Equal(Enumerable.Range(0, 10).Where(i => i != 3).Select(i => $"{round}-{i}"), await NewAsync(follower));
            Assert.Empty(await NewAsync(follower));
        }
    }

    [Fact]
    public async Task ReadNew_HalfALine_WaitsForItsRest()
    {
        var follower = Follower();
        string segment = await RecordAsync("whole");
        string line = await File.ReadAllTextAsync(segment);
        string next = line.Replace("whole", "größer", StringComparison.Ordinal);
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(next);
        int half = Array.IndexOf(bytes, (byte)0xC3) + 1;
        using (var file = new FileStream(segment, FileMode.Append))
            file.Write(bytes.AsSpan(0, half));
        Assert.Equal(["whole"], await NewAsync(follower));
        using (var file = new FileStream(segment, FileMode.Append))
            file.Write(bytes.AsSpan(half));
        Assert.Equal(["größer"], await NewAsync(follower));
    }

    [Fact]
    public async Task ReadNew_SegmentsThatAreRemovedMeanwhile_AreLeftOut()
    {
        var follower = Follower();
        string segment = await RecordAsync("1");
        Assert.Equal(["1"], await NewAsync(follower));
        File.Delete(segment);
        await RecordAsync("2");
        Assert.Equal(["2"], await NewAsync(follower));
    }

    /// <summary>What a failed write had brought is taken back, and other lines come in its place: shorter ones, and longer ones between two looks.</summary>
    [Theory]
    [InlineData("b")]
    [InlineData("an id that is longer than both of those before")]
    public async Task ReadNew_LinesThatAreTakenBack_GivesThoseThatComeInTheirPlace(string next)
    {
        var follower = Follower();
        string segment = await RecordAsync("first");
        string line = await File.ReadAllTextAsync(segment);
        Assert.Equal(["first"], await NewAsync(follower));
        long before = new FileInfo(segment).Length;
        await File.AppendAllTextAsync(segment, line.Replace("first", "of a failed write", StringComparison.Ordinal));
        Assert.Equal(["of a failed write"], await NewAsync(follower));
        using (var file = new FileStream(segment, FileMode.Open))
            file.SetLength(before);
        await File.AppendAllTextAsync(segment, line.Replace("first", next, StringComparison.Ordinal) + line.Replace("first", "last", StringComparison.Ordinal)[..^2]);
        Assert.Equal([next], await NewAsync(follower));
        await File.AppendAllTextAsync(segment, line[^2..]);
        Assert.Equal(["last"], await NewAsync(follower));
    }

    [Fact]
    public async Task ReadNew_SegmentShortenedAndLeftSo_GivesWhatComesNext()
    {
        var follower = Follower();
        string segment = await RecordAsync("first");
        string line = await File.ReadAllTextAsync(segment);
        await File.AppendAllTextAsync(segment, line + line);
        Assert.Equal(3, (await NewAsync(follower)).Count);
        using (var file = new FileStream(segment, FileMode.Open))
            file.SetLength(0);
        Assert.Empty(await NewAsync(follower));
        await File.AppendAllTextAsync(segment, line);
        Assert.Equal(["first"], await NewAsync(follower));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task ReadNew_LineWithoutEnd_IsHeldUpToALimitAndLeftOut(int looks)
    {
        var follower = Follower();
        string segment = await RecordAsync("first");
        string line = await File.ReadAllTextAsync(segment);
        Assert.Equal(["first"], await NewAsync(follower));
        for (int look = 0; look < looks; look++)
        {
            // Spaces are no damage to JSON: only the limit leaves such a line out.
            await File.AppendAllTextAsync(segment, new string(' ', Tarn.Access.Trails.TrailFollower.MaxLineBytes + 1));
            Assert.Empty(await NewAsync(follower));
        }

        await File.AppendAllTextAsync(segment, line + line.Replace("first", "next", StringComparison.Ordinal));
        Assert.Equal(["next"], await NewAsync(follower));
    }

    [Fact]
    public async Task ReadNew_LineWithoutEnd_IsLeftOut()
    {
        string segment = await RecordAsync("first");
        string line = await File.ReadAllTextAsync(segment);
        await File.AppendAllTextAsync(segment, new string(' ', Tarn.Access.Trails.TrailFollower.MaxLineBytes) + line + line.Replace("first", "next", StringComparison.Ordinal) + "half a line");
        Assert.Equal(["first", "next"], await NewAsync(Follower()));
    }

    [Fact]
    public async Task ReadNew_NothingNew_OpensNoSegment()
    {
        var follower = Follower();
        string segment = await RecordAsync("first");
        await File.AppendAllTextAsync(segment, "half a line");
        Assert.Equal(["first"], await NewAsync(follower));
        // Whoever opens it now fails.
        using var alone = new FileStream(segment, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        Assert.Empty(await NewAsync(follower));
    }

    private AuditFollower Follower() => new(_folder["audit"], new AuditQuery());

    /// <summary>Records one event.</summary>
    /// <returns>The trail's only segment, in which it stands.</returns>
    private async Task<string> RecordAsync(string id)
    {
        await using (var writer = new AuditWriter(_folder["audit"], new AuditOptions(), TimeProvider.System))
            writer.Record(Event(id, isAllowed: true));
        return Assert.Single(Directory.GetFiles(_folder["audit"], "*.ndjson"));
    }

    private static async Task<IReadOnlyList<string?>> NewAsync(AuditFollower follower) => await follower.ReadNewAsync().Select(e => e.RequestId).ToListAsync();

    private static AuditEvent Event(string id, bool isAllowed) =>
        new(DateTimeOffset.UnixEpoch, AuditKind.Decision, "arn:aws:iam::1:user/ada", null, "s3:GetObject", "arn:aws:s3:::lake/k", null, isAllowed, "because", id);
}
