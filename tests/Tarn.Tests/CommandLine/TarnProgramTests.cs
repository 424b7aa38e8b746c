using Tarn.CommandLine;
using Tarn.Commands;
using Tarn.Core.Errors;
using Tarn.Terminal;
using Tarn.Tests.Fakes;

namespace Tarn.Tests.CommandLine;

public sealed class TarnProgramTests
{
    private static async Task<(int Code, string Out, string Error)> RunAsync(IReadOnlyList<CommandEntry> commands, params string[] words)
    {
        var streams = new MemoryStreams();
        using var cancellation = new Cancellation();
        int code = await new TarnProgram(commands, streams.Streams, cancellation, (_, _) => new FakeLake()).RunAsync(words);
        return (code, streams.Out, streams.Error);
    }

    private static CommandSpec Failing(Exception error) => new("fail", "fails")
    {
        Examples = [new Example("tarn fail", "fails")],
        Run = (_, _) => throw error,
    };

    [Fact]
    public async Task Run_UnknownCommand_SuggestsTheNearest()
    {
        var (code, output, error) = await RunAsync(CommandTable.All, "tabels");

        Assert.Equal((ExitCode.Usage, "", "tarn: unknown command 'tabels'; did you mean 'tables'?\nsee tarn --help\n"), (code, output, error));
    }

    [Fact]
    public async Task Run_MistypedOptionInFront_IsToldInsteadOfItsValue()
    {
        var (code, _, error) = await RunAsync(CommandTable.All, "--formt", "json", "tables");

        Assert.Equal((ExitCode.Usage, "tarn: unknown option '--formt'; did you mean '--format'?\nsee tarn --help\n"), (code, error));
    }

    [Fact]
    public async Task Run_TarnException_PrintsItsMessageAlone()
    {
        var (code, output, error) = await RunAsync([Failing(TarnException.NotFound("There is no table."))], "fail");

        Assert.Equal((ExitCode.Failed, "", "error: There is no table.\n"), (code, output, error));
    }

    [Fact]
    public async Task Run_Defect_SaysSo()
    {
        var (code, _, error) = await RunAsync([Failing(new InvalidOperationException("odd"))], "fail");

        Assert.Equal(ExitCode.Failed, code);
        Assert.StartsWith("error: internal error (InvalidOperationException): odd", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_BrokenPipe_EndsQuietly() => Assert.Equal((ExitCode.Done, "", ""), await RunAsync([Failing(new BrokenPipeException())], "fail"));

    [Fact]
    public async Task Run_Version_PrintsIt()
    {
        var (code, output, _) = await RunAsync(CommandTable.All, "--version");

        Assert.Equal((ExitCode.Done, $"tarn {TarnProgram.Version}\n"), (code, output));
    }

    [Fact]
    public void Name_OfEveryEntry_IsThatOfItsCommand() => Assert.All(CommandTable.All, entry => Assert.Equal(entry.Name, entry.Spec.Name));

    [Fact]
    public async Task Run_OneCommand_BuildsNoOther()
    {
        CommandEntry[] commands = [new("other", () => throw new InvalidOperationException("built")), Failing(TarnException.NotFound("ran"))];

        Assert.Equal((ExitCode.Failed, "", "error: ran\n"), await RunAsync(commands, "fail"));
    }

    public static TheoryData<string> CommandNames => [.. CommandTable.All.SelectMany(entry => WithSubcommands(entry.Spec)).Select(command => command.Name)];

    [Theory]
    [MemberData(nameof(CommandNames))]
    public async Task Help_OfEveryCommand_HasExamplesThatParse(string name)
    {
        var (code, output, error) = await RunAsync(CommandTable.All, [.. name.Split(' '), "--help"]);

        var command = CommandTable.All.SelectMany(entry => WithSubcommands(entry.Spec)).Single(c => c.Name == name);
        Assert.Equal((ExitCode.Done, ""), (code, error));
        Assert.Contains($"Usage: tarn {name}", output, StringComparison.Ordinal);
        Assert.All(command.Examples, example => Assert.Contains(example.Line, output, StringComparison.Ordinal));
        Assert.All(command.Examples, example =>
        {
            string[] words = [.. ShellWords.Split(example.Line.Split("&&")[^1].Split('|')[^1].Split(" > ")[0].Trim()).Skip(1)];
            CommandParser.Parse(Named(command, words), words, CommandParser.FindCommand(words));
        });
    }

    [Fact]
    public async Task Run_Group_RunsTheCommandOfBothWords()
    {
        string? ran = null;
        CommandSpec Sub(string name) => new(name, name)
        {
            Arguments = [new ArgumentSpec("WHAT", "what")],
            Examples = [new Example($"tarn {name} x", "")],
            Run = (context, _) => Task.FromResult((ran = $"{name} {context.Words.Arguments[0]}") is null ? 1 : 0),
        };
        var group = CommandSpec.Group("pond", "ponds", Sub("pond dig"), Sub("pond fill"));

        Assert.Equal(ExitCode.Done, (await RunAsync([group], "pond", "fill", "deep")).Code);
        Assert.Equal("pond fill deep", ran);
        Assert.Equal((ExitCode.Usage, "", "tarn pond: a command is missing: tarn pond dig|fill\nsee tarn pond --help\n"), await RunAsync([group], "pond"));
        Assert.Equal((ExitCode.Usage, "", "tarn: unknown command 'pond fil'; did you mean 'pond fill'?\nsee tarn --help\n"), await RunAsync([group], "pond", "fil"));
        Assert.Contains("Usage: tarn pond dig WHAT", (await RunAsync([group], "help", "pond", "dig")).Out, StringComparison.Ordinal);
        Assert.Contains("pond fill", (await RunAsync([group], "pond", "--help")).Out, StringComparison.Ordinal);
    }

    private static IEnumerable<CommandSpec> WithSubcommands(CommandSpec command) => command.Subcommands.Prepend(command);

    private static CommandSpec Named(CommandSpec command, string[] words) =>
        command.Subcommands.FirstOrDefault(sub => words.Length > 1 && sub.Name == $"{words[0]} {words[1]}") ?? command;
}
