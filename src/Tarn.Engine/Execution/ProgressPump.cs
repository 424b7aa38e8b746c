using Tarn.DuckDb;
using Tarn.Engine.Sessions;

namespace Tarn.Engine.Execution;

/// <summary>Asks the running statement of a connection how far it is, and tells whoever looks. Ends on dispose.</summary>
internal sealed class ProgressPump : IDisposable
{
    // Most statements are over before the first look.
    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(700);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly DuckDbConnection _connection;
    private readonly IProgress<StatementProgress> _progress;
    private readonly string _stage;
    private readonly SourceExtent? _source;
    private readonly Func<long>? _written;
    private readonly ITimer _timer;

    private ProgressPump(DuckDbConnection connection, IProgress<StatementProgress> progress, string stage, SourceExtent? source, Func<long>? written, TimeProvider time)
    {
        (_connection, _progress, _stage, _source, _written) = (connection, progress, stage, source, written);
        _timer = time.CreateTimer(_ => Look(), null, FirstLook, Interval);
    }

    /// <summary>Starts to look; null when nobody wants to know.</summary>
    /// <param name="context">The statement; its connection runs it.</param>
    /// <param name="stage">What is being done.</param>
    /// <param name="source">What it reads in all, where known: then progress is told in bytes and rows.</param>
    /// <param name="written">Bytes that it has written, for plans that the engine cannot count; null when it writes none.</param>
    public static ProgressPump? Start(StatementContext context, string stage, SourceExtent? source = null, Func<long>? written = null)
    {
        context.Session.CountProgress(context.Options.Progress is not null);
        return context.Options.Progress is { } progress ? new ProgressPump(context.Connection, progress, stage, source, written, context.Services.Time) : null;
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var (percent, read, _) = _connection.Progress();
        double? rows = read > 0 ? read : null;
        _progress.Report((percent, _source) switch
        {
            (> 0 and <= 100, { } source) => new StatementProgress(_stage, percent / 100 * source.SizeBytes, source.SizeBytes, "bytes") { Rows = percent / 100 * source.RowCount },
            (> 0 and <= 100, null) => new StatementProgress(_stage, percent, 100, "%") { Rows = rows },
            // Not every plan can be counted: what it has written says how far it is, and that it runs is still worth saying.
            _ when _written?.Invoke() is > 0 and var written => new StatementProgress(_stage, written, null, "bytes") { Rows = rows },
            _ => new StatementProgress(_stage, 0, null, "%") { Rows = rows },
        });
    }
}

/// <summary>What a statement reads in all.</summary>
/// <param name="SizeBytes">Bytes of its files.</param>
/// <param name="RowCount">Rows in them, estimated; null when unknown.</param>
internal sealed record SourceExtent(long SizeBytes, double? RowCount);
