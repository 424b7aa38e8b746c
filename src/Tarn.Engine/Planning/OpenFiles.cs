using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.DuckDb;
using Tarn.Engine.Avro;
using Tarn.Engine.Functions;
using Tarn.Engine.Relations;
using Tarn.Engine.Sessions;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Serialization.Avro;
using Tarn.Iceberg.Spec;

namespace Tarn.Engine.Planning;

/// <summary>Data and delete files of a table that are being read: leased, within what the session may read, and with their footers.</summary>
/// <param name="services">What all sessions share.</param>
/// <param name="trust">Trust in the session.</param>
/// <param name="table">Whose files they are.</param>
/// <param name="metadata">Its metadata.</param>
/// <param name="own">Takes what must be held until the reading has ended.</param>
internal sealed class OpenFiles(EngineServices services, SessionTrust trust, TableIdentifier table, TableMetadata metadata, Action<IDisposable> own)
{
    private readonly Dictionary<string, LocalLease> leases = new(StringComparer.Ordinal);

    /// <summary>Told of each Parquet file: what the manifest calls it and where it lies.</summary>
    public Action<string, string>? OnOpened { get; init; }

    /// <summary>The error of delete files that cannot be read.</summary>
    /// <param name="kind"><c>Position</c> or <c>Equality</c>.</param>
    /// <param name="files">The files, one of which it is.</param>
    /// <param name="damage">What reading them said.</param>
    public static TarnException Damaged(string kind, IReadOnlyList<ScanFile> files, DuckDbException damage)
    {
        string names = files.Count == 1 ? $"{kind} delete file '{files[0].File.FilePath}' is" : $"One of {files.Count} {kind.ToLowerInvariant()} delete files, e.g. '{files[0].File.FilePath}', is";
        return TarnException.Corrupted($"{names} damaged: {damage.Message} Restore the file, or roll the table back to a snapshot that does not need it.", damage);
    }

    /// <summary>Leases files, each once.</summary>
    public async ValueTask LeaseAsync(IEnumerable<DataFile> files, CancellationToken cancellationToken)
    {
        string[] locations = [.. files.Select(f => f.FilePath).Distinct(StringComparer.Ordinal).Where(l => !leases.ContainsKey(l))];
        var taken = await FileLeases.TakeAsync(services.Store, locations, cancellationToken).ConfigureAwait(false);
        foreach (var (location, lease) in locations.Zip(taken))
        {
            leases.Add(location, lease);
            own(lease);
        }
    }

    /// <summary>Opens a leased delete file.</summary>
    public ScanFile OpenDelete(DataFile delete)
    {
        if (delete.Format is not (FileFormat.Parquet or FileFormat.Avro))
            throw TarnException.Unsupported($"Table '{table}' has {delete.Format} delete files (e.g. '{delete.FilePath}'); this version of Tarn reads Parquet and Avro.");
        return Open(delete, metadata.Spec(delete.SpecId));
    }

    /// <summary>Opens a leased file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="spec">Spec of its partition.</param>
    public ScanFile Open(DataFile file, PartitionSpec spec)
    {
        string lease = leases[file.FilePath].Path;
        LeasedPaths.Require(services.Options, trust, lease, table);
        if (file.Format == FileFormat.Avro)
            return OpenAvro(file, spec, lease);
        OnOpened?.Invoke(file.FilePath, lease);
        var footer = services.Footers.Get(file.FilePath, lease);
        var (path, shown) = services.Shadows.Open(file.FilePath, lease, footer);
        return new ScanFile(file, spec, path, shown);
    }

    /// <summary>Makes a relation known to the engine.</summary>
    /// <returns>SQL that reads it.</returns>
    public string Register(IRelation relation)
    {
        var lease = services.Relations.Add(relation);
        own(lease);
        return lease.Sql;
    }

    private ScanFile OpenAvro(DataFile file, PartitionSpec spec, string path)
    {
        var mapped = MappedFile.Open(path, file.FilePath);
        own(mapped);
        return new ScanFile(file, spec, path, null) { Avro = AvroFile.Open(mapped.Memory, file.FilePath) };
    }
}
