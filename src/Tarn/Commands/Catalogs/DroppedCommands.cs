using Tarn.CommandLine;
using Tarn.Core.Errors;
using Tarn.Engine.Sessions;
using Tarn.Iceberg.Catalogs;
using Tarn.Metastore;
using Tarn.Metastore.Catalogs;
using Tarn.Output;
using Tarn.Terminal;

namespace Tarn.Commands.Catalogs;

/// <summary><c>tarn catalog dropped</c>, <c>undrop</c> and <c>expire</c>: what was dropped, and its end.</summary>
internal static class DroppedCommands
{
    private static readonly OptionSpec s_as = new("as", "TABLE", "give it this name");
    private static readonly OptionSpec s_commit = new("commit", "N", "the one that this commit dropped, where several had the name (default: the newest)");

    private static readonly OptionSpec s_all = new("all", null, "of all warehouses and branches, deleted ones included");

    private static readonly ResultColumn[] s_columns =
    [
        RowsResult.Text("name"), RowsResult.Text("kind"), RowsResult.Instant("dropped"), RowsResult.Text("by"), RowsResult.Instant("kept_until"), RowsResult.Text("files"), RowsResult.Number("commit"),
    ];

    public static CommandSpec List => new("catalog dropped", "list the tables and views that were dropped and can be brought back, and purged ones whose files are still there")
    {
        Options = [s_all, CatalogSession.Warehouse],
        Examples = [new("tarn catalog dropped", "the newest first"), new("tarn catalog dropped --branch dev", "those of a branch"), new("tarn catalog dropped --all", "with warehouse and branch")],
        Run = CatalogSession.Show(async (context, catalogs, cancellationToken) => context.Words.Has(s_all.Name)
            ? await AllAsync(context, catalogs, cancellationToken)
            : await OfCatalogAsync(context, catalogs, cancellationToken)),
    };

    public static CommandSpec Undrop => new("catalog undrop", "bring back a dropped table or view")
    {
        Arguments = [new ArgumentSpec("TABLE", "the name that it had: schema.table")],
        Options = [s_as, s_commit, CatalogSession.Warehouse],
        Examples = [new("tarn sql -c 'DROP TABLE gold.returns' && tarn catalog undrop gold.returns", "as it was when it was dropped"), new("tarn catalog undrop gold.returns --as gold.returns_before", "under another name")],
        Run = CatalogSession.Change(async (context, catalogs, cancellationToken) =>
        {
            var name = TableName.ParseIdentifier(context.Words.Arguments[0]);
            var newName = context.Words.Value(s_as.Name) is { } other ? TableName.ParseIdentifier(other) : name;
            var catalog = await CatalogSession.CatalogOfAsync(context, catalogs, cancellationToken);
            try
            {
                var back = await catalog.UndropAsync(name, newName, context.Words.Number(s_commit.Name, 1), cancellationToken);
                context.Say($"{newName} is back as it was on {Quantity.Instant(back.Time)} UTC.");
            }
            catch (TarnException taken) when (taken.Kind == ErrorKind.AlreadyExists)
            {
                throw new TarnException(taken.Kind, $"{taken.Message} Bring '{name}' back under another name with {s_as.Typed} {s_as.ValueName}.", taken);
            }
        }),
    };

    public static CommandSpec Expire => new("catalog expire", "forget what was dropped longer ago than it is kept, and delete the files of what was purged")
    {
        Details = "The server does so on its own. Files that any branch, snapshot or dropped table still needs are never deleted; what was purged and a branch still has waits for that.",
        Examples = [new("tarn catalog expire", "in all warehouses")],
        Run = CatalogSession.Change(async (context, catalogs, cancellationToken) =>
        {
            int forgotten = await catalogs.Default.ExpireDroppedAsync(cancellationToken);
            context.Say($"{forgotten} dropped tables and views were forgotten.{await WaitingAsync(catalogs, cancellationToken)}");
        }),
    };

    private static async Task<string> WaitingAsync(EmbeddedCatalogs catalogs, CancellationToken cancellationToken)
    {
        var state = await catalogs.Log.ReadAsync(cancellationToken);
        var waiting = state.Dropped.Select(d => (Entry: d.Value, Keeper: FindKeeper(state, d))).Where(d => d.Keeper is not null).ToList();
        return waiting.Count == 0 ? "" : $" Purged ones keep their files as long as others show them, or can bring them back: {string.Join(", ", waiting.Select(d => $"'{d.Entry.Name}' of '{d.Entry.At}' (kept by '{d.Keeper}')"))}.";
    }

    private static CatalogAddress? FindKeeper(LogState state, KeyValuePair<DroppedKey, DroppedEntry> dropped) =>
        dropped.Value is { IsExpiring: false, Retention.IsPurged: true } && state.TimeAt(TimeProvider.System.GetUtcNow()) is var now && dropped.Value.Retention.Until <= now ? state.FindHolder(dropped, now) : null;

    private static async Task<RowsResult> OfCatalogAsync(CommandContext context, EmbeddedCatalogs catalogs, CancellationToken cancellationToken)
    {
        var dropped = await (await CatalogSession.CatalogOfAsync(context, catalogs, cancellationToken)).ListDroppedAsync(cancellationToken);
        var state = await catalogs.Log.ReadAsync(cancellationToken);
        return new RowsResult(s_columns, [.. dropped.Select(d => Row(state, d))]);
    }

    private static async Task<RowsResult> AllAsync(CommandContext context, EmbeddedCatalogs catalogs, CancellationToken cancellationToken)
    {
        if (Array.Find([CatalogSession.Warehouse, SharedOptions.Branch], o => context.Words.Value(o.Name) is not null) is { } one)
            throw new UsageException($"{s_all.Typed} lists every warehouse and branch: leave it or {one.Typed} away");
        var state = await catalogs.Log.ReadAsync(cancellationToken);
        return new RowsResult(
            [RowsResult.Text("warehouse"), RowsResult.Text("branch"), .. s_columns],
            [.. state.Dropped.Reverse().Select(dropped => (object?[])[dropped.Value.At.Warehouse, dropped.Value.At.Branch, .. Row(state, dropped)])]);
    }

    private static object?[] Row(LogState state, KeyValuePair<DroppedKey, DroppedEntry> dropped) =>
    [
        dropped.Value.Name.ToString(), dropped.Value.IsView ? "view" : "table", CatalogSession.Instant(dropped.Value.Time), dropped.Value.Principal, CatalogSession.Instant(dropped.Value.Retention.Until),
        FilesOf(state, dropped), dropped.Key.Number,
    ];

    // Of what a branch has of the one that it came from, that one decides.
    private static string FilesOf(LogState state, KeyValuePair<DroppedKey, DroppedEntry> dropped) => dropped.Value switch
    {
        { Retention.IsPurged: false } => "stay",
        { IsExpiring: true } => "being deleted",
        _ when FindKeeper(state, dropped) is { } keeper => $"kept by {keeper}",
        var purged when purged.Common.Contains(purged.MetadataLocation) => "stay",
        { Common.Count: > 0 } => "own ones deleted then",
        _ => "deleted then",
    };
}
