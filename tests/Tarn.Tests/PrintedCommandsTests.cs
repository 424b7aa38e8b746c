using System.Text.RegularExpressions;
using Tarn.CommandLine;
using Tarn.Commands;
using Tarn.Tests.Documents;

namespace Tarn.Tests;

/// <summary>What help and the guide print is run as it is printed.</summary>
public sealed partial class PrintedCommandsTests
{
    [Fact]
    public async Task Examples_OfEveryHelp_RunAsPrinted()
    {
        using var tarn = new TarnProcess();
        await File.WriteAllTextAsync(Path.Join(tarn.Folder, "report.sql"), "SELECT count(*) AS n FROM gold.returns;\n");
        // Those that make something first, those that undo last. The server runs until it is stopped, and others need one, or PostgreSQL: Server/UpTests,
        // Server/UpRemoteStorageTests, Server/UpExternalCatalogTests and Server/PostgresMetastoreTests run those.
        var commands = CommandTable.All.Where(command => command.Name is not ("up" or "s3" or "relocate")).OrderBy(command => command.Name switch { "demo" => 0, "generate" => 1, "ingest" => 2, "rollback" => 9, _ => 5 });
        var examples = commands.SelectMany(command => command.Spec.Examples).Where(example => !example.Line.Contains("catalog migrate", StringComparison.Ordinal) && !example.Line.Contains("catalog export", StringComparison.Ordinal)).OrderBy(example => !RemovesIdentity().IsMatch(example.Line) ? 0 : example.Line.StartsWith("tarn user", StringComparison.Ordinal) ? 2 : 1);
        foreach (var example in examples)
            await RunAsync(tarn, Smaller(example.Line));
    }

    [Theory]
    [InlineData("access.md")]
    [InlineData("branches.md")]
    [InlineData("command-line.md")]
    [InlineData("governance.md")]
    [InlineData("sql.md")]
    public async Task Guide_FromTopToBottom_RunsAsPrinted(string page)
    {
        using var tarn = new TarnProcess();
        string guide = await File.ReadAllTextAsync(Path.Join(RepositoryFolder.Path, "docs", "guide", page));
        foreach (Match block in ShellBlock().Matches(guide))
        {
            foreach (string line in block.Groups["lines"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                await RunAsync(tarn, Smaller(line));
        }
    }

    [Fact]
    public async Task Backup_AsPrinted_RestoresTheLake()
    {
        using var tarn = new TarnProcess();
        await RunAsync(tarn, "tarn sql 'CREATE SCHEMA s; CREATE TABLE s.t AS SELECT 42 AS x'");
        foreach (Match block in ShellBlock().Matches(await File.ReadAllTextAsync(Path.Join(RepositoryFolder.Path, "docs", "operate", "data-folder.md"))))
        {
            foreach (string line in block.Groups["lines"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                await RunAsync(tarn, line);
        }

        var restored = await tarn.RunAsync("sql", "SELECT x FROM s.t", "--data", "restored", "--format", "csv");
        Assert.Equal(new ProcessResult(ExitCode.Done, "x\n42\n", ""), restored);
    }

    private static async Task RunAsync(TarnProcess tarn, string line)
    {
        bool follows = line.Contains(" --follow", StringComparison.Ordinal);
        var result = follows ? await InterruptAsync(tarn, line) : await tarn.BashAsync("set -o pipefail; " + line);
        Assert.True(result.ExitCode == (follows ? ExitCode.Cancelled : ExitCode.Done), $"{line}\n{result}");
    }

    // What follows goes on until it is interrupted; it shows its columns before it waits for what comes.
    private static async Task<ProcessResult> InterruptAsync(TarnProcess tarn, string line)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        using var process = tarn.StartBash("exec " + line);
        string? columns = await process.StandardOutput.ReadLineAsync(limit.Token);
        return columns is null ? await TarnProcess.FinishAsync(process, "") : await TarnProcess.EndAsync(process, "INT");
    }

    // The numbers of rows that impress a person keep a test waiting.
    private static string Smaller(string line) => RowCount().Replace(line, "--rows 2k").Replace("/tmp/big", "big", StringComparison.Ordinal);

    // What the examples of one command remove, those of the next ones still use; the keys of a user go with it.
    [GeneratedRegex(@"^tarn (user|key|group|role|policy) rm ")]
    private static partial Regex RemovesIdentity();

    [GeneratedRegex(@"--rows \w+")]
    private static partial Regex RowCount();

    [GeneratedRegex(@"```sh\n(?<lines>.*?)```", RegexOptions.Singleline)]
    private static partial Regex ShellBlock();
}
