using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Iceberg.Governance;

/// <summary>What a schema is and what is in it, as far as that can be read.</summary>
/// <param name="Facts">What people are told about it; null when it is gone.</param>
/// <param name="Tables">Its tables; empty when they cannot be listed.</param>
/// <param name="ForeignTables">Its tables of other formats; empty when they cannot be listed.</param>
/// <param name="Views">Its views; empty when they cannot be listed.</param>
/// <param name="Children">The schemas in it; empty when they cannot be listed.</param>
internal sealed record SchemaContent(
    ObjectFacts? Facts, IReadOnlyList<TableIdentifier> Tables, IReadOnlyList<TableIdentifier> ForeignTables, IReadOnlyList<TableIdentifier> Views, IReadOnlyList<Namespace> Children)
{
    /// <summary>Reads a schema. What cannot be listed is the problem of the schema: its tables must not seem not to exist.</summary>
    public static async ValueTask<SchemaContent> OfAsync(ICatalog catalog, Namespace name, CancellationToken cancellationToken)
    {
        string? problem = null;
        var facts = await ObjectFacts.ReadAsync(
            async () => await catalog.LoadNamespaceAsync(name, cancellationToken).ConfigureAwait(false) is { } properties ? ObjectFacts.OfSchema(properties) : null).ConfigureAwait(false);
        var tables = await ListedAsync(() => catalog.ListTablesAsync(name, default, cancellationToken)).ConfigureAwait(false);
        var foreign = await ListedAsync(() => catalog.ListForeignTablesAsync(name, default, cancellationToken)).ConfigureAwait(false);
        var views = await ListedAsync(() => catalog.ListViewsAsync(name, default, cancellationToken)).ConfigureAwait(false);
        var children = await ListedAsync(() => catalog.ListNamespacesAsync(name, default, cancellationToken)).ConfigureAwait(false);
        return new SchemaContent(problem is null || facts is null ? facts : facts with { Problem = facts.Problem ?? problem }, tables, foreign, views, children);

        async ValueTask<IReadOnlyList<T>> ListedAsync<T>(Func<ValueTask<Page<T>>> list)
        {
            try
            {
                return (await list().ConfigureAwait(false)).Items;
            }
            catch (TarnException error) when (error.IsOfOneThing)
            {
                problem ??= error.Message;
                return [];
            }
        }
    }
}
