using System.Diagnostics;
using Tarn.CommandLine;

namespace Tarn.Tests.Access;

/// <summary>The real program, following the audit trail.</summary>
public sealed class AuditFollowTests : IDisposable
{
    private readonly TarnProcess _tarn = new();

    // Ends a test whose line never comes.
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(3));

    public void Dispose()
    {
        _limit.Dispose();
        _tarn.Dispose();
    }

    [Theory]
    [InlineData("table")]
    [InlineData("csv")]
    [InlineData("ndjson")]
    public async Task Follow_EventsThatCome_AreShownUntilItIsInterrupted(string format)
    {
        Assert.Equal(ExitCode.Done, (await _tarn.RunAsync("user", "add", "ada")).ExitCode);
        using var process = _tarn.Start("audit", "--follow", "--action", "iam:*User", "--format", format);
        process.StandardInput.Close();
        await ReadUntilAsync(process, "ada");
        foreach (string name in (string[])["bob", "eve"])
        {
            Assert.Equal(ExitCode.Done, (await _tarn.RunAsync("user", "add", name)).ExitCode);
            Assert.DoesNotContain("ada", await ReadUntilAsync(process, name), StringComparison.Ordinal);
        }

        TarnProcess.Send(process, "INT");
        Assert.Equal("", await process.StandardOutput.ReadToEndAsync(_limit.Token));
        await process.WaitForExitAsync(_limit.Token);
        Assert.Equal(ExitCode.Cancelled, process.ExitCode);
    }

    [Fact]
    public async Task Follow_OneArray_IsRefused()
    {
        var refused = await _tarn.RunAsync("audit", "--follow", "--format", "json");
        Assert.Equal(ExitCode.Usage, refused.ExitCode);
        Assert.Contains("--format ndjson", refused.Error, StringComparison.Ordinal);
    }

    private async Task<string> ReadUntilAsync(Process process, string name)
    {
        while (await process.StandardOutput.ReadLineAsync(_limit.Token) is { } line)
        {
            if (line.Contains(name, StringComparison.Ordinal))
                return line;
        }

        throw new InvalidOperationException($"'{name}' never came: {await process.StandardError.ReadToEndAsync(_limit.Token)}");
    }
}
