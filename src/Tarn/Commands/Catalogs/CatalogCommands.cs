using System.Collections.Immutable;
using Tarn.CommandLine;
using Tarn.Metastore;
using Tarn.Output;

namespace Tarn.Commands.Catalogs;

/// <summary><c>tarn catalog</c>: warehouses, what was dropped, protection, the history of the whole catalog, and what other catalogs have.</summary>
internal static class CatalogCommands
{
    private static readonly ArgumentSpec s_name = new("NAME", "name of the warehouse");
    private static readonly OptionSpec s_location = new("location", "URI", "where its tables go, e.g. file:///srv/sales (default: warehouses/NAME where the lake lies)");
    private static readonly OptionSpec s_set = new("set", "KEY=VALUE", "set this property; may be repeated") { Repeatable = true };
    private static readonly OptionSpec s_unset = new("unset", "KEY", "remove this property; may be repeated") { Repeatable = true };

    public static CommandSpec Spec { get; } = CommandSpec.Group(
        "catalog", "warehouses, dropped tables, protection, history, import and export",
        List, Create, Set, Drop, DroppedCommands.List, DroppedCommands.Undrop, DroppedCommands.Expire, ProtectionCommands.Protect, ProtectionCommands.Unprotect, CatalogHistoryCommand.Spec,
        TransferCommands.Import, TransferCommands.Export, MigrateCommand.Spec);

    private static CommandSpec List => new("catalog list", "list the warehouses; each is a catalog in SQL")
    {
        Examples = [new("tarn catalog list", "all of them")],
        Run = CatalogSession.Show(async (_, catalogs, cancellationToken) => new RowsResult(
            [RowsResult.Text("warehouse"), RowsResult.Text("sql_name"), RowsResult.Text("location"), RowsResult.Text("branches"), RowsResult.Text("properties")],
            [
                .. (await catalogs.Warehouses.ListAsync(cancellationToken)).Select(warehouse => new object?[]
                {
                    warehouse.Key, warehouse.Key == CatalogAddress.DefaultWarehouse ? TableName.Catalog : warehouse.Key, warehouse.Value.Location ?? catalogs.Location,
                    string.Join(", ", warehouse.Value.Branches.Keys), string.Join(", ", warehouse.Value.Properties.Select(p => $"{p.Key}={p.Value}")),
                }),
            ])),
    };

    private static CommandSpec Create => new("catalog create", "make a warehouse")
    {
        Details = "table-default.KEY and table-override.KEY are properties that its new tables get: defaults where a table names none, overrides whatever it names.",
        Arguments = [s_name],
        Options = [s_location, s_set],
        Examples = [new("tarn catalog create research", "tables are research.SCHEMA.TABLE in SQL"), new("tarn catalog create archive --location file:///srv/archive", "somewhere else")],
        Run = CatalogSession.Change((context, catalogs, cancellationToken) => catalogs.Warehouses.CreateAsync(
            context.Words.Arguments[0],
            context.Words.Value(s_location.Name) ?? $"{catalogs.Location}/warehouses/{context.Words.Arguments[0]}",
            Pairs(context).ToImmutableSortedDictionary(StringComparer.Ordinal), cancellationToken).AsTask(), context => $"Warehouse '{context.Words.Arguments[0]}' is made; in SQL its tables are {context.Words.Arguments[0]}.SCHEMA.TABLE."),
    };

    private static CommandSpec Set => new("catalog set", "set and remove properties of a warehouse")
    {
        Arguments = [s_name],
        Options = [s_set, s_unset],
        Examples = [new("tarn catalog set lake --set table-default.write.parquet.compression-codec=zstd", "what new tables get where they name none")],
        Run = CatalogSession.Change((context, catalogs, cancellationToken) =>
            catalogs.Warehouses.UpdateAsync(context.Words.Arguments[0], Pairs(context).ToDictionary(), context.Words.Values(s_unset.Name), cancellationToken).AsTask(), context => $"The properties of warehouse '{context.Words.Arguments[0]}' are changed; 'tarn catalog list' shows them."),
    };

    private static CommandSpec Drop => new("catalog drop", "drop an empty warehouse")
    {
        Arguments = [s_name],
        Examples = [new("tarn catalog drop research", "fails while it holds schemas or branches")],
        Run = CatalogSession.Change((context, catalogs, cancellationToken) => catalogs.Warehouses.DropAsync(context.Words.Arguments[0], cancellationToken).AsTask(), context => $"Warehouse '{context.Words.Arguments[0]}' is dropped."),
    };

    private static IEnumerable<KeyValuePair<string, string>> Pairs(CommandContext context) =>
        from text in context.Words.Values(s_set.Name)
        let at = text.IndexOf('=', StringComparison.Ordinal)
        select at > 0 ? KeyValuePair.Create(text[..at], text[(at + 1)..]) : throw new UsageException($"--set '{text}' is not KEY=VALUE");
}
