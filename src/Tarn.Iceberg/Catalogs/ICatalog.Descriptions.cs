using System.Runtime.CompilerServices;
using Tarn.Iceberg.Governance;

namespace Tarn.Iceberg.Catalogs;

/// <content>What people are told about schemas, tables and views, and the search over it.</content>
public partial interface ICatalog
{
    /// <summary>
    /// Everything in the catalog that may be seen, described: each schema, then its tables (those of other formats too), then its views. Something whose metadata cannot be read is there with
    /// <see cref="ObjectFacts.Problem"/>; so is a schema whose content cannot be listed.
    /// </summary>
    async IAsyncEnumerable<ObjectDescription> DescribeAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var waiting = new Stack<Namespace>((await ListNamespacesAsync(Namespace.Root, default, cancellationToken).ConfigureAwait(false)).Items.Reverse());
        while (waiting.TryPop(out var name))
        {
            var content = await SchemaContent.OfAsync(this, name, cancellationToken).ConfigureAwait(false);
            if (content.Facts is { } schema)
                yield return new ObjectDescription(ObjectKind.Schema, name, null, schema);
            foreach (var table in content.Tables)
            {
                var facts = await ObjectFacts.ReadAsync(async () => await LoadTableAsync(table, cancellationToken).ConfigureAwait(false) is { } handle ? ObjectFacts.Of(handle) : null)
                    .ConfigureAwait(false);
                if (facts is not null)
                    yield return new ObjectDescription(ObjectKind.Table, name, table.Name, facts);
            }

            foreach (var table in content.ForeignTables)
            {
                var facts = await ObjectFacts.ReadAsync(async () => await LoadForeignTableAsync(table, cancellationToken).ConfigureAwait(false) is { } handle ? ObjectFacts.Of(handle.Table) : null)
                    .ConfigureAwait(false);
                if (facts is not null)
                    yield return new ObjectDescription(ObjectKind.Table, name, table.Name, facts);
            }

            foreach (var view in content.Views)
            {
                var facts = await ObjectFacts.ReadAsync(async () => await LoadViewAsync(view, cancellationToken).ConfigureAwait(false) is { } handle ? ObjectFacts.Of(handle) : null)
                    .ConfigureAwait(false);
                if (facts is not null)
                    yield return new ObjectDescription(ObjectKind.View, name, view.Name, facts);
            }

            foreach (var child in content.Children.Reverse())
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
