using Tarn.CommandLine;
using Tarn.Commands.Catalogs;
using Tarn.Composition;
using Tarn.Core.Errors;
using Tarn.Engine.Sql;
using Tarn.Iceberg.Catalogs;
using Tarn.Output;
using Tarn.Shell;
using Tarn.Terminal;

namespace Tarn.Commands;

/// <summary><c>tarn tables</c>: what is in the lake.</summary>
internal static class TablesCommand
{
    private const string Unreadable = "table, unreadable";

    public static CommandSpec Spec { get; } = new("tables", "list the tables of the lake: rows, size, files, last change")
    {
        Details = "A table whose metadata cannot be read is listed as such; what is wrong with it, or with a schema that cannot be listed, is said behind the list, and the exit code is 1.",
        Arguments = [new ArgumentSpec("SCHEMA", "only the tables of this schema") { Optional = true }],
        Options = [CatalogSession.Warehouse],
        Examples =
        [
            new("tarn tables", "all tables"),
            new("tarn tables gold", "those of one schema"),
            new("tarn tables --format json", "for a program: exact bytes and times"),
        ],
        Run = RunAsync,
    };

    /// <summary>The tables and views of a catalog.</summary>
    /// <param name="lake">The lake.</param>
    /// <param name="catalog">The catalog.</param>
    /// <param name="unreadable">Told of each table whose metadata cannot be read, which is listed as such, and of each schema that cannot be listed.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <param name="schema">Only this schema, or null for all.</param>
    /// <param name="forPeople">Sizes with units instead of bytes.</param>
    public static async Task<RowsResult> ListAsync(
        ILake lake, ICatalog catalog, Action<TarnException> unreadable, CancellationToken cancellationToken, string? schema = null, bool forPeople = true)
    {
        var rows = new List<object?[]>();
        var walk = new CatalogWalk(catalog, unreadable);
        await foreach (var @namespace in walk.NamespacesAsync(cancellationToken))
        {
            if ((schema is not null && SqlPrinter.Schema(@namespace) != schema) || await walk.ContentAsync(@namespace, cancellationToken) is not { } content)
                continue;
            foreach (var table in content.Tables)
            {
                if (await RowAsync(lake, catalog, table, unreadable, forPeople, cancellationToken) is { } row)
                    rows.Add(row);
            }

            foreach (var table in content.ForeignTables)
                rows.Add([SqlPrinter.Schema(@namespace), table.Name, "table, not iceberg", null, null, null, null]);
            foreach (var view in content.Views)
                rows.Add([SqlPrinter.Schema(@namespace), view.Name, "view", null, null, null, null]);
        }

        return new RowsResult(
            [
                RowsResult.Text("schema"), RowsResult.Text("name"), RowsResult.Text("kind"), RowsResult.Number("rows"),
                forPeople ? RowsResult.Text("size") : RowsResult.Number("size_bytes"), RowsResult.Number("files"), RowsResult.Instant("last_change"),
            ],
            rows);
    }

    private static async Task RequireSchemaAsync(ICatalog catalog, string schema, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        await foreach (var @namespace in new CatalogWalk(catalog).NamespacesAsync(cancellationToken))
            names.Add(SqlPrinter.Schema(@namespace));
        if (!names.Contains(schema))
            throw TarnException.NotFound($"There is no schema '{schema}'{CommandParser.DidYouMean(schema, names).TrimEnd('?')}. 'tarn sql \"SHOW SCHEMAS\"' lists those that there are.");
    }

    /// <summary>What is known of a table; null when it is gone meanwhile.</summary>
    private static async ValueTask<object?[]?> RowAsync(ILake lake, ICatalog catalog, TableIdentifier table, Action<TarnException> unreadable, bool forPeople, CancellationToken cancellationToken)
    {
        TableHandle? handle = null;
        try
        {
            handle = await catalog.LoadTableAsync(table, cancellationToken);
            return handle is null ? null : Row(handle, "table", await TableFacts.OfAsync(lake, handle, cancellationToken), forPeople);
        }
        catch (TarnException error) when (error.Kind is ErrorKind.DataCorrupted or ErrorKind.NotFound or ErrorKind.Unsupported or ErrorKind.PermissionDenied)
        {
            unreadable(new TarnException(error.Kind, $"Table {table} cannot be read: {error.Message}", error));
            // A manifest or delete file that is missing leaves all but the rows, which the metadata tells.
            return handle is null ? [SqlPrinter.Schema(table.Namespace), table.Name, Unreadable, null, null, null, null] : Row(handle, Unreadable, TableFacts.OfSummary(handle.Metadata), forPeople);
        }
    }

    private static object?[] Row(TableHandle table, string kind, TableFacts facts, bool forPeople)
    {
        object? size = forPeople ? facts.SizeBytes is { } bytes ? Quantity.Bytes(bytes) : null : facts.SizeBytes;
        return [SqlPrinter.Schema(table.Identifier.Namespace), table.Identifier.Name, kind, facts.Rows, size, facts.Files, RowsResult.InstantOf(facts.LastChangeMs)];
    }

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        await using var lake = await context.OpenLakeAsync(LakeAccess.Existing, cancellationToken);
        var catalog = await CatalogSession.CatalogOfAsync(context, lake, cancellationToken);
        string? schema = context.Words.Argument(0);
        var unreadable = new List<TarnException>();
        await using var tables = await ListAsync(lake, catalog, unreadable.Add, cancellationToken, schema, context.Format == "table");
        if (schema is not null && tables.Rows.Count == 0)
            await RequireSchemaAsync(catalog, schema, cancellationToken);
        await ResultWriter.WriteAllAsync(tables, context.Format, context.Streams, expanded: false, cancellationToken);
        if (tables.Rows.Count == 0)
            context.Say(schema is null ? "The lake has no tables yet: 'tarn demo' or 'tarn ingest FILE --table schema.name' makes some." : $"Schema '{schema}' has no tables.");
        await context.Streams.Out.FlushAsync(cancellationToken);
        foreach (var error in unreadable)
            TarnProgram.PrintError(error, context.Streams);
        return unreadable.Count == 0 ? ExitCode.Done : ExitCode.Failed;
    }
}
