using System.Diagnostics;
using System.Text.Json;
using Tarn.Server;

namespace Tarn.Tests.Server;

/// <summary>The real program, started as <c>tarn up</c> on free ports with a data folder of its own.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    // A limit for a machine that does something else as well; what is waited for takes less than a second.
    private static readonly TimeSpan s_waitLimit = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly List<string> _log = [];

    private RunningServer(Process process, IReadOnlyList<string> printed, IReadOnlyDictionary<string, string> listeners, TimeSpan startTime)
    {
        (_process, Printed, Listeners, StartTime) = (process, printed, listeners, startTime);
    }

    /// <summary>The lines up to the last one of the start.</summary>
    public IReadOnlyList<string> Printed { get; }

    /// <summary>The content of the ready file.</summary>
    public IReadOnlyDictionary<string, string> Listeners { get; }

    /// <summary>From the start of the process until it said that it is ready.</summary>
    public TimeSpan StartTime { get; }

    /// <summary>Address of the main listener.</summary>
    public string Http => "http://" + Listeners["http"];

    /// <summary>Its id.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Starts the program and waits until it is ready.</summary>
    public static async Task<RunningServer> StartAsync(TarnProcess tarn, params string[] words)
    {
        string readyFile = Path.Join(tarn.Folder, $"ready-{Guid.NewGuid():N}.json");
        long began = Stopwatch.GetTimestamp();
        var process = tarn.Start([.. Words(readyFile), .. words]);
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(s_waitLimit);
        var printed = new List<string>();
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            printed.Add(line);
            if (line != ServerListing.LastLine)
                continue;
            var took = Stopwatch.GetElapsedTime(began);
            var listeners = JsonSerializer.Deserialize<Dictionary<string, string>>(await File.ReadAllTextAsync(readyFile, limit.Token))!;
            return new RunningServer(process, printed, listeners, took);
        }

        throw new InvalidOperationException($"tarn up did not start:\n{string.Join('\n', printed)}\n{await process.StandardError.ReadToEndAsync(limit.Token)}");
    }

    /// <summary>The words that start a server on free ports.</summary>
    public static string[] Words(string readyFile) =>
        ["up", "--listen-http", "127.0.0.1:0", "--listen-s3", "127.0.0.1:0", "--listen-catalog", "127.0.0.1:0", "--listen-hive", "127.0.0.1:0", "--ready-file", readyFile];

    /// <summary>Sends a signal by name, e.g. <c>TERM</c>.</summary>
    public void Send(string signal) => TarnProcess.Send(_process, signal);

    /// <summary>Ends it at once, as <c>kill -9</c> does.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Reads the log up to a line.</summary>
    /// <returns>That line.</returns>
    public async Task<string> ReadLogAsync(Predicate<string> wanted)
    {
        using var limit = new CancellationTokenSource(s_waitLimit);
        while (await _process.StandardError.ReadLineAsync(limit.Token) is { } line)
        {
            _log.Add(line);
            if (wanted(line))
                return line;
        }

        throw new InvalidOperationException($"The log ended without the line:\n{string.Join('\n', _log)}");
    }

    /// <summary>Waits for the end.</summary>
    public async Task<ProcessResult> EndAsync()
    {
        string rest = await _process.StandardError.ReadToEndAsync();
        await _process.WaitForExitAsync();
        return new ProcessResult(_process.ExitCode, string.Join('\n', Printed), string.Join('\n', [.. _log, rest]));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
