using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Tarn.Tests;

/// <summary>What a run of the program gave.</summary>
internal sealed record ProcessResult(int ExitCode, string Out, string Error)
{
    public override string ToString() => $"exit code {ExitCode}\n--- stdout\n{Out}\n--- stderr\n{Error}";
}

/// <summary>Runs the built program as a process, in a folder of its own.</summary>
internal sealed class TarnProcess : IDisposable
{
    // Behind `nohup … &` the tests ignore Ctrl-C, and so would every process that they start: no signal would end it.
    private static readonly bool s_ignoresInterrupts = File.Exists("/proc/self/status") && IgnoresInterrupts(File.ReadAllText("/proc/self/status"));

    /// <summary>The program that the tests were built with.</summary>
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "tarn.exe" : "tarn");

    /// <summary>Working folder, removed at the end.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("tarn-cli").FullName;

    /// <summary>Whether it says how far long work is; on a slow machine any work may be long, and its messages are compared.</summary>
    public bool ShowsProgress { get; init; }

    /// <summary>Runs <c>tarn</c> with these words and waits.</summary>
    public Task<ProcessResult> RunAsync(params string[] words) => RunWithInputAsync("", words);

    /// <summary>Runs <c>tarn</c> with standard input.</summary>
    public async Task<ProcessResult> RunWithInputAsync(string input, params string[] words)
    {
        using var process = Start(words);
        return await FinishAsync(process, input);
    }

    /// <summary>Runs a line of bash, with <c>tarn</c> on its path.</summary>
    public async Task<ProcessResult> BashAsync(string line)
    {
        using var process = StartBash(line);
        return await FinishAsync(process, "");
    }

    /// <summary>Starts a line of bash, with <c>tarn</c> on its path, and does not wait.</summary>
    public Process StartBash(string line) => Start("bash", ["-c", line]);

    /// <summary>Starts <c>tarn</c> and does not wait.</summary>
    public Process Start(params string[] words) => Start(Program, words);

    /// <summary>Waits for a process and takes what it wrote.</summary>
    public static async Task<ProcessResult> FinishAsync(Process process, string input)
    {
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return new ProcessResult(process.ExitCode, await output, await error);
    }

    /// <summary>Sends a signal by name, e.g. <c>TERM</c>.</summary>
    public static void Send(Process process, string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Sends a signal, waits for the end and takes what the process wrote.</summary>
    public static Task<ProcessResult> EndAsync(Process process, string signal)
    {
        Send(process, signal);
        return FinishAsync(process, "");
    }

    private Process Start(string program, string[] words)
    {
        var start = new ProcessStartInfo(s_ignoresInterrupts ? "env" : program, s_ignoresInterrupts ? ["--default-signal=INT", program, .. words] : words)
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("TARN_DATA");
        start.Environment["TARN_PROGRESS"] = ShowsProgress ? "on" : "off";
        start.Environment["PATH"] = $"{AppContext.BaseDirectory}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}";
        return Process.Start(start)!;
    }

    // Bit n - 1 of the mask is signal n; SIGINT is 2.
    private static bool IgnoresInterrupts(string status) =>
        Regex.Match(status, "^SigIgn:\\s*([0-9a-f]+)$", RegexOptions.Multiline) is { Success: true } mask && (Convert.ToUInt64(mask.Groups[1].Value, 16) & 2) != 0;

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
