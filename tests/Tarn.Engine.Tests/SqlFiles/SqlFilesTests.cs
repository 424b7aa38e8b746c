using Tarn.Core.Errors;
using Tarn.Testing;
using Tarn.Testing.Files;
using Tarn.Testing.SqlFiles;

namespace Tarn.Engine.Tests.SqlFiles;

/// <summary>Runs every file of tests/sql in the embedded engine.</summary>
public sealed class SqlFilesTests
{
    private const string Configuration = "embedded";

    public static TheoryData<string> Files => [.. SqlFileFolder.Files];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Run_File_AnswersAsWritten(string file)
    {
        using var folder = new TemporaryFolder();
        var files = Directory.CreateDirectory(folder["files"]).FullName;
        await using var runner = LakeSqlRunner.Over(folder["lake"]);
        var variables = new Dictionary<string, string> { ["folder"] = files };
        try
        {
            var outcome = await new SqlFileRunner(runner, Configuration, variables).RunAsync(SqlFileFolder.Load(file));
            Assert.True(outcome.Passed > 0);
            outcome.Skipped.ToList().ForEach(LoudSkip.Say);
        }
        catch (SqlFileException error) when (error.InnerException is TarnException { Kind: ErrorKind.Unsupported } refused
            && refused.Message.StartsWith("This version of Tarn does not run ", StringComparison.Ordinal))
        {
            // A whole kind of statement is missing: the rest of the file cannot be judged.
            LoudSkip.Say(error.Message.Split('\n')[0]);
        }
    }
}
