using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Tarn.Server.Logging;

/// <summary>The log of a running server.</summary>
internal sealed class ServerLog : IAsyncDisposable
{
    private readonly LogSink _sink;

    /// <summary>Opens the log.</summary>
    /// <param name="target">Where lines go.</param>
    /// <param name="form">Their form.</param>
    /// <param name="level">The least level; what the web server itself says appears from warnings on, or all of it at debug.</param>
    /// <param name="time">The clock.</param>
    public ServerLog(TextWriter target, LogForm form, LogLevel level, TimeProvider time)
    {
        Func<LogEvent, string> format = form == LogForm.Json ? logged => logged.ToJsonLine() : logged => logged.ToConsoleLine();
        _sink = new LogSink(target, dropped => format(new LogEvent(
            time.GetUtcNow(), LogLevel.Warning, typeof(ServerLog).FullName!, string.Create(CultureInfo.InvariantCulture, $"{dropped} log lines were dropped because nobody read fast enough"),
            [KeyValuePair.Create("Dropped", (object?)dropped)], null, null)), time);
        Factory = LoggerFactory.Create(logging => logging
            .SetMinimumLevel(level)
            .AddFilter("Microsoft", level == LogLevel.Debug ? LogLevel.Debug : Max(level, LogLevel.Warning))
            // A failed start is thrown to the supervisor, which says it once and shorter.
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None)
            .AddProvider(new LineLoggerProvider(_sink, format, time)));
    }

    /// <summary>Makes loggers.</summary>
    public ILoggerFactory Factory { get; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Factory.Dispose();
        await _sink.DisposeAsync();
    }

    private static LogLevel Max(LogLevel a, LogLevel b) => a > b ? a : b;
}
