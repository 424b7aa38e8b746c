using System.Collections.Immutable;
using System.Globalization;
using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Serialization.Avro;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Serialization.Manifests;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Maintenance;

/// <summary>
/// Names another place in a table whose files were copied there: writes new metadata, manifest lists and manifests at the new place, in which
/// every location that begins with a moved prefix begins with the new one. Data files are not touched; that each of them is at the new place,
/// with its length, is verified first. The old place is left as it is, so the table can go back.
/// </summary>
/// <param name="store">Reads the old place and writes the new one.</param>
/// <param name="moves">Old prefixes and what comes in their place.</param>
/// <param name="newId">Makes file names unique.</param>
public sealed class RelocateTable(IObjectStore store, LocationMap moves, Func<Guid> newId)
{
    private const int ChecksAtOnce = 32;

    /// <summary>Prepares the new place.</summary>
    /// <returns>Location of the new metadata file, to be registered in place of the old one.</returns>
    /// <exception cref="TarnException">
    /// InvalidRequest when no move concerns the table; NotFound when files are missing at the new place; Unsupported for position deletes, which
    /// hold locations themselves; DataCorrupted when metadata cannot be read.
    /// </exception>
    public async ValueTask<string> PrepareAsync(TableHandle table, CancellationToken cancellationToken = default)
    {
        var metadata = table.Metadata;
        string location = moves.Map(metadata.Location);
        if (location == LocationMap.NormalizeScheme(metadata.Location))
            throw TarnException.Invalid($"Table '{table.Identifier}' lies at '{metadata.Location}', which begins with none of {string.Join(", ", moves.Prefixes.Select(p => $"'{p.Key}'"))}.");
        var run = new Run(this, $"{location.TrimEnd('/')}/metadata");
        var snapshots = new List<Snapshot>();
        foreach (var snapshot in metadata.Snapshots)
            snapshots.Add(await run.MoveAsync(snapshot, cancellationToken).ConfigureAwait(false));
        await VerifyAsync(table, run.DataFiles, cancellationToken).ConfigureAwait(false);
        await run.WriteAsync(cancellationToken).ConfigureAwait(false);
        var (content, suffix) = TableMetadataJson.WriteFile(Move(metadata, location, [.. snapshots]));
        string file = string.Create(CultureInfo.InvariantCulture, $"{run.Folder}/{metadata.MetadataLog.Count + 1:D5}-{newId()}{suffix}");
        await store.PutAsync(file, content, PutCondition.IfAbsent, cancellationToken).ConfigureAwait(false);
        return file;
    }

    private TableMetadata Move(TableMetadata metadata, string location, ImmutableList<Snapshot> snapshots) => metadata with
    {
        Location = location,
        Snapshots = snapshots,
        Statistics = [.. metadata.Statistics.Select(s => s with { StatisticsPath = moves.Map(s.StatisticsPath) })],
        PartitionStatistics = [.. metadata.PartitionStatistics.Select(s => s with { StatisticsPath = moves.Map(s.StatisticsPath) })],
        Properties = metadata.Properties.ToImmutableSortedDictionary(p => p.Key, p => p.Key.EndsWith(".path", StringComparison.Ordinal) ? moves.Map(p.Value) : p.Value, StringComparer.Ordinal),
    };

    private async ValueTask VerifyAsync(TableHandle table, IReadOnlyDictionary<string, long> files, CancellationToken cancellationToken)
    {
        var missing = new System.Collections.Concurrent.ConcurrentBag<string>();
        await Parallel.ForEachAsync(files, new ParallelOptions { MaxDegreeOfParallelism = ChecksAtOnce, CancellationToken = cancellationToken }, async (file, token) =>
        {
            if ((await store.HeadAsync(file.Key, token).ConfigureAwait(false))?.SizeBytes != file.Value)
                missing.Add(file.Key);
        }).ConfigureAwait(false);
        if (!missing.IsEmpty)
            throw TarnException.NotFound($"Table '{table.Identifier}' cannot be relocated: {missing.Count} of {files.Count} data files are not at the new place, or have another length there; the first is '{missing.Min(StringComparer.Ordinal)}'. Copy them first, e.g. with 'tarn s3 sync'; nothing was changed.");
    }

