using System.Text.RegularExpressions;
using Tarn.CommandLine;
using Tarn.Testing;

namespace Tarn.Tests.Terminal;

/// <summary>The shell on a terminal, which <c>script</c> of util-linux makes.</summary>
public sealed partial class UnixKeysTests : IDisposable
{
    private readonly TarnProcess _tarn = new();

    public void Dispose() => _tarn.Dispose();

    [Fact]
    public async Task Shell_StatementsTypedAtOnce_RunsEachOfThem()
    {
        if (await LacksTerminalAsync())
            return;

        var result = await TypeAsync("printf 'SELECT 71 AS a;\\nSELECT 72 AS b;\\nSELECT 73 AS c;\\n'");

        Assert.All((string[])["71", "72", "73"], value => Assert.Matches($@"(?m)^ +{value}\r?$", result.Out));
    }

    // The statement of the file waits until its writer closes it, so that what is typed before comes while it runs.
    [Fact]
    public async Task Shell_TypedWhileAStatementRuns_IsKept()
    {
        if (await LacksTerminalAsync())
            return;

        var result = await TypeAsync("mkfifo held; printf '\\\\i held\\n'; exec 3>held; printf 'SELECT 72 AS b;\\nSELEKT\\x7f\\x7fCT 73 AS c;\\n'; echo 'SELECT 71 AS a;' >&3; exec 3>&-");

        Assert.All((string[])["71", "72", "73"], value => Assert.Matches($@"(?m)^ +{value}\r?$", result.Out));
    }

    [Fact]
    public async Task Shell_Ends_LeavesTheTerminalAsItWas()
    {
        if (await LacksTerminalAsync())
            return;

        var result = await _tarn.BashAsync("printf 'SELECT 1;\\n\\\\q\\n' | XDG_STATE_HOME=. script -qec \"stty -g; tarn sql; stty -g\" /dev/null");

        var modes = Modes().Matches(result.Out);
        Assert.Equal(2, modes.Count);
        Assert.Equal(modes[0].Value, modes[1].Value);
    }

    private async Task<ProcessResult> TypeAsync(string types)
    {
        var result = await _tarn.BashAsync($"({types}; printf '\\\\q\\n') | XDG_STATE_HOME=. NO_COLOR=1 script -qec 'tarn sql' /dev/null");
        Assert.True(result.ExitCode == ExitCode.Done, result.ToString());
        return result;
    }

    private async Task<bool> LacksTerminalAsync()
    {
        if (OperatingSystem.IsLinux() && (await _tarn.BashAsync("command -v script")).ExitCode == 0)
            return false;
        LoudSkip.Say("the shell on a terminal: needs Linux and 'script' of util-linux");
        return true;
    }

    [GeneratedRegex("[0-9a-f]+(:[0-9a-f]+){16,}")]
    private static partial Regex Modes();
}
