using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Tarn.Core.Files;
using Tarn.S3.Notifications;
using Tarn.Storage.Buckets.Events;
using Tarn.Testing.Files;

namespace Tarn.S3.Tests.Notifications;

public sealed class WebhookSenderTests : IDisposable
{
    // A limit for a machine that does much else.
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Run_OldestEventIsGone_SendsTheNextAndCountsTheLoss()
    {
        var spool = new EventSpool(_folder["hook"], 10);
        spool.Add("gone"u8);
        File.Delete(Assert.Single(Directory.GetFiles(_folder["hook"])));
        spool.Add("next"u8);

        Assert.Equal(["next"], await SendUntilAsync(spool, "next", _ => HttpStatusCode.OK));
        Assert.Equal(1, spool.DroppedCount);
    }

    [Fact]
    public async Task Run_OldestEventCannotBeRead_TriesForAWhileAndSendsTheNext()
    {
        var disk = new UnreadableFirst();
        var spool = new EventSpool(_folder["hook"], 10, disk);
        spool.Add("bad"u8);
        spool.Add("next"u8);

        Assert.Equal(["next"], await SendUntilAsync(spool, "next", _ => HttpStatusCode.OK));
        Assert.Equal((1L, 20), (spool.DroppedCount, disk.TryCount));
    }

    [Theory]
    [InlineData(HttpStatusCode.UnprocessableEntity, 300, 1)]
    [InlineData(HttpStatusCode.TooManyRequests, 400, 0)]
    [InlineData(HttpStatusCode.BadGateway, 400, 0)]
    public async Task Run_EventThatIsNotTaken_IsGivenUpOnlyWhenItIsRefusedItself(HttpStatusCode status, int tries, int dropped)
    {
        var spool = new EventSpool(_folder["hook"], 10);
        spool.Add("refused"u8);
        spool.Add("next"u8);
        int refused = 0;

        var sent = await SendUntilAsync(spool, "next", message => message == "next" || ++refused > 400 ? HttpStatusCode.OK : status);

        Assert.Equal((tries, dropped), (Math.Min(refused, 400), (int)spool.DroppedCount));
        Assert.Equal("next", sent[^1]);
    }

    private static async Task<List<string>> SendUntilAsync(EventSpool spool, string last, Func<string, HttpStatusCode> answer)
    {
        using var stop = new CancellationTokenSource(s_limit);
        using var hook = new Hook(answer, last, stop);
        using var client = new HttpClient(hook);
        var sender = new WebhookSender(new Webhook("orders", new Uri("http://hook.invalid/")), spool, null, client, new NoWaiting(), NullLogger.Instance);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sender.RunAsync(stop.Token));
        return hook.Sent;
    }

    /// <summary>Keeps what is sent, and stops the sender with the last message.</summary>
    private sealed class Hook(Func<string, HttpStatusCode> answer, string last, CancellationTokenSource stop) : HttpMessageHandler
    {
        public List<string> Sent { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            string message = await request.Content!.ReadAsStringAsync(cancellationToken);
            var status = answer(message);
            if (status == HttpStatusCode.OK)
                Sent.Add(message);
            if (message == last)
                await stop.CancelAsync();
            return new HttpResponseMessage(status);
        }
    }

    /// <summary>A clock on which every wait is over at once.</summary>
    private sealed class NoWaiting : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => System.CreateTimer(callback, state, TimeSpan.Zero, period);
    }

    /// <summary>A disk that does not give back the file that was written first.</summary>
    private sealed class UnreadableFirst : ForwardingFileSystem
    {
        public int TryCount { get; private set; }

        public override IFileHandle OpenRead(string path)
        {
            if (!Path.GetFileName(path).StartsWith("0000000000000000", StringComparison.Ordinal))
                return base.OpenRead(path);
            TryCount++;
            throw FileErrors.Create(FileFailure.InputOutput, path);
        }
    }
}
