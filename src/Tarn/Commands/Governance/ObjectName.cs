using Tarn.CommandLine;
using Tarn.Composition;
using Tarn.Core.Errors;
using Tarn.Engine.Sql;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Commands.Governance;

/// <summary>What a NAME argument names, as it stands in statements.</summary>
/// <param name="Kind">TABLE, VIEW or SCHEMA.</param>
/// <param name="Sql">The name in SQL.</param>
internal sealed record ObjectName(string Kind, string Sql)
{
    /// <summary>Finds a table, view or schema of the lake or one of its other warehouses, in this order.</summary>
    /// <exception cref="UsageException">The text is a path.</exception>
    /// <exception cref="TarnException">NotFound: nothing has this name. Unsupported: it is a table of another format, which has no properties to keep tags in.</exception>
    public static async Task<ObjectName> FindAsync(ILake lake, string text, CancellationToken cancellationToken)
    {
        var levels = TableName.PartsOf(text);
        if (levels.Count > 1)
        {
            var (catalog, name) = await lake.ResolveAsync(TableName.Parse(text), cancellationToken);
            if (name.Identifier is not { } identifier)
                throw new UsageException($"'{text}' is a path: tags and owners belong to what has a name in the lake, schema.table");
            if (await catalog.LoadTableAsync(identifier, cancellationToken) is not null)
                return new ObjectName("TABLE", name.Sql);
            if (await catalog.LoadViewAsync(identifier, cancellationToken) is not null)
                return new ObjectName("VIEW", name.Sql);
            if (await catalog.LoadForeignTableAsync(identifier, cancellationToken) is not null)
                throw TarnException.Unsupported($"'{text}' is a plain table of the Hive Metastore: only Iceberg tables, views and schemas have tags. Make an Iceberg table of it with CREATE TABLE … AS SELECT, and tag that.");
        }

        if (levels.All(l => l.Length > 0) && await lake.Catalog.LoadNamespaceAsync(new Namespace(levels), cancellationToken) is not null)
            return new ObjectName("SCHEMA", SqlPrinter.QuoteName(levels.Prepend(TableName.Catalog)));
        throw TarnException.NotFound($"There is no table, view or schema '{text}'. 'tarn tables' lists what there is; names are case-sensitive.");
    }
}
