using System.Net;
using System.Threading.Channels;
using Amazon.S3.Model;
using Microsoft.Extensions.Logging;
using Tarn.S3.Notifications;
using Tarn.S3.Tests.Hosting;
using Tarn.Storage.Buckets;
using Tarn.Testing.Files;
using static Tarn.S3.Tests.Hosting.S3TestClient;

namespace Tarn.S3.Tests.Notifications;

public sealed class EventDeliveryTests
{
    // A limit for a machine that does much else.
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Run_AfterAnEventThatCouldNotBeKept_DeliversTheNext()
    {
        var webhook = new Webhook("orders", new Uri("http://hook.invalid/"));
        var options = new S3Options { Webhooks = [webhook] };
        await using var server = await S3TestServer.StartAsync(options);
        using var root = server.Client();
        await root.PutBucketAsync("box");
        await root.PutBucketNotificationAsync(new PutBucketNotificationRequest { BucketName = "box", QueueConfigurations = [new() { Queue = webhook.QueueArn, Events = ["s3:ObjectCreated:*"] }] });
        using var folder = new TemporaryFolder();
        using var hook = new Hook();
        using var client = new HttpClient(hook);
        var log = new LinesLog();
        using var stop = new CancellationTokenSource();
        var store = (BucketStore)server.Store;
        var delivery = new EventDelivery(store, store.Events, options, folder.Path, client, TimeProvider.System, log).RunAsync(stop.Token);
        string spool = folder["orders"];
        await PutAsync(root, "first");
        Assert.Contains("first", await hook.Taken.ReadAsync().AsTask().WaitAsync(s_limit), StringComparison.Ordinal);

        Directory.Move(spool, spool + "-away");
        await PutAsync(root, "lost");
        Assert.Contains("is lost", await log.Lines.ReadAsync().AsTask().WaitAsync(s_limit), StringComparison.Ordinal);
        Directory.Move(spool + "-away", spool);
        await PutAsync(root, "last");

        Assert.Contains("last", await hook.Taken.ReadAsync().AsTask().WaitAsync(s_limit), StringComparison.Ordinal);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => delivery);
    }

    private static Task PutAsync(Amazon.S3.AmazonS3Client root, string key) => root.PutObjectAsync(new PutObjectRequest { BucketName = "box", Key = key, ContentBody = "x" });

    /// <summary>Takes every line.</summary>
    private sealed class LinesLog : ILogger
    {
        private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

        public ChannelReader<string> Lines => _lines.Reader;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Writer.TryWrite(formatter(state, exception));
    }

    /// <summary>Takes every message.</summary>
    private sealed class Hook : HttpMessageHandler
    {
        private readonly Channel<string> _taken = Channel.CreateUnbounded<string>();

        public ChannelReader<string> Taken => _taken.Reader;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            _taken.Writer.TryWrite(await request.Content!.ReadAsStringAsync(cancellationToken));
            return new HttpResponseMessage(HttpStatusCode.OK);
        }
    }
}
