using System.Diagnostics;
using System.Text;

namespace Tarn.Interop.Tests.Peers;

/// <summary>Runs a foreign program: requests on its standard input, answers from its standard output.</summary>
internal static class PeerProcess
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);

    /// <summary>Runs to the end and returns the lines it printed.</summary>
    /// <param name="exitCodes">Exit codes that its answers may come with; 0 alone when null.</param>
    /// <exception cref="InvalidOperationException">It failed; the message holds its error output.</exception>
    public static async Task<IReadOnlyList<string>> RunAsync(
        string program, IEnumerable<string> arguments, IEnumerable<string> input, string? folder = null, IReadOnlyList<int>? exitCodes = null)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = folder ?? AppContext.BaseDirectory,
            Environment = { ["JAVA_OPTS"] = "-Djava.security.manager=allow", ["PYTHONUTF8"] = "1", ["PYTHONDONTWRITEBYTECODE"] = "1" },
        })!;
        using var limit = new CancellationTokenSource(Limit);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            await process.StandardInput.WriteAsync(string.Join('\n', input) + "\n");
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it read everything: its exit code and its error output, below, say why.
        }

        string text = await output;
        await process.WaitForExitAsync(limit.Token);
        return (exitCodes ?? [0]).Contains(process.ExitCode)
            ? text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await errors}");
    }

    /// <summary>A file of this project that a foreign program runs.</summary>
    public static string Script(string name) => Path.Join(AppContext.BaseDirectory, "Peers", name);
}
