using System.Collections.Immutable;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;

namespace Tarn.Tests.Fakes;

/// <summary>A catalog that holds the tables it was given and changes nothing.</summary>
internal sealed class FixedCatalog(params IReadOnlyList<TableHandle> tables) : ICatalog
{
    public string Name => "iceberg";

    public ValueTask<Page<Namespace>> ListNamespacesAsync(Namespace parent, PageRequest page = default, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(new Page<Namespace>(parent.IsRoot ? [.. tables.Select(t => t.Identifier.Namespace).Distinct()] : []));

    public ValueTask<ImmutableSortedDictionary<string, string>?> LoadNamespaceAsync(Namespace @namespace, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<ImmutableSortedDictionary<string, string>?>(ImmutableSortedDictionary<string, string>.Empty);

    public ValueTask<Page<TableIdentifier>> ListTablesAsync(Namespace @namespace, PageRequest page = default, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(new Page<TableIdentifier>([.. tables.Select(t => t.Identifier).Where(t => t.Namespace.Equals(@namespace))]));

    public ValueTask<TableHandle?> LoadTableAsync(TableIdentifier table, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(tables.FirstOrDefault(t => t.Identifier.Equals(table)));

    /// <summary>A table of another format, or null.</summary>
    public ForeignTableHandle? Foreign { get; init; }

    public ValueTask<ForeignTableHandle?> LoadForeignTableAsync(TableIdentifier table, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Foreign?.Identifier.Equals(table) == true ? Foreign : null);

    public ValueTask<Page<TableIdentifier>> ListViewsAsync(Namespace @namespace, PageRequest page = default, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(new Page<TableIdentifier>([]));

    public ValueTask<ViewHandle?> LoadViewAsync(TableIdentifier view, CancellationToken cancellationToken = default) => ValueTask.FromResult<ViewHandle?>(null);

    public ValueTask CreateNamespaceAsync(Namespace @namespace, ImmutableSortedDictionary<string, string> properties, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask UpdateNamespaceAsync(Namespace @namespace, IReadOnlyDictionary<string, string> updates, IReadOnlyCollection<string> removals, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask DropNamespaceAsync(Namespace @namespace, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<string> NewTableLocationAsync(TableIdentifier table, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<TableHandle>> CommitAsync(IReadOnlyList<TableCommit> commits, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<TableHandle> RegisterTableAsync(TableIdentifier table, string metadataLocation, TableHandle? replaced = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<bool> DropTableAsync(TableIdentifier table, bool purge, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<TableHandle?> UnregisterTableAsync(TableIdentifier table, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask RenameTableAsync(TableIdentifier from, TableIdentifier to, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<ViewHandle> CommitViewAsync(TableIdentifier view, ViewHandle? baseView, ViewMetadata metadata, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<bool> DropViewAsync(TableIdentifier view, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask RenameViewAsync(TableIdentifier from, TableIdentifier to, CancellationToken cancellationToken = default) => throw new NotSupportedException();
}
