using Tarn.Engine.Sessions;
using Tarn.Output;
using Tarn.Terminal;

namespace Tarn.Shell;

/// <summary>Runs statements one by one and prints what they answer: rows to stdout, everything else to stderr.</summary>
internal sealed class StatementRunner(ISqlSession session, Streams streams, string format)
{
    /// <summary>One of the values of <c>--format</c>.</summary>
    public string Format { get; set; } = format;

    /// <summary>One line for each value.</summary>
    public bool Expanded { get; set; }

    /// <summary>Says after each statement how many rows it gave and how long it took.</summary>
    public bool Talks { get; set; }

    /// <summary>The session.</summary>
    public ISqlSession Session { get; } = session;

    /// <summary>Runs a statement and prints its answer.</summary>
    /// <exception cref="Core.Errors.TarnException">It failed.</exception>
    public async Task RunAsync(string sql, CancellationToken cancellationToken)
    {
        var start = TimeProvider.System.GetTimestamp();
        using var progress = new ProgressDisplay(streams, TimeProvider.System);
        await using var result = await Session.ExecuteAsync(sql, new StatementOptions { Progress = progress }, cancellationToken);
        if (streams.OutIsTerminal)
            progress.Dispose();
        long rows = await ResultWriter.WriteAllAsync(result, Format, streams, Expanded, cancellationToken);
        progress.Dispose();
        foreach (string notice in result.Notices)
            streams.Error.WriteLine($"{streams.ErrorStyle.Cyan("note:")} {notice}");
        if (Ending(result, rows, TimeProvider.System.GetElapsedTime(start)) is { Length: > 0 } ending)
            streams.Error.WriteLine(streams.ErrorStyle.Dim(ending));
    }

    private string Ending(StatementResult result, long rows, TimeSpan elapsed)
    {
        string what = result.Columns.Count > 0 ? $"{Quantity.Count(rows)} {(rows == 1 ? "row" : "rows")}"
            : result.AffectedRows is { } affected ? $"{result.Tag} {Quantity.Count(affected)}"
            : result.Tag;
        return Talks ? $"{what}, {Quantity.Duration(elapsed)}" : result.Columns.Count > 0 ? "" : what;
    }
}
