using Tarn.CommandLine;
using Tarn.Commands.Catalogs;
using Tarn.Composition;
using Tarn.Engine.Sql;
using Tarn.Iceberg.Governance;
using Tarn.Output;

namespace Tarn.Commands.Governance;

/// <summary><c>tarn tag</c>: tags of schemas, tables, views and columns.</summary>
internal static class TagCommands
{
    private static readonly ArgumentSpec s_name = new("NAME", "schema, schema.table or schema.view");
    private static readonly OptionSpec s_column = new("column", "COLUMN", "of this column of the table; a.b for a field of a struct");

    public static CommandSpec Spec { get; } = CommandSpec.Group("tag", "mark schemas, tables, views and columns, e.g. with pii", Set, Unset, List);

    private static CommandSpec Set => new("tag set", "set tags; one that is there gets the new value")
    {
        Details = "The same in SQL: ALTER TABLE t SET TAGS ('pii', 'retention' = '7y'), ALTER TABLE t ALTER COLUMN c SET TAGS ('pii').",
        Arguments = [s_name, new ArgumentSpec("TAG", "KEY or KEY=VALUE") { Many = true }],
        Options = [s_column],
        Examples =
        [
            new("tarn tag set silver.orders certified retention=7y", "two tags on a table"),
            new("tarn tag set silver.orders pii --column customer_id", "a column that is about people"),
            new("tarn tag set gold team=sales", "a schema"),
        ],
        Run = (context, cancellationToken) => ChangeAsync(context, words => $"SET TAGS ({string.Join(", ", words.Select(Tag.Parse).Select(Literal))})", "has the tags", cancellationToken),
    };

    private static CommandSpec Unset => new("tag unset", "remove tags; one that is not there is left alone")
    {
        Arguments = [s_name, new ArgumentSpec("KEY", "name of the tag") { Many = true }],
        Options = [s_column],
        Examples = [new("tarn tag unset silver.orders certified", "one tag of a table"), new("tarn tag unset silver.orders pii --column customer_id", "one tag of a column")],
        Run = (context, cancellationToken) => ChangeAsync(context, words => $"UNSET TAGS ({string.Join(", ", words.Select(SqlPrinter.QuoteLiteral))})", "does not have the tags", cancellationToken),
    };

    private static CommandSpec List => new("tag list", "list the tags of everything in a warehouse, or of one schema, table or view and its columns")
    {
        Details = "In SQL it is iceberg.system.tags.",
        Arguments = [s_name with { Optional = true }],
        Options = [CatalogSession.Warehouse],
        Examples = [new("tarn tag list", "all of them"), new("tarn tag list silver.orders --format json", "those of one table, for a program")],
        Run = ListAsync,
    };

    private static async Task<int> ChangeAsync(CommandContext context, Func<IEnumerable<string>, string> change, string outcome, CancellationToken cancellationToken)
    {
        string clause = change(context.Words.Arguments.Skip(1));
        await using var lake = await context.OpenLakeAsync(LakeAccess.Existing, cancellationToken);
        var name = await ObjectName.FindAsync(lake, context.Words.Arguments[0], cancellationToken);
        string? column = context.Words.Value(s_column.Name);
        if (column is not null && name.Kind != "TABLE")
            throw new UsageException($"--column goes with a table, and '{context.Words.Arguments[0]}' is a {name.Kind.ToLowerInvariant()}");
        string path = column is null ? "" : $"ALTER COLUMN {SqlPrinter.QuoteName(column.Split('.'))} ";
        await using var done = await lake.Session.ExecuteAsync($"ALTER {name.Kind} {name.Sql} {path}{clause}", cancellationToken: cancellationToken);
        // What is so now, because a tag that is set or gone already stays as it is.
        context.Say($"{context.Words.Arguments[0]}{(column is null ? "" : $", column {column},")} {outcome} {string.Join(", ", context.Words.Arguments.Skip(1))} now.");
        return ExitCode.Done;
    }

    private static async Task<int> ListAsync(CommandContext context, CancellationToken cancellationToken)
    {
        await using var lake = await context.OpenLakeAsync(LakeAccess.Existing, cancellationToken);
        var catalog = await CatalogSession.CatalogOfAsync(context, lake, cancellationToken);
        string? wanted = context.Words.Argument(0);
        if (context.Words.Value(CatalogSession.Warehouse.Name) is null && wanted is not null && TableName.PartsOf(wanted).Count > 2)
        {
            // The first of several levels may be a warehouse.
            (catalog, var name) = await lake.ResolveAsync(TableName.Parse(wanted), cancellationToken);
            wanted = name.Identifier?.ToString() ?? wanted;
        }

        var rows = new List<object?[]>();
        bool isKnown = wanted is null;
        await foreach (var found in catalog.DescribeAsync(cancellationToken))
        {
            if (wanted is not null && found.ToString() != wanted)
                continue;
            isKnown = true;
            rows.AddRange(found.Facts.Tags.Select(tag => Row(found, null, tag)));
            rows.AddRange(found.Facts.Columns.SelectMany(column => column.Tags.Select(tag => Row(found, column.Path, tag))));
        }

        if (!isKnown)
            await ObjectName.FindAsync(lake, ReferenceEquals(catalog, lake.Catalog) ? wanted! : $"{catalog.Name}.{wanted}", cancellationToken);
        await using var result = new RowsResult([RowsResult.Text("kind"), RowsResult.Text("name"), RowsResult.Text("column"), RowsResult.Text("tag"), RowsResult.Text("value")], rows);
        await ResultWriter.WriteAllAsync(result, context.Format, context.Streams, expanded: false, cancellationToken);
        if (rows.Count == 0)
            context.Say("There are no tags: 'tarn tag set NAME KEY=VALUE' sets one.");
        return ExitCode.Done;
    }

    private static object?[] Row(ObjectDescription found, string? column, Tag tag) => [found.KindText, found.ToString(), column, tag.Key, tag.Value];

    private static string Literal(Tag tag) => tag.Value.Length == 0 ? SqlPrinter.QuoteLiteral(tag.Key) : $"{SqlPrinter.QuoteLiteral(tag.Key)} = {SqlPrinter.QuoteLiteral(tag.Value)}";
}
