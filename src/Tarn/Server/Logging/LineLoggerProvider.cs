using Microsoft.Extensions.Logging;

namespace Tarn.Server.Logging;

/// <summary>Turns log events into lines of one form.</summary>
/// <param name="sink">Takes the lines.</param>
/// <param name="format">Writes a line.</param>
/// <param name="time">The clock.</param>
internal sealed class LineLoggerProvider(LogSink sink, Func<LogEvent, string> format, TimeProvider time) : ILoggerProvider
{
    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new LineLogger(this, categoryName);

    // The sink belongs to whoever made it.
    void IDisposable.Dispose() => GC.SuppressFinalize(this);

    private void Write(LogEvent logged) => sink.Add(format(logged));

    private sealed class LineLogger(LineLoggerProvider provider, string category) : ILogger
    {
        IDisposable? ILogger.BeginScope<TState>(TState state) => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            provider.Write(new LogEvent(
                provider.Now, logLevel, category, formatter(state, exception),
                state as IReadOnlyList<KeyValuePair<string, object?>> ?? [], exception, System.Diagnostics.Activity.Current));
    }

    private DateTimeOffset Now => time.GetUtcNow();
}
