using Tarn.CommandLine;
using Tarn.Commands.Catalogs;
using Tarn.Composition;
using Tarn.Iceberg.Governance;
using Tarn.Output;

namespace Tarn.Commands.Governance;

/// <summary><c>tarn search</c>: schemas, tables and views by what they and their columns are called, tagged and described as.</summary>
internal static class SearchCommand
{
    private const int DefaultLimit = 50;

    public static CommandSpec Spec { get; } = new("search", "find schemas, tables and views by name, column, tag, owner or description")
    {
        Details = """
            Case is ignored, and of several words each must be found. The best come first: names before columns and tags, those before descriptions, and the whole
            name before its beginning, before a word in it, before any other part. In SQL it is SELECT * FROM iceberg.system.catalog_search('TEXT').
            """,
        Arguments = [new ArgumentSpec("TEXT", "one or more words") { Many = true }],
        Options = [new OptionSpec("limit", "N", "the first N that fit (default: 50)"), CatalogSession.Warehouse],
        Examples =
        [
            new("tarn search orders", "everything that has to do with orders"),
            new("tarn search customer region --format json", "both words, for a program"),
        ],
        Run = RunAsync,
    };

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var words = new SearchWords(string.Join(' ', context.Words.Arguments));
        int limit = (int)Math.Min(context.Words.Number("limit", 1) ?? DefaultLimit, int.MaxValue);
        await using var lake = await context.OpenLakeAsync(LakeAccess.Existing, cancellationToken);
        var catalog = await CatalogSession.CatalogOfAsync(context, lake, cancellationToken);
        var rows = new List<object?[]>();
        bool isCut = false;
        await foreach (var match in catalog.SearchAsync(words, cancellationToken))
        {
            if (isCut = rows.Count == limit)
                break;
            var facts = match.Found.Facts;
            rows.Add([match.Found.KindText, match.Found.ToString(), match.Places, facts.Owner, string.Join(", ", facts.Tags), facts.Comment]);
        }

        await using var result = new RowsResult(
            [RowsResult.Text("kind"), RowsResult.Text("name"), RowsResult.Text("found_in"), RowsResult.Text("owner"), RowsResult.Text("tags"), RowsResult.Text("description")], rows);
        await ResultWriter.WriteAllAsync(result, context.Format, context.Streams, expanded: false, cancellationToken);
        if (rows.Count == 0)
            context.Say("Nothing fits. Try fewer or shorter words.");
        else if (isCut)
            context.Say($"The best {limit} are shown; --limit shows more.");
        return ExitCode.Done;
    }
}