    /// <summary>What one relocation has found and made so far; nothing is written before <see cref="WriteAsync"/>.</summary>
    private sealed class Run(RelocateTable relocation, string folder)
    {
        private readonly Dictionary<string, (string Path, long Length)> _manifests = new(StringComparer.Ordinal);
        private readonly List<(string Path, byte[] Bytes)> _files = [];

        public string Folder => folder;

        /// <summary>Data files at the new place, with their lengths.</summary>
        public Dictionary<string, long> DataFiles { get; } = new(StringComparer.Ordinal);

        public async ValueTask<Snapshot> MoveAsync(Snapshot snapshot, CancellationToken cancellationToken)
        {
            if (snapshot.ManifestList is not { } list)
            {
                var inline = new List<string>();
                foreach (string path in snapshot.Manifests ?? [])
                    inline.Add((await MoveManifestAsync(path, cancellationToken).ConfigureAwait(false)).Path);
                return snapshot with { Manifests = inline };
            }

            var (file, rows) = await relocation.LoadAsync(list, cancellationToken).ConfigureAwait(false);
            foreach (object? row in rows)
                await MoveManifestAsync((string)Find((AvroDatum)row!, ManifestListFields.ManifestPath)!, cancellationToken).ConfigureAwait(false);
            return snapshot with { ManifestList = Add($"snap-{snapshot.SnapshotId}", Rewrite(file, rows)) };
        }

        public async ValueTask WriteAsync(CancellationToken cancellationToken)
        {
            foreach (var (path, bytes) in _files)
                await relocation.Store.PutAsync(path, bytes, PutCondition.IfAbsent, cancellationToken).ConfigureAwait(false);
        }

        // The length stands behind the path in a record, and belongs to the path before it was changed.
        private byte[] Rewrite(AvroFile list, object?[] rows)
        {
            (string Path, long Length) moved = default;
            return AvroRewrite.Apply(list, rows, (field, value) =>
                ManifestListFields.ManifestPath.Is(field) ? (moved = _manifests[(string)value!]).Path
                : ManifestListFields.ManifestLength.Is(field) ? moved.Length
                : value);
        }

        private async ValueTask<(string Path, long Length)> MoveManifestAsync(string path, CancellationToken cancellationToken)
        {
            if (_manifests.TryGetValue(path, out var known))
                return known;
            var (file, entries) = await relocation.LoadAsync(path, cancellationToken).ConfigureAwait(false);
            foreach (object? entry in entries)
                Collect((AvroDatum)entry!, path);
            byte[] bytes = AvroRewrite.Apply(file, entries, (field, value) => ManifestEntryFields.FilePath.Is(field) ? relocation.Moves.Map((string)value!) : value);
            return _manifests[path] = (Add("m", bytes), bytes.Length);
        }

        private void Collect(AvroDatum entry, string manifest)
        {
            var data = (AvroDatum)Find(entry, ManifestEntryFields.DataFile)!;
            if (Find(data, ManifestEntryFields.Content) is (int)FileContent.PositionDeletes)
                throw TarnException.Unsupported($"Manifest '{manifest}' holds position deletes, whose files name data files by their location; compact the table first, or read it through storage.map.");
            if (Find(entry, ManifestEntryFields.Status) is not (int)ManifestEntryStatus.Deleted)
                DataFiles[relocation.Moves.Map((string)Find(data, ManifestEntryFields.FilePath)!)] = (long)Find(data, ManifestEntryFields.FileSizeInBytes)!;
        }

        private static object? Find(AvroDatum datum, ManifestField field) => datum.Find(field.Id, field.Name);

        private string Add(string name, byte[] bytes)
        {
            string path = $"{folder}/{name}-{relocation.NewId()}.avro";
            _files.Add((path, bytes));
            return path;
        }
    }

    private IObjectStore Store => store;

    private LocationMap Moves => moves;

    private Guid NewId() => newId();

    private async ValueTask<(AvroFile File, object?[] Values)> LoadAsync(string location, CancellationToken cancellationToken)
    {
        var file = AvroFile.Open(await store.ReadAsync(location, cancellationToken).ConfigureAwait(false), location);
        return (file, [.. file.ReadAll(AvroDecoder.Compile(file.Schema))]);
    }
}
