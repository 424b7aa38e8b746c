using System.Collections.Immutable;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore;

/// <summary>Identity of a dropped table or view.</summary>
/// <param name="Number">Number of the commit that dropped it.</param>
/// <param name="Ordinal">Position among what that commit dropped, from 0.</param>
public readonly record struct DroppedKey(long Number, int Ordinal) : IComparable<DroppedKey>
{
    /// <inheritdoc/>
    public int CompareTo(DroppedKey other) => (Number, Ordinal).CompareTo((other.Number, other.Ordinal));
}

/// <summary>What happens to a table or view after it was dropped.</summary>
/// <param name="Until">Up to when it can be brought back.</param>
/// <param name="IsPurged">Whether its files are deleted afterwards, as far as nothing else needs them.</param>
public sealed record Retention(DateTimeOffset Until, bool IsPurged);

/// <summary>A dropped table or view.</summary>
/// <param name="At">Where it was dropped.</param>
/// <param name="Name">The name that it had.</param>
/// <param name="IsView">A view, else a table.</param>
/// <param name="Uuid">Identity; null only for version 1 metadata without one.</param>
/// <param name="MetadataLocation">Its last metadata file.</param>
/// <param name="Time">When it was dropped.</param>
/// <param name="Principal">Who dropped it.</param>
/// <param name="Retention">How long it is kept.</param>
/// <param name="IsExpiring">Its files are being deleted: it cannot be brought back any more.</param>
public sealed record DroppedEntry(
    CatalogAddress At,
    TableIdentifier Name,
    bool IsView,
    Guid? Uuid,
    string MetadataLocation,
    DateTimeOffset Time,
    string Principal,
    Retention Retention,
    bool IsExpiring = false)
{
    /// <summary>What clients of other protocols keep beside its metadata.</summary>
    public ImmutableSortedDictionary<string, string> Annotations { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <inheritdoc cref="TableEntry.FormerFolders"/>
    public IReadOnlyList<string> FormerFolders { get; init; } = [];

    /// <summary>
    /// Its metadata files in states whose files a branch does not delete: the one in which it last was like on the branch that it came from, which decides about the files of that; those that were dropped
    /// there without purge; and the one that was registered on the branch.
    /// None of what the branch has made, and on main.
    /// </summary>
    public IReadOnlyList<string> Common { get; init; } = [];

    /// <summary>What it is whatever its name and branch.</summary>
    internal string Identity => CatalogPointer.IdentityOf(Uuid, MetadataLocation);

    /// <summary>Whether it is this table, or it or a view is in the same state: then they share files.</summary>
    public bool Is(Guid? uuid, string metadataLocation) => MetadataLocation == metadataLocation || (!IsView && uuid is not null && Uuid == uuid);

    /// <summary>What its name led to.</summary>
    internal CatalogPointer Pointer => new(Name, IsView, Uuid, MetadataLocation) { Annotations = Annotations, FormerFolders = FormerFolders };

    /// <summary>The same without the files of another state, which stay.</summary>
    internal DroppedEntry Without(string metadataLocation) => Common.Contains(metadataLocation) ? this : this with { Common = [.. Common, metadataLocation] };

    /// <summary>Whether its files were to be deleted until a drop without purge on main kept them.</summary>
    public bool IsKept { get; init; }

    /// <summary>The same, with files that stay.</summary>
    /// <param name="isKept"><see cref="IsKept"/> from now on.</param>
    internal DroppedEntry WithoutPurge(bool isKept) => this with { Retention = Retention with { IsPurged = false }, IsKept = isKept };

    /// <summary>The same, with files that are deleted afterwards.</summary>
    internal DroppedEntry WithPurge() => this with { Retention = Retention with { IsPurged = true }, IsKept = false };
}
