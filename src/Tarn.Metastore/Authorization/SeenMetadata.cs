using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;

namespace Tarn.Metastore.Authorization;

/// <summary>What a metadata file is and names, as it was when somebody looked at that.</summary>
/// <param name="Uuid">That of the table or view.</param>
/// <param name="Folders">Its folders.</param>
internal sealed record SeenMetadata(Guid? Uuid, IReadOnlyList<string> Folders)
{
    public static SeenMetadata Of(TableMetadata metadata) => new(metadata.TableUuid, TableFolders.Of(metadata));

    public static SeenMetadata Of(ViewMetadata metadata) => new(metadata.ViewUuid, TableFolders.Of(metadata));

    /// <summary>Annotates what is registered. Files do not change; should one have since it was looked at, nobody has looked at what it is and names now.</summary>
    /// <param name="metadataLocation">Where it lies.</param>
    /// <param name="seen">What it was; null when there was nothing to look at.</param>
    /// <param name="of">What it is.</param>
    /// <param name="annotate">What is done with metadata that is what was seen; null for nothing.</param>
    /// <returns>The same, which throws <see cref="CommitConflictException"/> for a file that was written anew.</returns>
    public static Func<TMetadata, ImmutableSortedDictionary<string, string>?> Guard<TMetadata>(
        string metadataLocation, SeenMetadata? seen, Func<TMetadata, SeenMetadata> of, Func<TMetadata, ImmutableSortedDictionary<string, string>?>? annotate) => metadata =>
    {
        var now = of(metadata);
        if (seen is null || seen.Uuid != now.Uuid || !seen.Folders.SequenceEqual(now.Folders))
            throw new CommitConflictException($"'{metadataLocation}' was written anew while it was registered. Register it again; nothing was changed.");
        return annotate?.Invoke(metadata);
    };
}
