using System.Collections.Immutable;
using Tarn.Access.Store;
using Tarn.Iceberg.Catalogs;

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
    }

    /// <summary>Forgets a table.</summary>
    public sealed record DropTable(TableIdentifier Table) : CatalogChange;

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
    }

    /// <summary>Forgets a view.</summary>
    public sealed record DropView(TableIdentifier View) : CatalogChange;

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

    /// <summary>Puts or removes a document about identities. The log does not look into it.</summary>
    public sealed record ChangeAccess(AccessRecordChange Change) : CatalogChange;
}
