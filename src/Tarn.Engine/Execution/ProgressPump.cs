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
    private readonly ITimer _timer;

    private ProgressPump(DuckDbConnection connection, IProgress<StatementProgress> progress, string stage, TimeProvider time)
    {
        (_connection, _progress, _stage) = (connection, progress, stage);
        _timer = time.CreateTimer(_ => Look(), null, FirstLook, Interval);
    }

    /// <summary>Starts to look; null when nobody wants to know.</summary>
    /// <param name="context">The statement; its connection runs it.</param>
    /// <param name="stage">What is being done.</param>
    public static ProgressPump? Start(StatementContext context, string stage) =>
        context.Options.Progress is { } progress ? new ProgressPump(context.Connection, progress, stage, context.Services.Time) : null;

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        double percent = _connection.Progress().Percentage;
        // Not every plan can be counted; that it runs is still worth saying.
        _progress.Report(percent is > 0 and <= 100 ? new StatementProgress(_stage, percent, 100, "%") : new StatementProgress(_stage, 0, null, "%"));
    }
}
