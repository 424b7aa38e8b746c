using Tarn.CommandLine;
using Tarn.Commands;
using Tarn.Shell;
using Tarn.Terminal;
using Tarn.Terminal.Editing;
using Tarn.Tests.Fakes;

namespace Tarn.Tests.Shell;

public sealed class SqlShellTests
{
    private static async Task<(string Out, string Error, LineHistory History)> TypeAsync(string typed)
    {
        await using var lake = new FakeLake(FixedTables.Table("shop", "orders", "id"), FixedTables.Table("shop", "offers", "id"));
        var streams = new MemoryStreams();
        using var cancellation = new Cancellation();
        using var keys = new TypedKeys(typed, comesAtOnce: true);
        var history = LineHistory.Load(null);
        var context = new CommandContext(CommandParser.Parse(SqlCommand.Spec, ["sql", "--format", "csv"], 0), streams.Streams, cancellation) { Open = (_, _) => lake };
        int code = await new SqlShell(lake, context, keys, history).RunAsync(CancellationToken.None);
        Assert.Equal(ExitCode.Done, code);
        Assert.False(keys.IsTyping);
        return (streams.Out, streams.Error, history);
    }

    [Fact]
    public async Task Run_StatementsTypedAtOnce_RunsEachOfThem()
    {
        var (results, error, history) = await TypeAsync("SELECT 71 AS a;\nSELECT 72 AS b;\n\\q\n");

        Assert.Equal("a\n71\nb\n72\n", results);
        Assert.DoesNotContain("error", error, StringComparison.Ordinal);
        Assert.Equal(["SELECT 71 AS a;", "SELECT 72 AS b;", "\\q"], history.Entries);
    }

    [Fact]
    public async Task Run_StatementBehindOneThatFails_Runs()
    {
        var (results, error, _) = await TypeAsync("SELECT 1 FROM nowhere;\nSELECT 72 AS b;\n");

        Assert.Contains("nowhere", error, StringComparison.Ordinal);
        Assert.Equal("b\n72\n", results);
    }

    [Fact]
    public async Task Run_CtrlCBehindStatements_RunsNoneOfThemAndGoesOn()
    {
        var (results, error, _) = await TypeAsync("SELECT 71 AS a;\nSELECT 72 AS b;\n\x03SELECT 73 AS c;\n");

        Assert.Contains("cancelled", error, StringComparison.Ordinal);
        Assert.Equal("c\n73\n", results);
    }

    [Theory]
    [InlineData("\\d nope", "table 'nope' has no schema")]
    [InlineData("\\h nope", "table 'nope' has no schema")]
    [InlineData("\\d a b c", "table 'a b c' has no schema")]
    [InlineData("\\d a.", "error:")]
    [InlineData("\\d \"", "error:")]
    [InlineData("\\h", "lacks its argument")]
    [InlineData("\\format xml", "The format is one of")]
    [InlineData("\\i nowhere.sql", "There is no file 'nowhere.sql'")]
    [InlineData("\\nope", "is no command of the shell")]
    public async Task Run_CommandUsedWrongly_SaysSoAndGoesOn(string typed, string expected)
    {
        var (results, error, _) = await TypeAsync(typed + "\nSELECT 72 AS b;\n");

        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.DoesNotContain("defect of Tarn", error, StringComparison.Ordinal);
        Assert.Equal("b\n72\n", results);
    }

    [Fact]
    public async Task Run_TabTwiceAtOnce_ShowsTheTablesAndGoesOn()
    {
        var (results, error, _) = await TypeAsync("SELECT 72 AS b FROM shop.o\t\t\x15SELECT 73 AS c;\n");

        Assert.Contains("shop.offers  shop.orders", error, StringComparison.Ordinal);
        Assert.Equal("c\n73\n", results);
    }
}
