using System.Globalization;
using Tarn.CommandLine;
using Tarn.Commands.Access;
using Tarn.Composition;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Lineage;
using Tarn.Metastore;
using Tarn.Metastore.Lineage;
using Tarn.Output;

namespace Tarn.Commands.Governance;

/// <summary><c>tarn lineage</c>: what a table was made of and what was made of it, or the last events of all.</summary>
internal static class LineageCommand
{
    private const int DefaultLimit = 50, DefaultDepth = 3, MaxDepth = 100;

    private static readonly ArgumentSpec s_table = new("TABLE", "schema.table or schema.view, behind the name of its warehouse where that is not the first; without it the last events are shown") { Optional = true };

    public static CommandSpec Spec { get; } = new("lineage", "show what a table was made of and what was made of it, or who read and wrote what")
    {
        Details = "Statements of Tarn's SQL, ingests, and what other engines commit and report over REST and the Hive Metastore. In SQL it is iceberg.system.lineage.",
        Arguments = [s_table],
        Options = [new OptionSpec("depth", "N", "steps to go from the table (default: 3)"), new OptionSpec("limit", "N", "the last N events (default: 50)")],
        Examples =
        [
            new("tarn lineage gold.returns", "up to the files that it comes from, and down"),
            new("tarn lineage --limit 10 --format json", "the last ten events, for a program"),
        ],
        Run = RunAsync,
    };

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        int depth = (int)Math.Min(context.Words.Number("depth", 1) ?? DefaultDepth, MaxDepth);
        int limit = (int)Math.Min(context.Words.Number("limit", 1) ?? DefaultLimit, int.MaxValue);
        var options = LakeOptions.Of(context.Words);
        var reader = new LineageReader(LineageOptions.FolderOf(options.DataFolder));
        string? table = context.Words.Argument(0);
        await using var rows = table is null
            ? await EventsAsync(reader, limit, cancellationToken)
            : await StepsAsync(context, options, reader, table, depth, cancellationToken);
        await ResultWriter.WriteAllAsync(rows, context.Format, context.Streams, expanded: false, cancellationToken);
        if (rows.Rows.Count == 0)
            context.Say(table is null ? "Nothing was read or written yet." : $"Nothing is known of where {table} comes from, or of what was made of it.");
        return ExitCode.Done;
    }

    // The first of several levels may be a warehouse: one that the catalog knows, or one that is gone and has left events.
    private static async ValueTask<string> NameAsync(CommandContext context, LakeOptions options, string text, LineageGraph graph, CancellationToken cancellationToken)
    {
        var identifier = TableName.ParseIdentifier(text);
        var named = TableName.Parse(text);
        string here = LineageObject.NameOf(options.Address, identifier);
        // A catalog elsewhere has no warehouses, and need not be there to tell what was kept here.
        if (named.NamesCatalog || identifier.Namespace.Levels is not [var first, _, ..] levels || options.External is not null)
            return here;
        // Without a look at the branch: events outlive it, too.
        await using var lake = context.Open(options with { Access = LakeAccess.Existing }, context.Say);
        var (catalog, found) = await lake.ResolveAsync(named, cancellationToken);
        if (found.NamesCatalog)
            return LineageObject.NameOf(catalog.Address, found.Identifier!);
        string gone = LineageObject.NameOf(first, new TableIdentifier(new Namespace([.. levels.Skip(1)]), identifier.Name));
        return !graph.Knows(here) && graph.Knows(gone) ? gone : here;
    }

    private static async Task<RowsResult> StepsAsync(CommandContext context, LakeOptions options, LineageReader reader, string table, int depth, CancellationToken cancellationToken)
    {
        var graph = new LineageGraph();
        await foreach (var found in reader.ReadAsync(cancellationToken))
            graph.Add(found);
        string name = await NameAsync(context, options, table, graph, cancellationToken);
        return new RowsResult(
            [
                RowsResult.Text("direction"), RowsResult.Number("steps"), RowsResult.Text("kind"), RowsResult.Text("name"), RowsResult.Text("by"), RowsResult.Text("engine"),
                RowsResult.Text("operation"), RowsResult.Instant("last"), RowsResult.Number("times"),
            ],
            [
                .. graph.Upstream(name, depth).OrderByDescending(step => step.Distance).Select(step => Row("from", step)),
                .. graph.Downstream(name, depth).Select(step => Row("to", step)),
            ]);
    }

    private static object?[] Row(string direction, LineageStep step)
    {
        var last = step.Through.Last;
        return [direction, (long)step.Distance, step.Found.Kind, step.Found.Name, last.Principal, last.Engine, last.Operation, IdentityOptions.Instant(last.Time), (long)step.Through.Count];
    }

    private static async Task<RowsResult> EventsAsync(LineageReader reader, int limit, CancellationToken cancellationToken)
    {
        var last = new Queue<LineageEvent>();
        await foreach (var found in reader.ReadAsync(cancellationToken))
        {
            if (last.Count == limit)
                last.Dequeue();
            last.Enqueue(found);
        }

        return new RowsResult(
            [
                RowsResult.Instant("time"), RowsResult.Text("by"), RowsResult.Text("engine"), RowsResult.Text("operation"), RowsResult.Text("status"), RowsResult.Text("ms"),
                RowsResult.Text("read"), RowsResult.Text("wrote"),
            ],
            [.. last.OrderBy(e => e.Time).Select(Row)]);
    }

    private static object?[] Row(LineageEvent found) =>
    [
        IdentityOptions.Instant(found.Time), found.Principal, found.Engine, found.Operation, found.Status.ToString().ToLowerInvariant(),
        found.Duration?.TotalMilliseconds.ToString("F1", CultureInfo.InvariantCulture), Names(found.Inputs), Names(found.Outputs),
    ];

    private static string Names(IReadOnlyList<LineageObject> objects) => string.Join(", ", objects.Select(o => o.Name));
}
