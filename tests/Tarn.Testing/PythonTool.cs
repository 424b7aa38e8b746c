using System.Diagnostics;

namespace Tarn.Testing;

/// <summary>Runs scripts in the machine's own Python, as a second opinion on formats.</summary>
public static class PythonTool
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>True when <c>python3</c> imports the module; otherwise says on the console what is skipped.</summary>
    public static bool Has(string module)
    {
        if (TryRun($"import {module}", [], out _))
            return true;
        Console.WriteLine($"SKIPPED: python3 with module '{module}' is not installed; its opinion was not asked.");
        return false;
    }

    /// <summary>Runs a script and returns what it printed.</summary>
    /// <exception cref="InvalidOperationException">The script failed; the message holds its error output.</exception>
    public static string Run(string script, params string[] arguments) =>
        TryRun(script, arguments, out string output) ? output : throw new InvalidOperationException(output);

    private static bool TryRun(string script, string[] arguments, out string output)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("python3", ["-c", script, .. arguments])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var errors = process.StandardError.ReadToEndAsync();
            output = process.StandardOutput.ReadToEnd();
            if (!process.WaitForExit(Limit) || process.ExitCode != 0)
            {
                output = errors.Result;
                return false;
            }

            return true;
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            output = missing.Message;
            return false;
        }
    }
}
