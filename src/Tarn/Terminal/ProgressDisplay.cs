using System.Globalization;
using Tarn.Engine.Sessions;

namespace Tarn.Terminal;

/// <summary>
/// Shows how far a statement is, once it takes longer than a second: a bar on a terminal, else a line every few seconds. Goes to stderr.
/// </summary>
internal sealed class ProgressDisplay(Streams streams, TimeProvider time) : IProgress<StatementProgress>, IDisposable
{
    /// <summary>Shorter work shows nothing.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Between two lines in a pipe or file.</summary>
    public static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan BarInterval = TimeSpan.FromMilliseconds(100);
    private const int BarWidth = 24;

    private readonly Lock _lock = new();
    private readonly long _start = time.GetTimestamp();
    private long _stageStart = time.GetTimestamp();
    private string _stage = "";
    private (double Done, double Rows) _atStageStart;
    private long? _shown;
    private bool _barStands;
    private bool _closed;

    /// <inheritdoc/>
    public void Report(StatementProgress value)
    {
        lock (_lock)
        {
            if (_closed || !streams.ShowsProgress)
                return;
            if (value.Stage != _stage)
                EnterStage(value);
            // A stage that has just begun has nothing to tell yet.
            if (value is { Done: 0, Total: null } && time.GetElapsedTime(_stageStart) < Patience)
                return;
            var interval = streams.ErrorIsTerminal ? BarInterval : LineInterval;
            if (time.GetElapsedTime(_start) < Patience || (_shown is { } shown && time.GetElapsedTime(shown) < interval))
                return;
            _shown = time.GetTimestamp();
            Show(value);
        }
    }

    /// <summary>Takes the bar away and shows no more: results follow.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _closed = true;
            if (_barStands)
                streams.Error.Write("\r\e[K");
            _barStands = false;
        }
    }

    // The first stage began with the display: its work may be first told of when much is done.
    private void EnterStage(StatementProgress value)
    {
        if (_stage.Length > 0)
            (_stageStart, _atStageStart) = (time.GetTimestamp(), (value.Done, value.Rows ?? 0));
        _stage = value.Stage;
    }

    private void Show(StatementProgress value)
    {
        string text = Describe(value, time.GetElapsedTime(_stageStart), value.Done - _atStageStart.Done, (value.Rows ?? 0) - _atStageStart.Rows);
        if (!streams.ErrorIsTerminal)
        {
            streams.Error.WriteLine(text);
            return;
        }

        string line = value.Total is > 0 ? $"{Bar(value.Done / value.Total.Value)} {text}" : text;
        streams.Error.Write($"\r{DisplayWidth.Cut(line, Math.Max(20, streams.Width() - 1))}\e[K");
        _barStands = true;
    }

    private static string Bar(double share)
    {
        int full = (int)(Math.Clamp(share, 0, 1) * BarWidth);
        return new string('█', full) + new string('░', BarWidth - full);
    }

    /// <summary><c>reading orders.csv  45 %  9.1 M rows  1.2 M rows/s  98 MB/s  12 s left</c>.</summary>
    private static string Describe(StatementProgress value, TimeSpan elapsed, double doneInElapsed, double rowsInElapsed)
    {
        var parts = new List<string> { value.Stage };
        if (value.Total is > 0)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{Math.Clamp(100 * value.Done / value.Total.Value, 0, 100):0} %"));
        double rate = elapsed.TotalSeconds > 0 ? doneInElapsed / elapsed.TotalSeconds : 0;
        if (value is { Unit: "%", Total: null })
            parts.Add(Quantity.Duration(elapsed));
        if (value.Unit != "%" && (value.Total is null || value.Unit == "rows"))
            parts.Add(Amount(value.Done, value.Unit));
        if (value.Rows is { } rows)
            parts.Add($"{Quantity.Short(rows)} rows");
        if (rowsInElapsed > 0 && elapsed > TimeSpan.Zero)
            parts.Add($"{Quantity.Short(rowsInElapsed / elapsed.TotalSeconds)} rows/s");
        if (value.Unit != "%" && rate > 0)
            parts.Add(Amount(rate, value.Unit) + "/s");
        if (value.Total is { } total && rate > 0 && total > value.Done)
            parts.Add(Quantity.Duration(TimeSpan.FromSeconds(Math.Min((total - value.Done) / rate, 1e6))) + " left");
        return string.Join("  ", parts);
    }

    private static string Amount(double amount, string unit) => unit == "bytes" ? Quantity.Bytes(amount) : $"{Quantity.Short(amount)} {unit}";
}
