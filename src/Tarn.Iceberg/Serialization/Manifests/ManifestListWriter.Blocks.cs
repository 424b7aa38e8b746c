using Tarn.Iceberg.Serialization.Avro;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Serialization.Manifests;

/// <content>
/// The list after a list: what an append adds stands before the manifests of its parent, and those are most of the list. Their blocks are taken over as they are
/// stored, neither encoded nor compressed again.
/// </content>
public static partial class ManifestListWriter
{
    /// <summary>
    /// Encoded size from which on the first block of a list is taken over as well. A smaller one is written anew together with what is added, so that lists do not end up
    /// in blocks of single manifests; compression gains little from larger ones.
    /// </summary>
    internal const int KeptBlockBytes = 16_000;

    /// <summary>Writes a list whose last manifests are those of a list that was written before, in the deflate codec.</summary>
    /// <param name="formatVersion">1, 2 or 3: the version of the table, at both times.</param>
    /// <param name="snapshotId">The snapshot.</param>
    /// <param name="parentSnapshotId">Its parent, or null.</param>
    /// <param name="sequenceNumber">Its sequence number; 0 in version 1.</param>
    /// <param name="firstRowId">Its first row id, the table's next one; null before version 3.</param>
    /// <param name="added">The manifests that come first.</param>
    /// <param name="before">The manifests that come after them.</param>
    /// <param name="known">Blocks of a file of the same version that ends with the same manifests; what does not fit is not taken. May be empty.</param>
    /// <exception cref="ArgumentException">As <see cref="Write(int, long, long?, long, long?, IReadOnlyList{ManifestFile}, string)"/>.</exception>
    public static ManifestListResult WriteOnto(
        int formatVersion, long snapshotId, long? parentSnapshotId, long sequenceNumber, long? firstRowId,
        IReadOnlyList<ManifestFile> added, IReadOnlyList<ManifestFile> before, IReadOnlyList<ManifestListBlock> known) =>
        Write(formatVersion, snapshotId, parentSnapshotId, sequenceNumber, firstRowId, [.. added, .. before], known.All(b => b.FormatVersion == formatVersion && b.Block.Codec == AvroCodec.Deflate) ? known : [], AvroCodec.Deflate);

    // The same objects, not equal ones: a manifest that was given a number since has other bytes.
    private static ManifestListBlock[] Ending(List<ManifestFile> manifests, IReadOnlyList<ManifestListBlock> known)
    {
        int end = manifests.Count, first = known.Count;
        for (; first > 0 && EndsWith(manifests, end, known[first - 1].Manifests); first--)
            end -= known[first - 1].Manifests.Count;
        if (first < known.Count && known[first].Block.SizeBytes < KeptBlockBytes)
            first++;
        return [.. known.Skip(first)];
    }

    private static bool EndsWith(IReadOnlyList<ManifestFile> manifests, int end, IReadOnlyList<ManifestFile> tail)
    {
        if (tail.Count > end)
            return false;
        for (int i = 0; i < tail.Count; i++)
        {
            if (!ReferenceEquals(manifests[end - tail.Count + i], tail[i]))
                return false;
        }

        return true;
    }

    private static List<ManifestListBlock> WriteBlocks(AvroFileWriter file, List<ManifestFile> manifests, int count, int formatVersion)
    {
        var blocks = new List<ManifestListBlock>();
        int first = 0;
        for (int i = 0; i < count; i++)
        {
            WriteManifest(file.Writer, manifests[i], formatVersion);
            file.EndValue();
            if (i < count - 1 && file.Writer.Length < AvroFileWriter.DefaultBlockBytes)
                continue;
            blocks.Add(new ManifestListBlock(formatVersion, manifests.GetRange(first, i + 1 - first), file.EndBlock()!));
            first = i + 1;
        }

        return blocks;
    }
}

/// <summary>A block of a manifest list.</summary>
/// <param name="FormatVersion">Of the table.</param>
/// <param name="Manifests">The manifests in it.</param>
/// <param name="Block">How they are stored.</param>
public sealed record ManifestListBlock(int FormatVersion, IReadOnlyList<ManifestFile> Manifests, AvroStoredBlock Block);
