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
    private readonly long? _bytes;
    private readonly ITimer _timer;

    private ProgressPump(DuckDbConnection connection, IProgress<StatementProgress> progress, string stage, long? bytes, TimeProvider time)
    {
        (_connection, _progress, _stage, _bytes) = (connection, progress, stage, bytes);
        _timer = time.CreateTimer(_ => Look(), null, FirstLook, Interval);
    }

    /// <summary>Starts to look; null when nobody wants to know.</summary>
    /// <param name="context">The statement; its connection runs it.</param>
    /// <param name="stage">What is being done.</param>
    /// <param name="bytes">Bytes that it reads in all, where known: then progress is told in bytes.</param>
    public static ProgressPump? Start(StatementContext context, string stage, long? bytes = null) =>
        context.Options.Progress is { } progress ? new ProgressPump(context.Connection, progress, stage, bytes, context.Services.Time) : null;

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        double percent = _connection.Progress().Percentage;
        _progress.Report((percent, _bytes) switch
        {
            (> 0 and <= 100, { } bytes) => new StatementProgress(_stage, percent / 100 * bytes, bytes, "bytes"),
            (> 0 and <= 100, null) => new StatementProgress(_stage, percent, 100, "%"),
            // Not every plan can be counted; that it runs is still worth saying.
            _ => new StatementProgress(_stage, 0, null, "%"),
        });
    }
}
