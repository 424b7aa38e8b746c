using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Tarn.Access;
using Tarn.Access.Sessions;
using Tarn.S3.Tests.Hosting;
using Tarn.Testing.S3;

namespace Tarn.S3.Tests.Objects;

/// <summary>Keys that a service has granted are asked about when a request begins, and again when what it brings has arrived: that may have taken long.</summary>
public sealed class ReplacingTests : IAsyncLifetime
{
    private const string Put = "s3:PutObject", Delete = "s3:DeleteObject";
    private const string All = """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}""";

    private static readonly Dictionary<string, Func<S3Client, Task<S3Reply>>> s_ways = new()
    {
        ["put"] = keys => keys.PutAsync("box", "k", "new"u8.ToArray()),
        ["copy"] = keys => keys.SendAsync(HttpMethod.Put, "/box/k", copySource: "/box/source"),
        ["multipart"] = keys => keys.PutPartsAsync("box", "k", ["new"u8.ToArray()]),
    };

    private readonly EndingGrants _grants = new();
    private S3TestServer _server = null!;
    private S3Client _root = null!, _keys = null!;

    public static TheoryData<string> Ways => [.. s_ways.Keys];

    public async Task InitializeAsync()
    {
        _server = await S3TestServer.StartAsync(grants: _grants);
        _root = new S3Client(_server.Http.Authority, S3TestServer.AccessKey, S3TestServer.Secret);
        var root = (await _server.Access.FindAccessKeyAsync(S3TestServer.AccessKey)).Credential!.Caller;
        var issued = await _server.Tokens.DelegateAsync(root, new DelegationRequest("catalog", All, TimeSpan.FromHours(1), "a table"));
        _keys = new S3Client(_server.Http.Authority, issued.AccessKeyId, issued.SecretAccessKey, issued.SessionToken);
        await _server.Store.CreateBucketAsync(new("box", DateTimeOffset.UnixEpoch));
        Assert.Equal(HttpStatusCode.OK, (await _root.PutAsync("box", "source", "new"u8.ToArray())).Status);
    }

    public async Task DisposeAsync()
    {
        _root.Dispose();
        _keys.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Writes_WithKeysThatStayGood_ReplaceWhatIsThere(string way)
    {
        Assert.Equal(HttpStatusCode.OK, (await _root.PutAsync("box", "k", "old"u8.ToArray())).Status);
        Assert.Equal(HttpStatusCode.OK, (await s_ways[way](_keys)).Status);
        Assert.Equal("new", await ReadAsync());
    }

    /// <summary>The last time of asking is when all is there: an upload in parts is begun, has one part, and is completed.</summary>
    [Theory]
    [InlineData("put", 2)]
    [InlineData("copy", 2)]
    [InlineData("multipart", 4)]
    public async Task Writes_WhoseKeysEndBeforeTheyAreDone_ChangeNothing(string way, int last)
    {
        Assert.Equal(HttpStatusCode.OK, (await _root.PutAsync("box", "k", "old"u8.ToArray())).Status);
        _grants.EndAt(Put, last);
        string refusal = Encoding.UTF8.GetString((await s_ways[way](_keys)).Body);
        Assert.Contains("<Code>AccessDenied</Code>", refusal, StringComparison.Ordinal);
        Assert.Contains(EndingGrants.Refusal, refusal, StringComparison.Ordinal);
        Assert.Equal("old", await ReadAsync());
        var trail = await _server.EndAuditAsync(new() { Action = Put });
        Assert.Contains(trail, e => !e.IsAllowed && e.Reason == EndingGrants.Refusal);
    }

    /// <summary>The reason is that of the service, which is told of what was tried alone.</summary>
    [Theory]
    [InlineData("put", 2)]
    [InlineData("copy", 2)]
    [InlineData("multipart", 1)]
    public async Task Writes_WhoseKeysMayNotReplaceAnyMoreWhenTheyAreDone_ReplaceNothing(string way, int last)
    {
        Assert.Equal(HttpStatusCode.OK, (await _root.PutAsync("box", "k", "old"u8.ToArray())).Status);
        _grants.EndAt(Delete, last);
        var refused = await s_ways[way](_keys);
        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
        Assert.Contains("to replace it takes s3:DeleteObject. " + EndingGrants.Refusal, Encoding.UTF8.GetString(refused.Body), StringComparison.Ordinal);
        Assert.Empty(_grants.Noted);
        Assert.Equal("old", await ReadAsync());
        Assert.Equal(HttpStatusCode.NoContent, (await _root.DeleteAsync("box", "k")).Status);
        Assert.Equal(HttpStatusCode.OK, (await s_ways[way](_keys)).Status);
        Assert.Equal("new", await ReadAsync());
        Assert.Equal(HttpStatusCode.Forbidden, (await _keys.DeleteAsync("box", "k")).Status);
        Assert.Equal(Delete, Assert.Single(_grants.Noted));
    }

    private async Task<string> ReadAsync() => Encoding.UTF8.GetString((await _root.GetAsync("box", "k")).Body);

    private sealed class EndingGrants : IGrantReview
    {
        public const string Refusal = "The keys are good for this no more.";

        /// <summary>What was tried and refused.</summary>
        public ConcurrentBag<string> Noted { get; } = [];

        private string _action = "";
        private int _last = int.MaxValue, _asked;

        /// <summary>Refuses an action from the time on that it is asked about so often.</summary>
        public void EndAt(string action, int count) => (_action, _last, _asked) = (action, count, 0);

        public ValueTask<string?> FindRefusalAsync(Caller caller, string action, string resource, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(action == _action && ++_asked >= _last ? Refusal : null);

        public ValueTask NoteRefusedAsync(Caller caller, string action, string resource, CancellationToken cancellationToken = default)
        {
            Noted.Add(action);
            return ValueTask.CompletedTask;
        }
    }
}
