using Tarn.Core.Errors;
using Tarn.Engine.Naming;
using Tarn.Engine.Sessions;
using Tarn.Engine.Sql;
using Tarn.Engine.Sql.Literals;
using Tarn.Engine.Sql.Statements;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Engine.Execution;

/// <summary>CALL of the procedures of a catalog's <c>system</c> schema.</summary>
internal static class CallProcedure
{
    /// <summary>The procedure that makes a table of a metadata file.</summary>
    public const string RegisterTable = "register_table";

    /// <summary>The procedure that makes a view of a metadata file.</summary>
    public const string RegisterView = "register_view";

    public static async Task<StatementResult> ExecuteAsync(StatementContext context, CallStatement call, CancellationToken cancellationToken)
    {
        var catalog = call.Procedure.Parts.Count > 2 ? await context.Services.Names.FindCatalogAsync(call.Procedure.Parts[0].Text, cancellationToken).ConfigureAwait(false) : context.Scope.Catalog;
        bool system = call.Procedure.Parts.Count > 1 && call.Procedure.Parts[^2].Text.Equals(NameResolver.SystemSchema, StringComparison.OrdinalIgnoreCase);
        if (catalog is null || !system)
            throw TarnException.NotFound($"There is no procedure '{call.Procedure.Dotted}'. Procedures are called as catalog.{NameResolver.SystemSchema}.name(…).");
        switch (call.Procedure.Last.ToLowerInvariant())
        {
            case RegisterTable:
                var table = await RequiredIdentifierAsync(context, catalog, call, "table_name", cancellationToken).ConfigureAwait(false);
                string metadata = await context.Services.Paths.MetadataFileAsync(Text(call, 2, "table_location"), cancellationToken).ConfigureAwait(false);
                await catalog.RegisterTableAsync(table, metadata, cancellationToken: cancellationToken).ConfigureAwait(false);
                return RowsResult.Done("CALL");
            case RegisterView:
                var view = await RequiredIdentifierAsync(context, catalog, call, "view_name", cancellationToken).ConfigureAwait(false);
                string definition = await context.Services.Paths.MetadataFileAsync(Text(call, 2, "metadata_file"), cancellationToken).ConfigureAwait(false);
                await catalog.RegisterViewAsync(view, definition, cancellationToken: cancellationToken).ConfigureAwait(false);
                return RowsResult.Done("CALL");
            case "unregister_table":
                var dropped = await RequiredIdentifierAsync(context, catalog, call, "table_name", cancellationToken).ConfigureAwait(false);
                return await catalog.DropTableAsync(dropped, purge: false, cancellationToken).ConfigureAwait(false)
                    ? RowsResult.Done("CALL")
                    : throw TarnException.NotFound($"Table '{dropped}' does not exist.");
            default:
                throw TarnException.NotFound($"There is no procedure '{call.Procedure.Dotted}'. There are register_table(schema, table, table folder or metadata file), "
                    + "register_view(schema, view, metadata file) and unregister_table(schema, table).");
        }
    }

    private static async ValueTask<TableIdentifier> RequiredIdentifierAsync(StatementContext context, ICatalog catalog, CallStatement call, string name, CancellationToken cancellationToken)
    {
        var schema = (await context.Services.Names.SchemaNameAsync([Text(call, 0, "schema_name")], context.Scope with { Catalog = catalog }, cancellationToken).ConfigureAwait(false)).Namespace;
        var existing = await NameResolver.ExistingNamespaceAsync(catalog, schema, cancellationToken).ConfigureAwait(false)
            ?? throw TarnException.NotFound($"Schema '{schema}' does not exist. Create it first: CREATE SCHEMA {SqlPrinter.Identifier(catalog.Name)}.{schema}");
        return new TableIdentifier(existing, Text(call, 1, name));
    }

    private static string Text(CallStatement call, int position, string name)
    {
        var argument = call.Arguments.FirstOrDefault(a => a.Name?.Equals(name, StringComparison.OrdinalIgnoreCase) == true)
            ?? (position < call.Arguments.Count && call.Arguments[position].Name is null ? call.Arguments[position] : null)
            ?? throw TarnException.Invalid($"{call.Procedure.Dotted} needs argument {name}.");
        return SqlLiteral.Parse(argument.Value) is StringLiteral text ? text.Value : throw TarnException.Invalid($"Argument {name} of {call.Procedure.Dotted} is {argument.Value.Text}; give a text in quotes.");
    }
}
