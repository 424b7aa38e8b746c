using System.Diagnostics;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Tarn.Server.Tracing;
using Tarn.Tests.Server.Listening;

namespace Tarn.Tests.Server.Tracing;

public sealed class OtlpTracesTests
{
    private static readonly string[] s_sent = ["scan bronze.orders", "Microsoft.AspNetCore", "service.name"];
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Start_WithACollector_SendsSpansOfRequestsAndOfTarn()
    {
        var received = Channel.CreateUnbounded<(string Path, string? Type, byte[] Body)>();
        var collector = TestDoor.Create(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            received.Writer.TryWrite((context.Request.Path, context.Request.ContentType, body.ToArray()));
        }, maxBodyBytes: 1_000_000);
        await collector.StartAsync(default);
        using (OtlpTraces.Start(new Uri($"http://{collector.Bound}")))
        {
            using var source = new ActivitySource("Tarn.Test");
            using (source.StartActivity("scan bronze.orders"))
            {
                var door = TestDoor.Create(TestDoor.Hello);
                await door.StartAsync(default);
                using var client = new HttpClient();
                Assert.Equal("hello", await client.GetStringAsync($"http://{door.Bound}/"));
                await door.StopAsync(default);
            }
        }

        // Several messages, when the spans of other tests fill the first or the machine is slow. Names are plain text inside of protobuf.
        string text = "";
        while (!s_sent.All(name => text.Contains(name, StringComparison.Ordinal)))
        {
            var (path, type, body) = await received.Reader.ReadAsync().AsTask().WaitAsync(s_limit);
            Assert.Equal(("/v1/traces", "application/x-protobuf"), (path, type));
            text += Encoding.Latin1.GetString(body);
        }

        await collector.StopAsync(default);
    }
}
