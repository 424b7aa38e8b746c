using System.Globalization;
using Tarn.Iceberg.Serialization.Avro;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Serialization.Manifests;

/// <summary>
/// Writes the manifest list of a snapshot ("Manifest Lists"): manifests without a sequence number get the snapshot's, in version 3 data manifests
/// without a first row id get theirs ("First Row ID Assignment").
/// </summary>
public static partial class ManifestListWriter
{
    /// <summary>Writes a list.</summary>
    /// <param name="formatVersion">1, 2 or 3: the version of the table.</param>
    /// <param name="snapshotId">The snapshot.</param>
    /// <param name="parentSnapshotId">Its parent, or null.</param>
    /// <param name="sequenceNumber">Its sequence number; 0 in version 1.</param>
    /// <param name="firstRowId">Its first row id, the table's next one; null before version 3.</param>
    /// <param name="manifests">All manifests of the snapshot, in order.</param>
    /// <param name="codec">One of <see cref="AvroCodec"/>; every reader knows deflate.</param>
    /// <exception cref="ArgumentException">A manifest lacks counts that versions 2 and 3 require (see <see cref="ManifestReader.WithCounts"/>), or its sequence number belongs to another snapshot.</exception>
    public static ManifestListResult Write(
        int formatVersion, long snapshotId, long? parentSnapshotId, long sequenceNumber, long? firstRowId, IReadOnlyList<ManifestFile> manifests, string codec = AvroCodec.Deflate) =>
        Write(formatVersion, snapshotId, parentSnapshotId, sequenceNumber, firstRowId, manifests, [], codec);

