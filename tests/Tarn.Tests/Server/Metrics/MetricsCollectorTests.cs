using System.Diagnostics.Metrics;
using Tarn.Server.Metrics;
using Tarn.Testing;

namespace Tarn.Tests.Server.Metrics;

public sealed class MetricsCollectorTests : IDisposable
{
    private readonly Meter _meter = new("test." + Guid.NewGuid().ToString("N"));
    private readonly MetricsCollector _collector;

    public MetricsCollectorTests() => _collector = new MetricsCollector(name => name == _meter.Name);

    public void Dispose()
    {
        _collector.Dispose();
        _meter.Dispose();
    }

    private string Text() => PrometheusText.Format(_collector.Collect());

    private static KeyValuePair<string, object?> Tag(string name, object? value) => new(name, value);

    [Fact]
    public void Format_Counter_SumsByLabels()
    {
        var counter = _meter.CreateCounter<long>("tarn.requests", "{request}", "Requests.");
        counter.Add(1, Tag("verb", "GET"), Tag("ok", true));
        counter.Add(2, Tag("ok", true), Tag("verb", "GET"));
        counter.Add(5, Tag("verb", "PUT"), Tag("ok", false));
        Assert.Equal("""
            # HELP tarn_requests_total Requests.
            # TYPE tarn_requests_total counter
            tarn_requests_total{ok="true",verb="GET"} 3
            tarn_requests_total{ok="false",verb="PUT"} 5

            """, Text(), ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void Format_Histogram_HasCumulativeBuckets()
    {
        var histogram = _meter.CreateHistogram<double>("tarn.wait", "s", "Waits.", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        foreach (double value in new[] { 0.05, 0.1, 0.5, 2 })
            histogram.Record(value);
        Assert.Equal("""
            # HELP tarn_wait_seconds Waits.
            # TYPE tarn_wait_seconds histogram
            tarn_wait_seconds_bucket{le="0.1"} 2
            tarn_wait_seconds_bucket{le="1"} 3
            tarn_wait_seconds_bucket{le="+Inf"} 4
            tarn_wait_seconds_sum 2.65
            tarn_wait_seconds_count 4

            """, Text(), ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void Format_Observed_ShowsOnlyWhatWasObservedThisTime()
    {
        var values = new List<Measurement<int>> { new(1, Tag("part", "a")), new(7, Tag("part", "b")) };
        _meter.CreateObservableGauge("tarn.depth", () => values);
        Assert.Contains("tarn_depth{part=\"b\"} 7", Text(), StringComparison.Ordinal);
        values.RemoveAt(1);
        Assert.Contains("tarn_depth{part=\"a\"} 1\n", Text(), StringComparison.Ordinal);
        Assert.DoesNotContain("part=\"b\"", Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void Format_UpDownCounterAndGauge_ShowTheLastState()
    {
        var open = _meter.CreateUpDownCounter<int>("tarn.open");
        open.Add(3);
        open.Add(-1);
        var last = _meter.CreateGauge<double>("tarn.last");
        last.Record(5);
        last.Record(double.PositiveInfinity);
        Assert.Contains("tarn_open 2\n", Text(), StringComparison.Ordinal);
        Assert.Contains("tarn_last +Inf\n", Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void Format_OddText_IsEscaped()
    {
        _meter.CreateCounter<int>("tarn.odd", description: "a\\b\nc").Add(1, Tag("key", "say \"hi\"\\\n"));
        Assert.Contains("# HELP tarn_odd_total a\\\\b\\nc\n", Text(), StringComparison.Ordinal);
        Assert.Contains("tarn_odd_total{key=\"say \\\"hi\\\"\\\\\\n\"} 1\n", Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void Series_BeyondTheLimit_AreSummedUpInOne()
    {
        var counter = _meter.CreateCounter<int>("tarn.wild");
        for (int i = 0; i < MetricFamily.SeriesLimit + 50; i++)
            counter.Add(1, Tag("id", i));
        var lines = Text().Split('\n').Where(line => line.StartsWith("tarn_wild_total", StringComparison.Ordinal)).ToList();
        Assert.Equal(MetricFamily.SeriesLimit + 1, lines.Count);
        Assert.Contains("tarn_wild_total{otel_metric_overflow=\"true\"} 50", lines);
    }

    [Fact]
    public void Instruments_OfOneNameAndTwoKinds_DoNotMix()
    {
        _meter.CreateObservableGauge("tarn.same", static () => 1);
        _meter.CreateUpDownCounter<int>("tarn.same").Add(5);
        Assert.Equal(2, Text().Split('\n').Count(line => line.StartsWith("# TYPE", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Record_FromManyThreads_LosesNothing()
    {
        const int threads = 8, rounds = 5_000;
        var counter = _meter.CreateCounter<int>("tarn.busy");
        var histogram = _meter.CreateHistogram<int>("tarn.sizes");
        await Task.WhenAll(Enumerable.Range(0, threads).Select(thread => Task.Run(() =>
        {
            for (int i = 0; i < rounds; i++)
            {
                counter.Add(1, Tag("slot", i % 10));
                histogram.Record(i % 300);
            }
        })));
        string text = Text();
        for (int slot = 0; slot < 10; slot++)
            Assert.Contains($"tarn_busy_total{{slot=\"{slot}\"}} {threads * rounds / 10}\n", text, StringComparison.Ordinal);
        Assert.Contains($"tarn_sizes_count {threads * rounds}\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Format_OfTheWholeProcess_PassesPromtool()
    {
        using var all = new MetricsCollector();
        _meter.CreateHistogram<double>("tarn.wait", "s", "Waits.").Record(1, Tag("key", "say \"hi\"\\\n"));
        await Promtool.CheckAsync(PrometheusText.Format(all.Collect()) + Text());
    }
}
