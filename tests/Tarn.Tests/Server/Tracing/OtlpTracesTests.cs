using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Http;
using Tarn.Server.Tracing;
using Tarn.Tests.Server.Listening;

namespace Tarn.Tests.Server.Tracing;

public sealed class OtlpTracesTests
{
    [Fact]
    public async Task Start_WithACollector_SendsSpansOfRequestsAndOfTarn()
    {
        var received = new TaskCompletionSource<(string Path, string? Type, byte[] Body)>();
        var collector = TestDoor.Create(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            received.TrySetResult((context.Request.Path, context.Request.ContentType, body.ToArray()));
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

        var (path, type, sent) = await received.Task;
        await collector.StopAsync(default);
        Assert.Equal(("/v1/traces", "application/x-protobuf"), (path, type));
        // Names are plain text inside of protobuf.
        string text = Encoding.Latin1.GetString(sent);
        Assert.Contains("scan bronze.orders", text, StringComparison.Ordinal);
        Assert.Contains("Microsoft.AspNetCore", text, StringComparison.Ordinal);
        Assert.Contains("service.name", text, StringComparison.Ordinal);
    }
}
