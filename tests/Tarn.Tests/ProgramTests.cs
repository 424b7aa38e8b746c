using Tarn.CommandLine;

namespace Tarn.Tests;

/// <summary>The program as its users meet it, without a lake.</summary>
public sealed class ProgramTests : IDisposable
{
    private readonly TarnProcess _tarn = new();

    public void Dispose() => _tarn.Dispose();

    [Fact]
    public async Task Version_OnStdout_IsOneLine() =>
        Assert.Equal(new ProcessResult(ExitCode.Done, $"tarn {TarnProgram.Version}\n", ""), await _tarn.RunAsync("--version"));

    [Fact]
    public async Task Help_OnStdout_NamesEveryCommand()
    {
        var result = await _tarn.RunAsync("--help");

        Assert.Equal((ExitCode.Done, ""), (result.ExitCode, result.Error));
        Assert.All(Tarn.Commands.CommandTable.All, command => Assert.Contains($"  {command.Name} ", result.Out, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "tarn: a command is missing, e.g. tarn demo\nsee tarn --help\n")]
    [InlineData("tabels", "tarn: unknown command 'tabels'; did you mean 'tables'?\nsee tarn --help\n")]
    [InlineData("read", "tarn read: TABLE is missing: tarn read TABLE [OPTIONS]\nsee tarn read --help\n")]
    [InlineData("read orders", "tarn read: table 'orders' has no schema: write schema.table, e.g. sales.orders; a path contains a slash, e.g. ./orders\nsee tarn read --help\n")]
    [InlineData("tables --map x", "tarn tables: Location map 'x' is not of the form FROM=TO, e.g. s3://old/=./here/.\nsee tarn tables --help\n")]
    [InlineData("sql -c x -f y", "tarn sql: SQL or -c, and -f, do not go together\nsee tarn sql --help\n")]
    public async Task WrongUsage_SaysOneLineAndExitsWith2(string line, string error)
    {
        var result = await _tarn.RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(new ProcessResult(ExitCode.Usage, "", error), result);
    }

    [Fact]
    public async Task Generate_SameSeed_GivesTheSameFile()
    {
        var first = await _tarn.RunAsync("generate", "sales", "--rows", "3k", "--out", "a", "--dirty", "2%");
        await _tarn.RunAsync("generate", "sales", "--rows", "3000", "--out", "b", "--dirty", "0.02");

        Assert.Equal((ExitCode.Done, Path.Join("a", "sales.csv") + "\n"), (first.ExitCode, first.Out));
        Assert.Contains("dirty rows: duplicate", first.Error, StringComparison.Ordinal);
        Assert.Equal(await File.ReadAllBytesAsync(Path.Join(_tarn.Folder, "a", "sales.csv")), await File.ReadAllBytesAsync(Path.Join(_tarn.Folder, "b", "sales.csv")));
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("parquet")]
    public async Task Generate_Cancelled_LeavesNoFile(string format)
    {
        using var process = _tarn.Start("generate", "sales", "--rows", "1G", "--out", "a", "--format", format);
        await WaitForAsync(() => process.HasExited || Directory.Exists(Path.Join(_tarn.Folder, "a")) && Directory.EnumerateFiles(Path.Join(_tarn.Folder, "a")).Any());
        var result = await TarnProcess.EndAsync(process, "INT");

        Assert.Equal(ExitCode.Cancelled, result.ExitCode);
        Assert.EndsWith("cancelled\n", result.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(Path.Join(_tarn.Folder, "a")));
    }

    [Fact]
    public async Task DataFolder_OfTheEnvironment_IsUsedUnlessTheOptionSaysOtherwise()
    {
        var variable = await _tarn.BashAsync("TARN_DATA=a tarn sql -c 'CREATE SCHEMA s; SELECT 1 AS x' --format csv && TARN_DATA=a tarn --data b sql -c 'CREATE SCHEMA s; SELECT 1 AS x' --format csv");

        Assert.Equal((ExitCode.Done, "x\n1\nx\n1\n"), (variable.ExitCode, variable.Out));
        Assert.Equal(["a", "b"], Directory.GetDirectories(_tarn.Folder).Select(Path.GetFileName).Order());
    }

    private static async Task WaitForAsync(Func<bool> condition)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!condition() && await timer.WaitForNextTickAsync())
        {
        }
    }
}
