using Tarn.Configuration;
using Tarn.Tests.Documents;

namespace Tarn.Tests.Configuration;

/// <summary>The document names every key as the code has it, and no other.</summary>
public sealed class ConfigurationDocumentTests
{
    [Fact]
    public void Keys_InTheDocument_EqualTheCode()
    {
        string document = File.ReadAllText(Path.Join(RepositoryFolder.Path, "docs", "operate", "configuration.md"));
        var rows = document.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).ToList();
        var wanted = ConfigurationKeys.All.Select(Row).ToList();
        Assert.True(wanted.SequenceEqual(rows), $"The table of docs/operate/configuration.md reads:\n{string.Join('\n', wanted)}");
    }

    private static string Row(ConfigurationKey key) =>
        $"| `{key.Path}` | `{key.Form.Replace("|", "\\|", StringComparison.Ordinal)}` | {(key.Default.Length > 0 ? $"`{key.Default}`" : "")} | `{key.Variable}` | {(key.Flag is { } flag ? $"`--{flag}`" : "")} | {key.Description} |";
}
