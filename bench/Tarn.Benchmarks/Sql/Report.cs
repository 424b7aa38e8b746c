using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Tarn.DuckDb;

namespace Tarn.Benchmarks.Sql;

/// <summary>A result in Markdown: what was measured, on what, and how to do it again. Printed, and written where <c>--out</c> says.</summary>
internal sealed class Report(string title, string command)
{
    private readonly StringBuilder text = new($"# {title}\n\n    dotnet run -c Release --project bench/Tarn.Benchmarks -- {command}\n\n");

    /// <summary>Adds a line.</summary>
    public void Line(string line = "")
    {
        text.Append(line).Append('\n');
        Console.WriteLine(line);
    }

    /// <summary>Adds a line with values in the form that every culture reads alike.</summary>
    public void Line(ref DefaultInterpolatedStringHandler line) => Line(string.Create(CultureInfo.InvariantCulture, ref line));

    /// <summary>Adds what the machine and the versions were.</summary>
    /// <param name="comparesDuckDb">Whether the results are beside DuckDB's.</param>
    public async Task EnvironmentAsync(bool comparesDuckDb = true)
    {
        string commit = await GitAsync("rev-parse --short HEAD").ConfigureAwait(false);
        string duckDb = comparesDuckDb ? $"DuckDB {DuckDbDatabase.LibraryVersion}, " : "";
        Line($"Commit {commit}, {DateTime.UtcNow:yyyy-MM-dd HH:mm}Z, .NET {Environment.Version}, {duckDb}{Environment.ProcessorCount} processors ({Processor()}), {RuntimeInformation.RuntimeIdentifier}, load {Load()} when it ended.");
        if (comparesDuckDb)
            Line("Tarn and raw DuckDB ran in turns in one process with the same settings; each number is a median, the ratio is the median of the pairs.");
    }

    /// <summary>Writes the report to a file.</summary>
    /// <param name="path">The file; null writes none.</param>
    public async Task WriteAsync(string? path)
    {
        if (path is not null)
            await File.WriteAllTextAsync(path, text.ToString()).ConfigureAwait(false);
    }

    private static async Task<string> GitAsync(string arguments)
    {
        using var git = Process.Start(new ProcessStartInfo("git", arguments) { RedirectStandardOutput = true })!;
        string output = await git.StandardOutput.ReadToEndAsync().ConfigureAwait(false);
        await git.WaitForExitAsync().ConfigureAwait(false);
        return output.Trim();
    }

    private static string Processor() => File.Exists("/proc/cpuinfo")
        ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown"
        : RuntimeInformation.ProcessArchitecture.ToString();

    private static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";
}
