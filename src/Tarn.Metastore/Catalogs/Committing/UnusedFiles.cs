using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Spec;

namespace Tarn.Metastore.Catalogs.Committing;

/// <summary>Files that nothing refers to: of commits that certainly do not stand, and of states that a table does not remember.</summary>
internal static class UnusedFiles
{
    private const string DeleteAfterCommit = "write.metadata.delete-after-commit.enabled";

    /// <summary>Whether the files that were written for a commit are of no use after it failed so: after an unknown outcome it may stand, and then it needs them.</summary>
    public static bool AreLeftBy(Exception error) => error is (TarnException and not CommitStateUnknownException) or OperationCanceledException;

    /// <summary>Metadata files that a table forgets with its next state; none unless its properties ask for their deletion.</summary>
    /// <param name="before">The state before; null for a new table.</param>
    /// <param name="after">The next state.</param>
    /// <param name="former">Folders that the table had before and has files in still.</param>
    public static IReadOnlyList<string> ForgottenBy(TableMetadata? before, TableMetadata after, IReadOnlyList<string> former)
    {
        if (before is null || after.Properties.GetValueOrDefault(DeleteAfterCommit) != "true")
            return [];
        // The log of a file that somebody registered may name anything; what lies elsewhere, or is no metadata, is not this table's to delete.
        string[] folders = [MetadataFiles.FolderOf(after), .. former];
        return
        [
            .. before.MetadataLog.Select(e => e.MetadataFile).Except(after.MetadataLog.Select(e => e.MetadataFile))
                .Where(f => folders.Any(folder => TableFolders.HasFile(folder, f)) && TableMetadataJson.IsFileName(f)),
        ];
    }

    /// <summary>Removes files. What cannot be removed stays as garbage that nothing refers to; no outcome depends on it.</summary>
    public static Task RemoveAsync(IObjectStore store, IEnumerable<string> locations) =>
        Parallel.ForEachAsync(locations, new ParallelOptions { MaxDegreeOfParallelism = CommitGround.ParallelWrites }, async (location, _) =>
        {
            try
            {
                await store.DeleteAsync(location, CancellationToken.None).ConfigureAwait(false);
            }
            catch (TarnException)
            {
                return;
            }
        });
}
