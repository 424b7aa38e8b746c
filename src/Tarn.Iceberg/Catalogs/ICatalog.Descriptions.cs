using System.Runtime.CompilerServices;
using Tarn.Iceberg.Governance;

namespace Tarn.Iceberg.Catalogs;

/// <content>What people are told about schemas, tables and views, and the search over it.</content>
public partial interface ICatalog
{
    /// <summary>
    /// Everything in the catalog that may be seen, described: each schema, then its tables, then its views. Something whose metadata cannot be read is there with
    /// <see cref="ObjectFacts.Problem"/>.
    /// </summary>
    async IAsyncEnumerable<ObjectDescription> DescribeAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var waiting = new Stack<Namespace>((await ListNamespacesAsync(Namespace.Root, default, cancellationToken).ConfigureAwait(false)).Items.Reverse());
        while (waiting.TryPop(out var name))
        {
            if (await LoadNamespaceAsync(name, cancellationToken).ConfigureAwait(false) is { } properties)
                yield return new ObjectDescription(ObjectKind.Schema, name, null, ObjectFacts.OfSchema(properties));
            foreach (var table in (await ListTablesAsync(name, default, cancellationToken).ConfigureAwait(false)).Items)
            {
                if (await LoadTableAsync(table, cancellationToken).ConfigureAwait(false) is { } handle)
                    yield return new ObjectDescription(ObjectKind.Table, name, table.Name, ObjectFacts.Of(handle.Metadata));
            }

            foreach (var view in (await ListViewsAsync(name, default, cancellationToken).ConfigureAwait(false)).Items)
            {
                if (await LoadViewAsync(view, cancellationToken).ConfigureAwait(false) is { } handle)
                    yield return new ObjectDescription(ObjectKind.View, name, view.Name, ObjectFacts.Of(handle.Metadata));
            }

            foreach (var child in (await ListNamespacesAsync(name, default, cancellationToken).ConfigureAwait(false)).Items.Reverse())
                waiting.Push(child);
        }
    }

    /// <summary>What fits a search and may be seen, the best first.</summary>
    async IAsyncEnumerable<SearchMatch> SearchAsync(SearchWords words, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var match in await words.RankAsync(DescribeAsync(cancellationToken), cancellationToken).ConfigureAwait(false))
            yield return match;
    }
}
