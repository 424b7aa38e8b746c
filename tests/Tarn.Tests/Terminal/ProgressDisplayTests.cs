using Tarn.Engine.Sessions;
using Tarn.Terminal;
using Tarn.Tests.Fakes;

namespace Tarn.Tests.Terminal;

public sealed class ProgressDisplayTests
{
    private sealed class Clock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Advance(double seconds) => _now += TimeSpan.FromSeconds(seconds).Ticks;
    }

    [Fact]
    public void Report_WithinASecond_ShowsNothing()
    {
        var (streams, clock) = (new MemoryStreams(errorIsTerminal: true), new Clock());
        using (var display = new ProgressDisplay(streams.Streams, clock))
        {
            clock.Advance(0.9);
            display.Report(new StatementProgress("reading", 1, 2, "rows"));
        }

        Assert.Equal("", streams.Error);
    }

    [Fact]
    public void Report_SwitchedOff_ShowsNothing()
    {
        var (streams, clock) = (new MemoryStreams(showsProgress: false), new Clock());
        using (var display = new ProgressDisplay(streams.Streams, clock))
        {
            clock.Advance(10);
            display.Report(new StatementProgress("reading", 1, 2, "rows"));
        }

        Assert.Equal("", streams.Error);
    }

    [Fact]
    public void Report_IntoAPipe_WritesALineEveryFewSeconds()
    {
        var (streams, clock) = (new MemoryStreams(), new Clock());
        using var display = new ProgressDisplay(streams.Streams, clock);
        for (int i = 0; i <= 80; i++)
        {
            display.Report(new StatementProgress("reading a.csv", i * 100_000, 10_000_000, "rows"));
            clock.Advance(0.1);
        }

        string[] lines = streams.Error.TrimEnd('\n').Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.Equal("reading a.csv  10 %  1 M rows  1 M rows/s  9.00 s left", lines[0]);
    }

    [Fact]
    public void Report_OnATerminal_DrawsABarAndTakesItAway()
    {
        var (streams, clock) = (new MemoryStreams(errorIsTerminal: true), new Clock());
        using (var display = new ProgressDisplay(streams.Streams, clock))
        {
            display.Report(new StatementProgress("writing", 0, 100, "%"));
            clock.Advance(2);
            display.Report(new StatementProgress("writing", 50, 100, "%"));
        }

        Assert.Contains("████████████░░░░░░░░░░░░ writing  50 %  2.00 s left", streams.Error, StringComparison.Ordinal);
        Assert.EndsWith("\r\e[K", streams.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Report_RowsOfAStatementFirstToldLate_GivesTheirRateSinceItBegan()
    {
        var (streams, clock) = (new MemoryStreams(), new Clock());
        using var display = new ProgressDisplay(streams.Streams, clock);
        clock.Advance(2);
        display.Report(new StatementProgress("running", 20, 100, "%") { Rows = 4_000_000 });

        Assert.Equal("running  20 %  4 M rows  2 M rows/s  8.00 s left\n", streams.Error);
    }

    [Fact]
    public void Report_LaterStage_CountsItsOwnRows()
    {
        var (streams, clock) = (new MemoryStreams(), new Clock());
        using var display = new ProgressDisplay(streams.Streams, clock);
        display.Report(new StatementProgress("reading", 0, null, "%"));
        clock.Advance(10);
        display.Report(new StatementProgress("writing", 1000, null, "bytes") { Rows = 1_000_000 });
        clock.Advance(4);
        display.Report(new StatementProgress("writing", 5000, null, "bytes") { Rows = 3_000_000 });

        Assert.EndsWith("writing  5 kB  3 M rows  500 k rows/s  1 kB/s\n", streams.Error, StringComparison.Ordinal);
    }
}
