using System.Text.RegularExpressions;
using Tarn.CommandLine;
using Tarn.Testing;

namespace Tarn.Tests.Terminal;

/// <summary>The program on a terminal, which <c>script</c> of util-linux makes.</summary>
public sealed partial class TerminalWidthTests : IDisposable
{
    private readonly TarnProcess _tarn = new();

    public void Dispose() => _tarn.Dispose();

    [Fact]
    public async Task Table_OnATerminal_FitsItAndLeavesItsModesAlone()
    {
        if (!OperatingSystem.IsLinux() || (await _tarn.BashAsync("command -v script")).ExitCode != 0)
        {
            LoudSkip.Say("the program on a terminal: needs Linux and 'script' of util-linux");
            return;
        }

        var result = await _tarn.BashAsync("NO_COLOR=1 script -qec \"stty cols 30; tarn sql \\\"SELECT repeat('x', 90) AS x\\\"\" /dev/null < /dev/null");
        Assert.True(result.ExitCode == ExitCode.Done, result.ToString());
        Assert.DoesNotContain('\e', result.Out);
        Assert.Contains($" {new string('x', 27)}…", result.Out, StringComparison.Ordinal);
        Assert.All(LineEnd().Split(result.Out), line => Assert.True(line.Length <= 30, line));
    }

    [GeneratedRegex("\r?\n")]
    private static partial Regex LineEnd();
}
