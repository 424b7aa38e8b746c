using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Engine.Naming;
using Tarn.Engine.Sessions;
using Tarn.Engine.Sql;
using Tarn.Engine.Sql.Statements;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Governance;

namespace Tarn.Engine.Execution;

/// <summary>CREATE, DROP and ALTER SCHEMA.</summary>
internal static class SchemaStatements
{
    public static async Task<StatementResult> CreateAsync(StatementContext context, CreateSchemaStatement create, CancellationToken cancellationToken)
    {
        var (catalog, name) = await NewNameAsync(context, create.Name.Texts, cancellationToken).ConfigureAwait(false);
        if (await NameResolver.ExistingNamespaceAsync(catalog, name, cancellationToken).ConfigureAwait(false) is { } existing)
        {
            return create.IfNotExists
                ? RowsResult.Done("CREATE SCHEMA", null, $"schema {existing} already exists")
                : throw TarnException.AlreadyExists($"Schema '{existing}' already exists. Write CREATE SCHEMA IF NOT EXISTS, or choose another name.");
        }

        var properties = create.Properties.ToImmutableSortedDictionary(p => p.Name, p => p.Value.ToPropertyText() ?? "", StringComparer.Ordinal);
        if (create.Comment is { } comment)
            properties = properties.SetItem(GovernanceProperties.Comment, comment);
        try
        {
            await catalog.CreateNamespaceAsync(name, properties, cancellationToken).ConfigureAwait(false);
        }
        catch (MissingNamespaceException missing) when (missing.Missing == name.Parent)
        {
            throw NotInside(name, missing);
        }

        return RowsResult.Done("CREATE SCHEMA");
    }

    /// <summary>The refusal of a new schema inside of one that is not there, which nobody may have meant who wrote a dot.</summary>
    public static TarnException NotInside(Namespace name, MissingNamespaceException missing) => new(
        ErrorKind.NotFound,
        $"{missing.Message} In SQL a dot stands between levels, in quotes too: '{name}' is '{name.Levels[^1]}' inside of '{name.Parent}'. "
        + $"Write CREATE SCHEMA {SqlPrinter.QuoteName(name.Parent.Levels)} first, or a name without a dot; clients of the REST catalog make levels that have one.",
        missing);

    /// <summary>The schema that a name means which is to be created.</summary>
    /// <exception cref="TarnException">InvalidRequest for the reserved name.</exception>
    public static async ValueTask<(ICatalog Catalog, Namespace Name)> NewNameAsync(StatementContext context, IReadOnlyList<string> parts, CancellationToken cancellationToken)
    {
        var (catalog, name) = await context.Services.Names.SchemaNameAsync(parts, context.Scope, cancellationToken).ConfigureAwait(false);
        return name.Levels[0].Equals(NameResolver.SystemSchema, StringComparison.OrdinalIgnoreCase)
            ? throw TarnException.Invalid($"Schema '{NameResolver.SystemSchema}' is reserved in every catalog. Choose another name.")
            : (catalog, name);
    }

    public static async Task<StatementResult> DropAsync(StatementContext context, DropSchemaStatement drop, CancellationToken cancellationToken)
    {
        var (catalog, name) = await context.Services.Names.SchemaNameAsync(drop.Name.Texts, context.Scope, cancellationToken).ConfigureAwait(false);
        if (await NameResolver.ExistingNamespaceAsync(catalog, name, cancellationToken).ConfigureAwait(false) is not { } existing)
            return drop.IfExists ? RowsResult.Done("DROP SCHEMA", null, $"schema {name} does not exist") : throw NameResolver.MissingSchema(catalog, name);
        await (drop.Cascade ? catalog.DropNamespaceWithContentAsync(existing, cancellationToken: cancellationToken) : catalog.DropNamespaceAsync(existing, cancellationToken)).ConfigureAwait(false);
        return RowsResult.Done("DROP SCHEMA");
    }

    public static async Task<StatementResult> AlterAsync(StatementContext context, AlterSchemaPropertiesStatement alter, CancellationToken cancellationToken)
    {
        await UpdateAsync(context, alter.Name, alter.Set.ToDictionary(p => p.Name, p => p.Value.ToPropertyText() ?? ""), alter.Removed, cancellationToken).ConfigureAwait(false);
        return RowsResult.Done("ALTER SCHEMA");
    }

    /// <summary>Sets and removes properties of a schema in one step.</summary>
    /// <exception cref="TarnException">NotFound when there is no such schema.</exception>
    public static async ValueTask UpdateAsync(StatementContext context, QualifiedName schema, IReadOnlyDictionary<string, string> set, IReadOnlyList<string> removed, CancellationToken cancellationToken)
    {
        var (catalog, name) = await context.Services.Names.SchemaNameAsync(schema.Texts, context.Scope, cancellationToken).ConfigureAwait(false);
        var existing = await NameResolver.RequireNamespaceAsync(catalog, name, cancellationToken).ConfigureAwait(false);
        await catalog.UpdateNamespaceAsync(existing, set, [.. removed], cancellationToken).ConfigureAwait(false);
    }
}
