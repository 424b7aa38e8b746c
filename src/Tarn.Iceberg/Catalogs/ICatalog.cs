using System.Collections.Immutable;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions;

namespace Tarn.Iceberg.Catalogs;

/// <summary>
/// What every catalog does: names to metadata, and commits as data. Tables and views share one name space.
/// Names are compared exactly. Throws <see cref="Core.Errors.TarnException"/>: NotFound (the namespace, table or view is named),
/// AlreadyExists, InvalidRequest (illegal name, namespace not empty), <see cref="Core.Errors.CommitConflictException"/>,
/// <see cref="Core.Errors.CommitStateUnknownException"/>.
/// </summary>
public partial interface ICatalog
{
    /// <summary>Name in SQL, e.g. <c>iceberg</c>.</summary>
    string Name { get; }

    /// <summary>What tells it from every other catalog of its store, whatever a session calls it, e.g. <c>lake</c> or <c>lake@dev</c>.</summary>
    string Address => Name;

    /// <summary>Direct children of <paramref name="parent"/>, in ordinal order.</summary>
    ValueTask<Page<Namespace>> ListNamespacesAsync(Namespace parent, PageRequest page = default, CancellationToken cancellationToken = default);

    /// <summary>Creates a namespace; its parent must exist.</summary>
    ValueTask CreateNamespaceAsync(Namespace @namespace, ImmutableSortedDictionary<string, string> properties, CancellationToken cancellationToken = default);

    /// <summary>
    /// The same catalog for who creates tables in a namespace that may be missing: it gives them locations there, and the commit that creates the first one creates the
    /// namespace too, so that there is never one without the other.
    /// </summary>
    /// <param name="namespace">The namespace; its parent must exist.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Null when the catalog has no such commit: the namespace is to be created first.</returns>
    ValueTask<ICatalog?> CreatingAsync(Namespace @namespace, CancellationToken cancellationToken = default) => ValueTask.FromResult<ICatalog?>(null);

    /// <summary>Properties, or null when there is no such namespace.</summary>
    ValueTask<ImmutableSortedDictionary<string, string>?> LoadNamespaceAsync(Namespace @namespace, CancellationToken cancellationToken = default);

    /// <summary>Sets and removes properties in one step.</summary>
    ValueTask UpdateNamespaceAsync(Namespace @namespace, IReadOnlyDictionary<string, string> updates, IReadOnlyCollection<string> removals, CancellationToken cancellationToken = default);

    /// <summary>Drops an empty namespace.</summary>
    ValueTask DropNamespaceAsync(Namespace @namespace, CancellationToken cancellationToken = default);

    /// <summary>Tables of a namespace, in ordinal order.</summary>
    ValueTask<Page<TableIdentifier>> ListTablesAsync(Namespace @namespace, PageRequest page = default, CancellationToken cancellationToken = default);

    /// <summary>The table, or null when there is none.</summary>
    ValueTask<TableHandle?> LoadTableAsync(TableIdentifier table, CancellationToken cancellationToken = default);

    /// <summary>
    /// The location that a new table gets when nobody names one: <c>&lt;warehouse&gt;/&lt;namespace&gt;/&lt;table&gt;-&lt;id&gt;</c>, different at each call.
    /// Files may be written below it before the table is created by a commit with <see cref="TableRequirement.AssertCreate"/>.
    /// </summary>
    ValueTask<string> NewTableLocationAsync(TableIdentifier table, CancellationToken cancellationToken = default);

