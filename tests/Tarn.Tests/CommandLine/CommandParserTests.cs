using Tarn.CommandLine;

namespace Tarn.Tests.CommandLine;

public sealed class CommandParserTests
{
    private static readonly CommandSpec Spec = new("read", "prints rows")
    {
        Arguments = [new ArgumentSpec("TABLE", "a table"), new ArgumentSpec("MORE", "more") { Optional = true }],
        Options = [new OptionSpec("limit", "N", "rows") { Letter = 'n' }, new OptionSpec("all", null, "all")],
        Examples = [new Example("tarn read t", "rows")],
        Run = (_, _) => Task.FromResult(0),
    };

    private static ParsedCommand Parse(params string[] words) => CommandParser.Parse(Spec, words, CommandParser.FindCommand(words));

    [Theory]
    [InlineData("read t --limit 5")]
    [InlineData("read --limit=5 t")]
    [InlineData("read -n 5 t")]
    [InlineData("read -n5 t")]
    [InlineData("--data read read t --limit 5")]
    public void Parse_OptionInAnyForm_HasItsValue(string line)
    {
        var parsed = Parse(line.Split(' '));

        Assert.Equal("5", parsed.Value("limit"));
        Assert.Equal(["t"], parsed.Arguments);
    }

    [Fact]
    public void Parse_AfterTwoDashes_TakesWordsAsArguments() => Assert.Equal(["--limit", "-x"], Parse("read", "--", "--limit", "-x").Arguments);

    [Fact]
    public void Parse_ValueWithDash_IsTaken() => Assert.Equal("-5", Parse("read", "t", "--limit", "-5").Value("limit"));

    [Theory]
    [InlineData("read", "TABLE is missing: tarn read TABLE [MORE] [OPTIONS]")]
    [InlineData("read a b c", "'c' is one word too many: tarn read TABLE [MORE] [OPTIONS]")]
    [InlineData("read t --limt 5", "unknown option '--limt'; did you mean '--limit'?")]
    [InlineData("read t --limit", "--limit needs a value: --limit N")]
    [InlineData("read t --limit --all", "--limit needs a value: --limit N")]
    [InlineData("read t --all=yes", "--all takes no value, found 'yes'")]
    [InlineData("read t --format cvs", "--format 'cvs' is none of table, csv, json, ndjson, markdown; did you mean 'csv'?")]
    [InlineData("read t -z", "unknown option '-z'")]
    public void Parse_WrongUsage_SaysWhat(string line, string message) =>
        Assert.Equal(message, Assert.Throws<UsageException>(() => Parse(line.Split(' '))).Message);

    [Theory]
    [InlineData("500000", 500_000)]
    [InlineData("500_000", 500_000)]
    [InlineData("500k", 500_000)]
    [InlineData("1.5M", 1_500_000)]
    [InlineData("2G", 2_000_000_000)]
    public void Number_WithUnits_IsRead(string text, long expected) => Assert.Equal(expected, Parse("read", "t", "--limit", text).Number("limit"));

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("1.5")]
    [InlineData("-1")]
    [InlineData("99999999999999999999")]
    public void Number_ThatIsNone_IsWrongUsage(string text) => Assert.Throws<UsageException>(() => Parse("read", "t", "--limit=" + text).Number("limit"));

    [Theory]
    [InlineData("ingset", "ingest")]
    [InlineData("slq", "sql")]
    [InlineData("desc", "describe")]
    [InlineData("zzz", null)]
    public void Nearest_OfMistypedName_IsWhatWasMeant(string typed, string? expected) =>
        Assert.Equal(expected, NearestName.Find(typed, ["ingest", "sql", "describe", "tables"]));
}
