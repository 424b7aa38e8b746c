using System.Text.Json;
using Microsoft.Extensions.Logging;
using Tarn.Core.Errors;
using Tarn.Server.Logging;
using Tarn.Testing.Time;

namespace Tarn.Tests.Server.Logging;

public sealed partial class ServerLogTests
{
    private readonly StringWriter _lines = new() { NewLine = "\n" };

    private async Task<string[]> LogAsync(LogForm form, LogLevel level, Action<ILoggerFactory> write)
    {
        await using (var log = new ServerLog(_lines, form, level, new ManualTimeProvider()))
            write(log.Factory);
        return _lines.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    [Fact]
    public async Task Console_Event_IsOneLine()
    {
        var lines = await LogAsync(LogForm.Console, LogLevel.Information, logs => Stored(logs.CreateLogger("Tarn.Some.Place"), 3, "a\nb\u001b"));
        Assert.Equal("""2026-01-01 00:00:00.000Z warning Place: Stored 3 objects in a\nb\u001b""", Assert.Single(lines));
    }

    [Fact]
    public async Task Json_Event_HasItsValuesUnderTheirNames()
    {
        var lines = await LogAsync(LogForm.Json, LogLevel.Information, logs => Stored(logs.CreateLogger("Tarn.Some.Place"), 3, "a\n\"b\""));
        using var line = JsonDocument.Parse(Assert.Single(lines));
        var root = line.RootElement;
        Assert.Equal("warning", root.GetProperty("level").GetString());
        Assert.Equal("Tarn.Some.Place", root.GetProperty("category").GetString());
        Assert.Equal(3, root.GetProperty("object_count").GetInt32());
        Assert.Equal("a\n\"b\"", root.GetProperty("bucket").GetString());
        Assert.Equal(new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc), root.GetProperty("time").GetDateTime());
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Console_Error_ShowsThePlaceOfDefectsOnly(bool isExpected, bool showsPlace)
    {
        Exception error = isExpected ? TarnException.Invalid("no") : new InvalidOperationException("no");
        var lines = await LogAsync(LogForm.Console, LogLevel.Information, logs => Failed(logs.CreateLogger("x"), error));
        Assert.Equal(showsPlace, Assert.Single(lines).Contains("InvalidOperationException", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Levels_BelowTheLeast_AreLeftOut()
    {
        var lines = await LogAsync(LogForm.Console, LogLevel.Error, logs => Stored(logs.CreateLogger("x"), 1, "b"));
        Assert.Empty(lines);
    }

    [Fact]
    public async Task Queue_ThatNobodyReads_DropsAndCounts()
    {
        using var reader = new SlowWriter();
        await using (var log = new ServerLog(reader, LogForm.Console, LogLevel.Information, new ManualTimeProvider()))
        {
            var logger = log.Factory.CreateLogger("x");
            for (int i = 0; i < LogSink.QueueLimit + 100; i++)
                Stored(logger, i, "b");
            reader.Go();
        }

        Assert.Contains(reader.Lines, line => line.Contains("log lines were dropped", StringComparison.Ordinal));
        Assert.InRange(reader.Lines.Count, LogSink.QueueLimit, LogSink.QueueLimit + 3);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Stored {ObjectCount} objects in {Bucket}")]
    private static partial void Stored(ILogger logger, int objectCount, string bucket);

    [LoggerMessage(Level = LogLevel.Error, Message = "Failed")]
    private static partial void Failed(ILogger logger, Exception error);

    // Takes no line before it is told to.
    private sealed class SlowWriter : StringWriter
    {
        private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<string> Lines { get; } = [];

        public void Go() => _go.TrySetResult();

        public override async Task WriteLineAsync(string? value)
        {
            await _go.Task;
            Lines.Add(value!);
        }
    }
}