    /// <summary>
    /// The properties that a new table is to have: those that its creator names, with what the catalog adds to them and puts in their place. <c>format-version</c> is one
    /// of them. Who creates a table asks before it writes the first file, because properties say how files are written.
    /// </summary>
    ValueTask<IReadOnlyDictionary<string, string>> NewTablePropertiesAsync(TableIdentifier table, IReadOnlyDictionary<string, string> named, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(named);

    /// <summary>The location that a new view gets when nobody names one; as <see cref="NewTableLocationAsync"/>.</summary>
    ValueTask<string> NewViewLocationAsync(TableIdentifier view, CancellationToken cancellationToken = default) => NewTableLocationAsync(view, cancellationToken);

    /// <summary>
    /// Applies all commits or none. A commit whose requirements hold <see cref="TableRequirement.AssertCreate"/> creates its table.
    /// </summary>
    /// <returns>The tables after the commit, in the order of <paramref name="commits"/>.</returns>
    ValueTask<IReadOnlyList<TableHandle>> CommitAsync(IReadOnlyList<TableCommit> commits, CancellationToken cancellationToken = default);

    /// <summary>Registers a metadata file as a table without changing it.</summary>
    /// <param name="table">Its name.</param>
    /// <param name="metadataLocation">The file.</param>
    /// <param name="replaced">
    /// The table of that name in whose place it comes, in exactly this state; null when the name must be free. Where the file is of another table, of another uuid, this
    /// one is dropped by the same commit, with all that a drop asks.
    /// </param>
    /// <param name="cancellationToken">Cancels before anything was changed.</param>
    ValueTask<TableHandle> RegisterTableAsync(TableIdentifier table, string metadataLocation, TableHandle? replaced = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Drops a table; with <paramref name="purge"/> its files are deleted too, after the name is gone: at once, or when it cannot be brought back any more.
    /// False when there is none.
    /// </summary>
    ValueTask<bool> DropTableAsync(TableIdentifier table, bool purge, CancellationToken cancellationToken = default);

    /// <summary>
    /// Forgets a table and leaves its files: whoever knows the metadata file of the answer can register it elsewhere. It holds all commits that were made;
    /// every later one finds no table.
    /// </summary>
    /// <returns>The table as it was last; null when there is none.</returns>
    ValueTask<TableHandle?> UnregisterTableAsync(TableIdentifier table, CancellationToken cancellationToken = default);

    /// <summary>Renames a table, also into another namespace; atomic.</summary>
    ValueTask RenameTableAsync(TableIdentifier from, TableIdentifier to, CancellationToken cancellationToken = default);

    /// <summary>Views of a namespace, in ordinal order.</summary>
    ValueTask<Page<TableIdentifier>> ListViewsAsync(Namespace @namespace, PageRequest page = default, CancellationToken cancellationToken = default);

    /// <summary>The view, or null when there is none.</summary>
    ValueTask<ViewHandle?> LoadViewAsync(TableIdentifier view, CancellationToken cancellationToken = default);

    /// <summary>Stores a view: creates it when <paramref name="baseView"/> is null, else replaces exactly that state.</summary>
    ValueTask<ViewHandle> CommitViewAsync(TableIdentifier view, ViewHandle? baseView, ViewMetadata metadata, CancellationToken cancellationToken = default);

    /// <summary>Drops a view. False when there is none.</summary>
    ValueTask<bool> DropViewAsync(TableIdentifier view, CancellationToken cancellationToken = default);

    /// <summary>Renames a view, also into another namespace; atomic.</summary>
    ValueTask RenameViewAsync(TableIdentifier from, TableIdentifier to, CancellationToken cancellationToken = default);
}

/// <summary>A table as loaded: metadata and the file it came from. The location is immutable and a safe cache key.</summary>
public sealed record TableHandle(TableIdentifier Identifier, string MetadataLocation, TableMetadata Metadata)
{
    /// <summary>
    /// The metadata file as UTF-8 JSON, decompressed, with everything that its writer put there; empty when the catalog does not have it at hand.
    /// Whoever hands metadata on hands on these bytes.
    /// </summary>
    public ReadOnlyMemory<byte> Content { get; init; }

    /// <summary>What clients of other protocols keep beside the metadata; the table format does not know it.</summary>
    public ImmutableSortedDictionary<string, string> Annotations { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}

/// <summary>A view as loaded.</summary>
public sealed record ViewHandle(TableIdentifier Identifier, string MetadataLocation, ViewMetadata Metadata)
{
    /// <inheritdoc cref="TableHandle.Annotations"/>
    public ImmutableSortedDictionary<string, string> Annotations { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}

/// <summary>A change of one table: applied when every requirement holds.</summary>
public sealed record TableCommit(TableIdentifier Table, IReadOnlyList<TableRequirement> Requirements, IReadOnlyList<TableUpdate> Updates);

/// <summary>Which part of a list is wanted.</summary>
/// <param name="Token">Token of the page before, or null for the first.</param>
/// <param name="Size">Most entries to return; 0 is all.</param>
public readonly record struct PageRequest(string? Token = null, int Size = 0);

/// <summary>A part of a list.</summary>
/// <param name="Items">The entries.</param>
/// <param name="NextToken">Token of the next page, or null at the end.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextToken = null);
