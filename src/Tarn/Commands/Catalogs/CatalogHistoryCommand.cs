using Tarn.CommandLine;
using Tarn.Metastore;
using Tarn.Metastore.Catalogs;
using Tarn.Output;

namespace Tarn.Commands.Catalogs;

/// <summary><c>tarn catalog history</c>: every commit of the catalog.</summary>
internal static class CatalogHistoryCommand
{
    public static CommandSpec Spec => new("catalog history", "show who changed what in the catalog, newest first")
    {
        Details = "All warehouses and branches. In SQL it is iceberg.system.catalog_history.",
        Options = [TableOptions.Limit],
        Examples = [new("tarn catalog history --limit 20", "the last twenty changes"), new("tarn catalog history --format json", "all of them, for a program")],
        Run = CatalogSession.Show(async (context, catalogs, cancellationToken) =>
        {
            long limit = context.Words.Number("limit", 1) ?? long.MaxValue;
            var last = new Queue<CatalogHistoryEntry>();
            await foreach (var entry in CatalogHistory.ReadAsync(catalogs.Log, cancellationToken))
            {
                last.Enqueue(entry);
                if (last.Count > limit)
                    last.Dequeue();
            }

            return new RowsResult(
                [
                    RowsResult.Number("commit"), RowsResult.Instant("time"), RowsResult.Text("principal"), RowsResult.Text("warehouse"), RowsResult.Text("branch"),
                    RowsResult.Text("change"), RowsResult.Text("name"), RowsResult.Text("metadata"),
                ],
                [.. last.Reverse().Select(Row)]);
        }),
    };

    private static object?[] Row(CatalogHistoryEntry entry) =>
        [entry.Number, CatalogSession.Instant(entry.Time), entry.Principal, entry.At.Warehouse, entry.At.Branch, entry.Change, entry.Name, entry.MetadataLocation];
}
