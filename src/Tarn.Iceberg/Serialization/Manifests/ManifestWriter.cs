using System.Globalization;
using System.Text;
using Tarn.Core.Errors;
using Tarn.Iceberg.Serialization.Avro;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Serialization.Manifests;

/// <summary>
/// Writes one manifest of version 1, 2 or 3 ("Manifests"). Entries that are added leave out their sequence numbers and row ids, which they
/// inherit from the manifest list: a manifest is written once and stays valid when a commit is retried.
/// </summary>
public sealed class ManifestWriter
{
    /// <summary>Sequence number of a manifest that no snapshot has been given yet; <see cref="ManifestListWriter"/> replaces it.</summary>
    public const long UnassignedSequenceNumber = -1;

    private readonly int _formatVersion;
    private readonly PartitionSpec _spec;
    private readonly StructType _partitionType;
    private readonly ManifestContent _content;
    private readonly long? _snapshotId;
    private readonly AvroFileWriter _file;
    private readonly PartitionSummaries _summaries;
    private readonly (int Files, long Rows)[] _counts = new (int, long)[3];
    private long? _minSequenceNumber;

    /// <summary>Begins a manifest.</summary>
    /// <param name="formatVersion">1, 2 or 3: the version of the table.</param>
    /// <param name="schema">Current schema of the table, stored for readers without table metadata.</param>
    /// <param name="spec">Spec of all entries.</param>
    /// <param name="partitionType">Tuple type of the spec (<c>TableMetadata.PartitionType</c>).</param>
    /// <param name="content">Data or delete files.</param>
    /// <param name="snapshotId">Snapshot that adds the manifest; null leaves it open in versions 2 and 3.</param>
    /// <param name="codec">One of <see cref="AvroCodec"/>; every reader knows deflate.</param>
    /// <exception cref="TarnException">InvalidRequest when version 1 is to hold deletes or has no snapshot id.</exception>
    public ManifestWriter(
        int formatVersion, Schema schema, PartitionSpec spec, StructType partitionType, ManifestContent content, long? snapshotId, string codec = AvroCodec.Deflate)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(formatVersion is >= 1 and <= 3, true, nameof(formatVersion));
        if (formatVersion == 1 && (content != ManifestContent.Data || snapshotId is null))
            throw TarnException.Invalid("Format version 1 has no delete files and needs a snapshot id in each manifest. Upgrade the table to version 2.");
        (_formatVersion, _spec, _partitionType, _content, _snapshotId) = (formatVersion, spec, partitionType, content, snapshotId);
        _summaries = new PartitionSummaries(partitionType);
        _file = new AvroFileWriter(ManifestSchemas.ManifestEntry(formatVersion, partitionType), codec, Metadata(schema));
    }

    /// <summary>Length of the file so far, to end it at a target size; the current block is not counted.</summary>
    public long LengthBytes => _file.LengthBytes;

    /// <summary>Entries so far.</summary>
    public int Count => _counts.Sum(c => c.Files);

    /// <summary>A file that this snapshot adds.</summary>
    /// <param name="file">The file; its first row id must be null.</param>
    /// <param name="sequenceNumber">Data sequence number when it is to be older than the commit (compaction); null inherits the commit's.</param>
    public void Add(DataFile file, long? sequenceNumber = null) =>
        Append(new ManifestEntry(ManifestEntryStatus.Added, _snapshotId, sequenceNumber, null, file));

    /// <summary>A file that an earlier snapshot added, as read with inheritance applied: snapshot, sequence numbers and row ids stay.</summary>
    public void Keep(ManifestEntry entry) => Append(entry with { Status = ManifestEntryStatus.Existing });

    /// <summary>A file that this snapshot removes, as read with inheritance applied.</summary>
    public void Delete(ManifestEntry entry) => Append(entry with { Status = ManifestEntryStatus.Deleted, SnapshotId = _snapshotId });

    /// <summary>An entry as it is.</summary>
    /// <exception cref="ArgumentException">The entry does not belong here: wrong content, tuple of another length, or numbers that only added entries may leave out.</exception>
    public void Append(ManifestEntry entry)
    {
        Check(entry);
        ManifestEntryEncoder.Write(_file.Writer, entry, _formatVersion, _partitionType, _snapshotId);
        _file.EndValue();
        ref var count = ref _counts[(int)entry.Status];
        count = (count.Files + 1, count.Rows + entry.DataFile.RecordCount);
        _summaries.Add(entry.DataFile.Partition);
        if (entry is { IsLive: true, SequenceNumber: { } number } && (_minSequenceNumber is null || number < _minSequenceNumber))
            _minSequenceNumber = number;
    }

    /// <summary>Ends the manifest.</summary>
    /// <param name="location">Where the bytes will be stored.</param>
    /// <returns>The file, and what a manifest list says of it.</returns>
    public (byte[] Bytes, ManifestFile Manifest) Finish(string location)
    {
        byte[] bytes = _file.Finish();
        return (bytes, new ManifestFile
        {
            ManifestPath = location,
            ManifestLength = bytes.Length,
            PartitionSpecId = _spec.SpecId,
            Content = _content,
            SequenceNumber = _formatVersion == 1 ? 0 : UnassignedSequenceNumber,
            MinSequenceNumber = _formatVersion == 1 ? 0 : _minSequenceNumber ?? UnassignedSequenceNumber,
            AddedSnapshotId = _snapshotId,
            AddedFilesCount = _counts[(int)ManifestEntryStatus.Added].Files,
            ExistingFilesCount = _counts[(int)ManifestEntryStatus.Existing].Files,
            DeletedFilesCount = _counts[(int)ManifestEntryStatus.Deleted].Files,
            AddedRowsCount = _counts[(int)ManifestEntryStatus.Added].Rows,
            ExistingRowsCount = _counts[(int)ManifestEntryStatus.Existing].Rows,
            DeletedRowsCount = _counts[(int)ManifestEntryStatus.Deleted].Rows,
            Partitions = _summaries.ToList(),
        });
    }

    private List<KeyValuePair<string, string>> Metadata(Schema schema)
    {
        static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
        List<KeyValuePair<string, string>> metadata =
        [
            new(ManifestHeader.SchemaKey, Encoding.UTF8.GetString(SchemaJson.Write(schema))),
            new(ManifestHeader.SchemaIdKey, Number(schema.SchemaId)),
            new(ManifestHeader.PartitionSpecKey, Encoding.UTF8.GetString(PartitionSpecJson.WriteFields(_spec))),
            new(ManifestHeader.PartitionSpecIdKey, Number(_spec.SpecId)),
            new(ManifestHeader.FormatVersionKey, Number(_formatVersion)),
        ];
        if (_formatVersion >= 2)
            metadata.Add(new(ManifestHeader.ContentKey, _content == ManifestContent.Data ? "data" : "deletes"));
        return metadata;
    }

    private void Check(ManifestEntry entry)
    {
        var file = entry.DataFile;
        if ((file.Content == FileContent.Data) != (_content == ManifestContent.Data))
            throw new ArgumentException($"File {file.FilePath} with content {file.Content} does not belong into a manifest of {_content}.", nameof(entry));
        if (file.Partition.Length != _partitionType.Fields.Count)
            throw new ArgumentException($"File {file.FilePath} has {file.Partition.Length} partition values, spec {_spec.SpecId} has {_partitionType.Fields.Count} fields.", nameof(entry));
        if (file.IsDeletionVector && _formatVersion < 3)
            throw new ArgumentException($"Deletion vector {file.FilePath} needs format version 3.", nameof(entry));
        if (_formatVersion == 1)
            return;
        if (entry.Status != ManifestEntryStatus.Added && entry.SequenceNumber is null)
            throw new ArgumentException($"File {file.FilePath} is {entry.Status} and lacks its sequence number; only added files inherit it.", nameof(entry));
        if (entry.SequenceNumber is null && entry.SnapshotId != _snapshotId)
            throw new ArgumentException($"File {file.FilePath} of snapshot {entry.SnapshotId} cannot inherit the sequence number of snapshot {_snapshotId}.", nameof(entry));
    }
}
