using System.ComponentModel;
using System.Diagnostics;
using Tarn.Testing;

namespace Tarn.Tests.Server.Metrics;

/// <summary>Prometheus' own tool as the judge of a page of metrics: syntax and the rules of its names.</summary>
internal static class Promtool
{
    /// <summary>Fails with what the tool finds; without the tool, says so loudly.</summary>
    public static async Task CheckAsync(string page)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("promtool", ["check", "metrics"])
            {
                RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            })!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEndAsync();
            await process.StandardInput.WriteAsync(page);
            process.StandardInput.Close();
            await process.WaitForExitAsync();
            Assert.True(process.ExitCode == 0, $"promtool check metrics: {await output}{await errors}\n{page}");
        }
        catch (Win32Exception)
        {
            LoudSkip.Say("no promtool on the path (Debian: prometheus); it did not check /metrics.");
        }
    }
}
