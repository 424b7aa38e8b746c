using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Engine.Execution;
using Tarn.Engine.Naming;
using Tarn.Engine.Sql;
using Tarn.Engine.Sql.Statements;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Engine.Ingest;

/// <summary>Where rows are brought: a table that exists, or one that the commit is to create, with its schema if that is missing too.</summary>
/// <param name="Catalog">The catalog.</param>
/// <param name="Name">Name of the table.</param>
/// <param name="Existing">The table; null when it is to be created.</param>
/// <param name="HasMadeSchema">Whether the schema was created before its table, as a catalog wants that cannot create both in one commit.</param>
internal sealed record IngestTarget(ICatalog Catalog, TableIdentifier Name, TableHandle? Existing, bool HasMadeSchema = false)
{
    /// <summary>Finds out what a name stands for.</summary>
    /// <exception cref="TarnException">InvalidRequest for a view, a metadata table, a name without schema or in the reserved one; Unsupported for a table that is only read.</exception>
    public static async ValueTask<IngestTarget> FindAsync(StatementContext context, QualifiedName table, CancellationToken cancellationToken)
    {
        switch (await TableLookup.FindAsync(context, table, cancellationToken).ConfigureAwait(false))
        {
            case null:
                return await NewAsync(context, table, cancellationToken).ConfigureAwait(false);
            case TableSource.Table { MetadataTable: null } found:
                return new IngestTarget(await TableLookup.CatalogOfAsync(context, table, cancellationToken).ConfigureAwait(false), found.Handle.Identifier, found.Handle);
            case TableSource.Foreign:
                throw TableLookup.ReadOnly(table);
            default:
                throw TarnException.Invalid($"'{table.Dotted}' is a view or metadata table. Name a table.");
        }
    }

    /// <summary>
    /// Drops the schema that was made for nothing. One in which somebody has put something meanwhile stays; so does one that cannot be dropped, which is no news
    /// beside the failure itself.
    /// </summary>
    public async ValueTask TakeBackAsync()
    {
        if (!HasMadeSchema)
            return;
        try
        {
            await Catalog.DropNamespaceAsync(Name.Namespace, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TarnException or IOException or UnauthorizedAccessException or HttpRequestException)
        {
            return;
        }
    }

    private static async ValueTask<IngestTarget> NewAsync(StatementContext context, QualifiedName table, CancellationToken cancellationToken)
    {
        bool hasMadeSchema = false;
        if (table.Parts.Count > 1)
        {
            var (catalog, schema) = await SchemaStatements.NewNameAsync(context, [.. table.Qualifier], cancellationToken).ConfigureAwait(false);
            if (await NameResolver.ExistingNamespaceAsync(catalog, schema, cancellationToken).ConfigureAwait(false) is null)
            {
                try
                {
                    if (await catalog.CreatingAsync(schema, cancellationToken).ConfigureAwait(false) is { } creating)
                        return new IngestTarget(creating, new TableIdentifier(schema, table.Texts[^1]), null);
                    await catalog.CreateNamespaceAsync(schema, ImmutableSortedDictionary<string, string>.Empty, cancellationToken).ConfigureAwait(false);
                }
                catch (MissingNamespaceException missing) when (missing.Missing == schema.Parent)
                {
                    throw SchemaStatements.NotInside(schema, missing);
                }

                hasMadeSchema = true;
            }
        }

        var (home, name) = await context.Services.Names.ForCreateAsync(table.Texts, context.Scope, cancellationToken).ConfigureAwait(false);
        return new IngestTarget(home, name, null, hasMadeSchema);
    }
}
