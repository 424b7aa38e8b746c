using System.Runtime.CompilerServices;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Governance;

namespace Tarn.Metastore.Catalogs;

/// <content>Descriptions of everything. Metadata files never change, so what one says is read once and kept.</content>
public sealed partial class EmbeddedCatalog
{
    private const int DescribedTogether = 256;

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectDescription> DescribeAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var state = await ReadAsync(cancellationToken).ConfigureAwait(false);
        foreach (var (name, entry) in state.Namespaces)
        {
            yield return new ObjectDescription(ObjectKind.Schema, name, null, ObjectFacts.OfSchema(entry.Properties));
            foreach (var (table, described) in entry.ForeignTables)
                yield return new ObjectDescription(ObjectKind.Table, name, table, ObjectFacts.Of(new ForeignTable(described.Properties, described.Partitions)));
            foreach (var pointers in entry.Pointers(name).Chunk(DescribedTogether))
            {
                var facts = await FactsAsync(pointers, cancellationToken).ConfigureAwait(false);
                foreach (var (pointer, known) in pointers.Zip(facts))
                    yield return new ObjectDescription(pointer.IsView ? ObjectKind.View : ObjectKind.Table, name, pointer.Name.Name, known.Beside(pointer.Annotations));
            }
        }
    }

    private async ValueTask<IReadOnlyList<ObjectFacts>> FactsAsync(CatalogPointer[] pointers, CancellationToken cancellationToken)
    {
        var facts = new ObjectFacts?[pointers.Length];
        for (int i = 0; i < pointers.Length; i++)
            facts[i] = Ground.Facts.Find(pointers[i].MetadataLocation);
        int[] missing = [.. Enumerable.Range(0, facts.Length).Where(i => facts[i] is null)];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Committing.CommitGround.ParallelReads, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(missing, parallel, async (i, token) => facts[i] = await ReadFactsAsync(pointers[i], token).ConfigureAwait(false)).ConfigureAwait(false);
        return facts!;
    }

    private async ValueTask<ObjectFacts> ReadFactsAsync(CatalogPointer pointer, CancellationToken cancellationToken)
    {
        try
        {
            var facts = pointer.IsView
                ? ObjectFacts.Of(await Ground.Metadata.ReadViewAsync(pointer.MetadataLocation, cancellationToken).ConfigureAwait(false))
                : ObjectFacts.Of(await Ground.Metadata.ReadTableOnceAsync(pointer.MetadataLocation, cancellationToken).ConfigureAwait(false));
            Ground.Facts.Keep(pointer.MetadataLocation, facts, LeastFactsBytes + pointer.MetadataLocation.Length + facts.SizeBytes);
            return facts;
        }
        catch (TarnException error) when (error.IsOfOneThing)
        {
            return ObjectFacts.Unreadable(error.Message);
        }
    }

    private const int LeastFactsBytes = 256;
}
