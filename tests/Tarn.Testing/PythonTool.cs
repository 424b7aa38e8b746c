using System.Diagnostics;
using System.Text;

namespace Tarn.Testing;

/// <summary>Runs scripts in the machine's own Python, as a second opinion on formats.</summary>
public static class PythonTool
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    // A Python of the user's choice first; the system's own may have modules that another one in the path lacks.
    private static readonly string[] Candidates = [Environment.GetEnvironmentVariable("TARN_PYTHON") ?? "python3", "python3", "/usr/bin/python3"];

    /// <summary>True when some Python of this machine imports the module; otherwise says on the console what is skipped.</summary>
    public static bool Has(string module)
    {
        if (Candidates.Any(python => TryRun(python, $"import {module}", [], out _)))
            return true;
        LoudSkip.Say($"no python3 with module '{module}' is installed; its opinion was not asked.");
        return false;
    }

    /// <summary>Runs a script with the Python that imports <paramref name="module"/> and returns what it printed.</summary>
    /// <exception cref="InvalidOperationException">The script failed; the message holds its error output.</exception>
    public static string Run(string module, string script, params string[] arguments)
    {
        string python = Candidates.First(candidate => TryRun(candidate, $"import {module}", [], out _));
        return TryRun(python, script, arguments, out string output) ? output : throw new InvalidOperationException(output);
    }

    private static bool TryRun(string python, string script, string[] arguments, out string output)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(python, ["-c", script, .. arguments])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var errors = new StringBuilder();
            process.ErrorDataReceived += (_, line) => errors.AppendLine(line.Data);
            process.BeginErrorReadLine();
            output = process.StandardOutput.ReadToEnd();
            if (process.WaitForExit(Limit))
                process.WaitForExit(); // until the last line of its errors is here
            if (process.HasExited && process.ExitCode == 0)
                return true;
            output = errors.ToString();
            return false;
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            output = missing.Message;
            return false;
        }
    }
}