    private static ManifestListResult Write(
        int formatVersion, long snapshotId, long? parentSnapshotId, long sequenceNumber, long? firstRowId, IReadOnlyList<ManifestFile> manifests, IReadOnlyList<ManifestListBlock> known, string codec)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(formatVersion is >= 1 and <= 3, true, nameof(formatVersion));
        ArgumentOutOfRangeException.ThrowIfNotEqual(firstRowId is not null, formatVersion == 3, nameof(firstRowId));
        var file = new AvroFileWriter(ManifestSchemas.ManifestList(formatVersion), codec, Metadata(formatVersion, snapshotId, parentSnapshotId, sequenceNumber, firstRowId), int.MaxValue);
        var written = new List<ManifestFile>(manifests.Count);
        long? nextRowId = firstRowId;
        foreach (var manifest in manifests)
            written.Add(Assign(manifest, formatVersion, snapshotId, sequenceNumber, ref nextRowId));
        var kept = Ending(written, known);
        var blocks = WriteBlocks(file, written, written.Count - kept.Sum(b => b.Manifests.Count), formatVersion);
        foreach (var block in kept)
            file.AddBlock(block.Block);
        return new ManifestListResult(file.Finish(), written, nextRowId) { Blocks = [.. blocks, .. kept] };
    }

    private static ManifestFile Assign(ManifestFile manifest, int formatVersion, long snapshotId, long sequenceNumber, ref long? nextRowId)
    {
        if (formatVersion >= 2)
            RequireCounts(manifest);
        bool unassigned = manifest.SequenceNumber == ManifestWriter.UnassignedSequenceNumber || manifest.MinSequenceNumber == ManifestWriter.UnassignedSequenceNumber;
        if (unassigned && manifest.AddedSnapshotId is { } added && added != snapshotId)
            throw new ArgumentException($"Manifest {manifest.ManifestPath} of snapshot {added} has no sequence number and cannot get that of snapshot {snapshotId}.", nameof(manifest));
        long? firstRowId = formatVersion >= 3 && manifest.Content == ManifestContent.Data ? manifest.FirstRowId ?? nextRowId : null;
        if (nextRowId is { } next && manifest.Content == ManifestContent.Data && manifest.FirstRowId is null)
            nextRowId = next + manifest.AddedRowsCount!.Value + manifest.ExistingRowsCount!.Value;
        if (!unassigned && manifest.AddedSnapshotId is not null && manifest.FirstRowId == firstRowId)
            return manifest;
        return manifest with
        {
            AddedSnapshotId = manifest.AddedSnapshotId ?? snapshotId,
            SequenceNumber = Or(manifest.SequenceNumber, sequenceNumber),
            MinSequenceNumber = Or(manifest.MinSequenceNumber, sequenceNumber),
            FirstRowId = firstRowId,
        };
    }

    private static long Or(long number, long assigned) => number == ManifestWriter.UnassignedSequenceNumber ? assigned : number;

    private static void RequireCounts(ManifestFile m)
    {
        bool complete = m is
        {
            AddedFilesCount: not null, ExistingFilesCount: not null, DeletedFilesCount: not null, AddedRowsCount: not null, ExistingRowsCount: not null,
            DeletedRowsCount: not null,
        };
        if (!complete)
            throw new ArgumentException($"Manifest {m.ManifestPath} has no counts, which format versions 2 and 3 require; count its entries first.", nameof(m));
    }

    private static void WriteManifest(AvroWriter writer, ManifestFile manifest, int formatVersion)
    {
        bool v1 = formatVersion == 1;
        writer.WriteString(manifest.ManifestPath);
        writer.WriteLong(manifest.ManifestLength);
        writer.WriteLong(manifest.PartitionSpecId);
        if (!v1)
        {
            writer.WriteLong((int)manifest.Content);
            writer.WriteLong(manifest.SequenceNumber);
            writer.WriteLong(manifest.MinSequenceNumber);
        }

        writer.WriteLong(manifest.AddedSnapshotId!.Value);
        WriteCount(writer, manifest.AddedFilesCount, v1);
        WriteCount(writer, manifest.ExistingFilesCount, v1);
        WriteCount(writer, manifest.DeletedFilesCount, v1);
        if (v1)
            WriteSummaries(writer, manifest.Partitions);
        WriteCount(writer, manifest.AddedRowsCount, v1);
        WriteCount(writer, manifest.ExistingRowsCount, v1);
        WriteCount(writer, manifest.DeletedRowsCount, v1);
        if (!v1)
            WriteSummaries(writer, manifest.Partitions);
        WriteBytes(writer, manifest.KeyMetadata);
        if (formatVersion >= 3)
            WriteCount(writer, manifest.FirstRowId, optional: true);
    }

    private static void WriteCount(AvroWriter writer, long? count, bool optional)
    {
        if (optional)
            writer.WriteLong(count is null ? 0 : 1);
        if (count is { } number)
            writer.WriteLong(number);
    }

    private static void WriteSummaries(AvroWriter writer, IReadOnlyList<FieldSummary>? summaries)
    {
        writer.WriteLong(summaries is null ? 0 : 1);
        if (summaries is null)
            return;
        if (summaries.Count > 0)
            writer.WriteLong(summaries.Count);
        foreach (var summary in summaries)
        {
            writer.WriteBoolean(summary.ContainsNull);
            writer.WriteLong(summary.ContainsNaN is null ? 0 : 1);
            if (summary.ContainsNaN is { } containsNaN)
                writer.WriteBoolean(containsNaN);
            WriteBytes(writer, summary.LowerBound);
            WriteBytes(writer, summary.UpperBound);
        }

        writer.WriteLong(0);
    }

    private static void WriteBytes(AvroWriter writer, byte[]? value)
    {
        writer.WriteLong(value is null ? 0 : 1);
        if (value is not null)
            writer.WriteBytes(value);
    }

    private static List<KeyValuePair<string, string>> Metadata(int formatVersion, long snapshotId, long? parentSnapshotId, long sequenceNumber, long? firstRowId)
    {
        static string Number(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "null";
        List<KeyValuePair<string, string>> metadata =
        [
            new("snapshot-id", Number(snapshotId)),
            new("parent-snapshot-id", Number(parentSnapshotId)),
        ];
        if (formatVersion >= 2)
            metadata.Add(new("sequence-number", Number(sequenceNumber)));
        if (formatVersion >= 3)
            metadata.Add(new("first-row-id", Number(firstRowId)));
        metadata.Add(new("format-version", Number(formatVersion)));
        return metadata;
    }
}

/// <summary>A written manifest list.</summary>
/// <param name="Bytes">The file.</param>
/// <param name="Manifests">The manifests as written, with sequence numbers and first row ids assigned.</param>
/// <param name="NextRowId">The table's next row id after the snapshot; null before version 3.</param>
public sealed record ManifestListResult(byte[] Bytes, IReadOnlyList<ManifestFile> Manifests, long? NextRowId)
{
    /// <summary>The blocks of the file in order, for <see cref="ManifestListWriter.WriteOnto"/>.</summary>
    public required IReadOnlyList<ManifestListBlock> Blocks { get; init; }
}
