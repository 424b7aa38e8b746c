using Tarn.Server.Metrics;

namespace Tarn.Tests.Server.Metrics;

public sealed class MetricNameTests
{
    [Theory]
    [InlineData("http.server.request.duration", "s", "Histogram", "http_server_request_duration_seconds")]
    [InlineData("dotnet.gc.collections", "{collection}", "Counter", "dotnet_gc_collections_total")]
    [InlineData("dotnet.gc.heap.total_allocated", "By", "Counter", "dotnet_gc_heap_total_allocated_bytes_total")]
    [InlineData("dotnet.timer.count", "{timer}", "Gauge", "dotnet_timer_current")]
    [InlineData("tarn.cache.hit", "1", "Gauge", "tarn_cache_hit_ratio")]
    [InlineData("tarn.wait_seconds", "s", "Gauge", "tarn_wait_seconds")]
    [InlineData("a--b..c-", null, "Gauge", "a_b_c")]
    [InlineData("9lives", null, "Gauge", "_9lives")]
    [InlineData("größe", null, "Gauge", "gr_e")]
    public void Of_InstrumentName_FollowsTheRulesOfPrometheus(string name, string? unit, string kind, string expected) =>
        Assert.Equal(expected, MetricName.Of(name, unit, Enum.Parse<MetricKind>(kind)));
}
