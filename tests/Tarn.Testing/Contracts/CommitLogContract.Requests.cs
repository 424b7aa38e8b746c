using Tarn.Core.Errors;
using Tarn.Metastore;
using Tarn.Metastore.Requests;

namespace Tarn.Testing.Contracts;

/// <content>Requests that may come again.</content>
public abstract partial class CommitLogContract
{
    private static readonly DateTimeOffset Late = new(2999, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Append_RequestThatWasApplied_ChangesNothingAndSaysWhatItDid()
    {
        var log = Open();
        await log.AppendAsync(CreateSales());
        var request = Request("ada");
        var put = Put("orders", null, "m1");
        var made = await log.AppendAsync(put with { Changes = [.. put.Changes, new CatalogChange.RememberRequest(request, ["m1", "é"])] });
        var other = Open();
        var applied = (await other.ReadAsync()).Applied.Find(request.Key, DateTimeOffset.UtcNow)!;
        Assert.Equal((request, made.Number), (applied.Request, applied.Number));
        Assert.Equal(["m1", "é"], applied.Result);
        var again = await Assert.ThrowsAsync<RepeatedRequestException>(() => other.AppendAsync(
            new CommitRequest("ada", [], [PutChange("orders", "m2"), new CatalogChange.RememberRequest(request with { Digest = "other" }, [])])).AsTask());
        Assert.Equal(ErrorKind.Conflict, again.Kind);
        await log.AppendAsync(Change(new CatalogChange.RememberRequest(request with { Key = request.Key with { Caller = "bob" } }, [])));
        var state = await Open().ReadAsync();
        Assert.Equal((3, 2, "m1"), (state.Number, state.Applied.Count, state.Main.FindTable(Name("orders"))!.MetadataLocation));
        Assert.Null(state.Applied.Find(request.Key, Late));
    }

    [Fact]
    public async Task Append_RequestsPastTheirTime_AreForgotten()
    {
        var log = Open();
        var (ended, other) = (Request("ada") with { Until = DateTimeOffset.UnixEpoch }, Request("bob"));
        for (int i = 0; i < 3; i++)
            await log.AppendAsync(Change(new CatalogChange.RememberRequest(ended, [])));
        await log.AppendAsync(Change(new CatalogChange.RememberRequest(other, [])));
        Assert.Equal([other], (await Open().ReadAsync()).Applied.All.Select(a => a.Request));
    }

    [Fact]
    public async Task Append_NoRoomForRequests_IsRefused()
    {
        var log = Open();
        var request = Request("ada");
        var tooMany = new CommitRequest("ada", [new CommitCondition.RoomForRequests([request.Key], 0)], [new CatalogChange.RememberRequest(request, [])]);
        Assert.Equal(ErrorKind.Unavailable, (await Assert.ThrowsAsync<RequestsFullException>(() => log.AppendAsync(tooMany).AsTask())).Kind);
        Assert.Equal(0, (await log.ReadAsync()).Number);
    }

    private static IdempotentRequest Request(string caller) => new(new RequestKey(caller, Guid.NewGuid()), "digest", Late);
}
