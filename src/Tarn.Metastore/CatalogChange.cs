using System.Collections.Immutable;
using Tarn.Access.Store;
using Tarn.Iceberg.Catalogs;
using Tarn.Metastore.Requests;

namespace Tarn.Metastore;

/// <summary>One change of the catalog, as recorded in the log. The state is what all changes, applied in order, give.</summary>
public abstract record CatalogChange
{
    private CatalogChange()
    {
    }

    /// <summary>Creates a namespace or replaces its properties. Its parent must exist.</summary>
    public sealed record PutNamespace(Namespace Namespace, ImmutableSortedDictionary<string, string> Properties) : CatalogChange;

    /// <summary>Drops a namespace, which must be empty.</summary>
    public sealed record DropNamespace(Namespace Namespace) : CatalogChange;

    /// <summary>Creates a table or moves it to new metadata.</summary>
    /// <param name="Table">Its name; the namespace must exist, and no view has the name.</param>
    /// <param name="Uuid">Identity of the table; null only for version 1 metadata without one.</param>
    /// <param name="MetadataLocation">The metadata file that is current from now on.</param>
    public sealed record PutTable(TableIdentifier Table, Guid? Uuid, string MetadataLocation) : CatalogChange
    {
        /// <summary>Annotations that the table has from now on; null leaves those that it has.</summary>
        public ImmutableSortedDictionary<string, string>? Annotations { get; init; }

        /// <summary>What <see cref="TableEntry.FormerFolders"/> are from now on; null leaves those that it has.</summary>
        public IReadOnlyList<string>? FormerFolders { get; init; }

        /// <summary>Whether the file was there before, and what it leads to with it: whoever registers a table has not made its files.</summary>
        public bool IsRegistered { get; init; }

        /// <summary>What <see cref="TableEntry.Common"/> is from now on, of one that is brought back; null leaves what it has. It stands in no record.</summary>
        internal IReadOnlyList<string>? Common { get; init; }
    }

    /// <summary>Drops a table; a protected one is refused.</summary>
    public sealed record DropTable(TableIdentifier Table) : CatalogChange
    {
        /// <summary>How long it is kept in <see cref="LogState.Dropped"/>; null forgets it at once.</summary>
        public Retention? Retention { get; init; }
    }

    /// <summary>Gives a table another name; the new one must be free.</summary>
    public sealed record RenameTable(TableIdentifier From, TableIdentifier To) : CatalogChange;

    /// <summary>Creates a view or moves it to new metadata.</summary>
    /// <param name="View">Its name; the namespace must exist, and no table has the name.</param>
    /// <param name="Uuid">Identity of the view.</param>
    /// <param name="MetadataLocation">The metadata file that is current from now on.</param>
    public sealed record PutView(TableIdentifier View, Guid Uuid, string MetadataLocation) : CatalogChange
    {
        /// <inheritdoc cref="PutTable.Annotations"/>
        public ImmutableSortedDictionary<string, string>? Annotations { get; init; }

        /// <inheritdoc cref="PutTable.IsRegistered"/>
        public bool IsRegistered { get; init; }

        /// <inheritdoc cref="PutTable.Common"/>
        internal IReadOnlyList<string>? Common { get; init; }
    }

    /// <summary>Drops a view; a protected one is refused.</summary>
    public sealed record DropView(TableIdentifier View) : CatalogChange
    {
        /// <inheritdoc cref="DropTable.Retention"/>
        public Retention? Retention { get; init; }
    }

    /// <summary>Gives a view another name; the new one must be free.</summary>
    public sealed record RenameView(TableIdentifier From, TableIdentifier To) : CatalogChange;

    /// <summary>Creates a table of another format or replaces its properties, and puts and removes partitions.</summary>
    /// <param name="Table">Its name; the namespace must exist, and no table or view has the name.</param>
    /// <param name="Properties">All its properties.</param>
    /// <param name="Partitions">Partitions to add or replace, by name.</param>
    /// <param name="RemovedPartitions">Names of partitions to remove.</param>
    public sealed record PutForeignTable(
        TableIdentifier Table,
        ImmutableSortedDictionary<string, string> Properties,
        ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>> Partitions,
        IReadOnlyList<string> RemovedPartitions) : CatalogChange;

