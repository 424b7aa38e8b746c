using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Catalogs;

/// <content>
/// What protocols older than Iceberg keep in a catalog: annotations of tables and views, and tables of other formats. A catalog that has no place for
/// them has none and refuses to store one: that is what the methods do unless they are overridden.
/// </content>
public partial interface ICatalog
{
    /// <summary>As <see cref="RegisterTableAsync(TableIdentifier, string, TableHandle?, CancellationToken)"/>, and replaces the annotations in the same step.</summary>
    /// <param name="table">Its name.</param>
    /// <param name="metadataLocation">The file; that of <paramref name="replaced"/> to change nothing but annotations.</param>
    /// <param name="replaced">The table of that name in whose place it comes, in exactly this state; null when the name must be free.</param>
    /// <param name="annotate">Gives all annotations that the table has from now on, when its metadata was read; null leaves those that it has. What it throws ends the call with nothing changed.</param>
    /// <param name="cancellationToken">Cancels before anything was changed.</param>
    ValueTask<TableHandle> RegisterTableAsync(
        TableIdentifier table, string metadataLocation, TableHandle? replaced, Func<TableMetadata, ImmutableSortedDictionary<string, string>?> annotate, CancellationToken cancellationToken = default) =>
        throw NoPlace("annotations of a table", table);

    /// <summary>Registers a metadata file as a view without changing it.</summary>
    /// <param name="view">Its name.</param>
    /// <param name="metadataLocation">The file.</param>
    /// <param name="replaced">The view in whose place it comes, in exactly this state; null when the name must be free.</param>
    /// <param name="annotate">As with a table; null leaves the annotations that the view has.</param>
    /// <param name="cancellationToken">Cancels before anything was changed.</param>
    ValueTask<ViewHandle> RegisterViewAsync(
        TableIdentifier view, string metadataLocation, ViewHandle? replaced = null, Func<ViewMetadata, ImmutableSortedDictionary<string, string>?>? annotate = null, CancellationToken cancellationToken = default) =>
        throw NoPlace("a metadata file as a view", view);

    /// <summary>Tables of other formats in a namespace, in ordinal order.</summary>
    ValueTask<Page<TableIdentifier>> ListForeignTablesAsync(Namespace @namespace, PageRequest page = default, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(new Page<TableIdentifier>([]));

    /// <summary>The table of another format, or null when there is none.</summary>
    ValueTask<ForeignTableHandle?> LoadForeignTableAsync(TableIdentifier table, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<ForeignTableHandle?>(null);

    /// <summary>
    /// Stores the description of a table of another format: creates it when <paramref name="baseTable"/> is null, else replaces exactly that state. Such
    /// tables share one name space with tables and views.
    /// </summary>
    ValueTask<ForeignTableHandle> CommitForeignTableAsync(TableIdentifier table, ForeignTableHandle? baseTable, ForeignTable description, CancellationToken cancellationToken = default) =>
        throw NoPlace("a table of another format than Iceberg", table);

    /// <summary>Forgets a table of another format; its files stay. False when there is none.</summary>
    ValueTask<bool> DropForeignTableAsync(TableIdentifier table, CancellationToken cancellationToken = default) => ValueTask.FromResult(false);

    /// <summary>Renames a table of another format, also into another namespace; atomic.</summary>
    ValueTask RenameForeignTableAsync(TableIdentifier from, TableIdentifier to, CancellationToken cancellationToken = default) =>
        throw TarnException.NotFound($"Table '{from}' does not exist; check its spelling (names are case-sensitive).");

    private TarnException NoPlace(string what, TableIdentifier name) =>
        TarnException.Unsupported($"The catalog '{Name}' cannot store {what} ('{name}'). Use a catalog of Tarn's own for it.");
}

/// <summary>
/// A table that is not in the Iceberg format, or a view that is not an Iceberg view: the catalog keeps what its protocol says of it and looks at
/// nothing. Keys and values are those of the Hive Metastore, flattened (<c>sd.location</c>, <c>sd.inputFormat</c>, <c>parameters.EXTERNAL</c>).
/// </summary>
/// <param name="Properties">What is known of the table.</param>
/// <param name="Partitions">Its partitions by name (<c>day=2026-01-01/hour=3</c>), each with what is known of it.</param>
public sealed record ForeignTable(
    ImmutableSortedDictionary<string, string> Properties,
    ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>> Partitions);

/// <summary>A table of another format as loaded.</summary>
/// <param name="Identifier">Its name.</param>
/// <param name="Version">Tells one state from every other of the table.</param>
/// <param name="Table">Its description.</param>
public sealed record ForeignTableHandle(TableIdentifier Identifier, long Version, ForeignTable Table);