    /// <summary>Forgets a table of another format.</summary>
    public sealed record DropForeignTable(TableIdentifier Table) : CatalogChange;

    /// <summary>Gives a table of another format another name; the new one must be free.</summary>
    public sealed record RenameForeignTable(TableIdentifier From, TableIdentifier To) : CatalogChange;

    /// <summary>Refuses or allows again that a namespace, and what is inside of it, is dropped.</summary>
    public sealed record ProtectNamespace(Namespace Namespace, bool IsProtected) : CatalogChange;

    /// <summary>Refuses or allows again that a table is dropped.</summary>
    public sealed record ProtectTable(TableIdentifier Table, bool IsProtected) : CatalogChange;

    /// <summary>Refuses or allows again that a view is dropped.</summary>
    public sealed record ProtectView(TableIdentifier View, bool IsProtected) : CatalogChange;

    /// <summary>Brings a dropped table or view back.</summary>
    /// <param name="Dropped">Which one.</param>
    /// <param name="Name">The name that it gets; it must be free.</param>
    public sealed record Undrop(DroppedKey Dropped, TableIdentifier Name) : CatalogChange;

    /// <summary>Has the files of what was dropped deleted too, once it cannot be brought back any more.</summary>
    public sealed record PurgeDropped(DroppedKey Dropped) : CatalogChange;

    /// <summary>Ends the time in which a dropped table or view can be brought back: from now on its files may be deleted.</summary>
    public sealed record ExpireDropped(DroppedKey Dropped) : CatalogChange;

    /// <summary>Forgets a dropped table or view, after what happened to its files has happened.</summary>
    public sealed record ForgetDropped(DroppedKey Dropped) : CatalogChange;

    /// <summary>Makes the branch that the commit is about.</summary>
    /// <param name="From">The branch that it shares everything with at first.</param>
    public sealed record CreateBranch(string From) : CatalogChange;

    /// <summary>Deletes the branch that the commit is about. What only it has is dropped with it.</summary>
    /// <param name="Retention">How long that is kept; null forgets it at once.</param>
    public sealed record DeleteBranch(Retention? Retention) : CatalogChange;

    /// <summary>Says, after the changes that bring them, that everything on another branch has arrived on this one.</summary>
    /// <param name="From">The other branch: the one that this came from, or one that came from this.</param>
    public sealed record MergeBranch(string From) : CatalogChange;

    /// <summary>Creates the warehouse that the commit is about, or replaces its properties.</summary>
    /// <param name="Location">Under which location its tables go; null only for the default warehouse.</param>
    /// <param name="Properties">Its properties.</param>
    public sealed record PutWarehouse(string? Location, ImmutableSortedDictionary<string, string> Properties) : CatalogChange;

    /// <summary>Drops the warehouse that the commit is about, which must be empty.</summary>
    public sealed record DropWarehouse : CatalogChange;

    /// <summary>Puts or removes a document about identities. The log does not look into it.</summary>
    public sealed record ChangeAccess(AccessRecordChange Change) : CatalogChange;

    /// <summary>Says that the commit applies a request that may come again, so that "applied" and "known" are one fact.</summary>
    /// <param name="Request">The request; it was not applied before.</param>
    /// <param name="Result">What its answer needs, see <see cref="AppliedRequest.Result"/>.</param>
    public sealed record RememberRequest(IdempotentRequest Request, IReadOnlyList<string> Result) : CatalogChange
    {
        /// <summary>The same in a commit of this time.</summary>
        internal RememberRequest At(DateTimeOffset time) =>
            Request.Lifetime is { } lifetime ? this with { Request = Request with { Until = time + lifetime, Lifetime = null } } : this;
    }
}
