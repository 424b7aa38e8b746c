using Tarn.DuckDb;
using Tarn.Engine.Deletes;
using Tarn.Engine.Relations;
using Tarn.Iceberg.Deletes;
using Tarn.Iceberg.Scanning;

namespace Tarn.Engine.Planning;

/// <summary>Finds the positions that deletion vectors and position delete files take out of data files; the data files themselves are not opened.</summary>
/// <param name="services">What all sessions share.</param>
/// <param name="connection">What reads position delete files.</param>
/// <param name="files">Opens them.</param>
internal sealed class DeletedPositions(EngineServices services, DuckDbConnection connection, OpenFiles files)
{
    /// <summary>Deleted positions by location of the data file, without those that have none.</summary>
    /// <exception cref="Core.Errors.TarnException">DataCorrupted: a delete file is missing or damaged.</exception>
    public async ValueTask<IReadOnlyDictionary<string, PositionBitmap>> ReadAsync(IReadOnlyList<FileScanTask> tasks, CancellationToken cancellationToken)
    {
        var vectors = await new DeletionVectors(services.Store, services.DeletedPositions).ReadAsync(tasks, cancellationToken).ConfigureAwait(false);
        var positions = new PositionDeletes(services.DeletedPositions, services.Locations);
        var missing = positions.Missing(tasks);
        IReadOnlyDictionary<(string, string), PositionBitmap> read = new Dictionary<(string, string), PositionBitmap>();
        if (missing.Count > 0)
        {
            await files.LeaseAsync(missing.Select(m => m.Delete), cancellationToken).ConfigureAwait(false);
            read = Read([.. missing.Select(m => (files.OpenDelete(m.Delete), m.Wanted))], cancellationToken);
        }

        return positions.Merge(tasks, vectors, read);
    }

    private IReadOnlyDictionary<(string, string), PositionBitmap> Read(IReadOnlyList<(ScanFile File, IReadOnlyList<string> Wanted)> missing, CancellationToken cancellationToken)
    {
        try
        {
            return new PositionDeleteReader(connection, services.Locations, files.Register).Read(missing, cancellationToken);
        }
        catch (DuckDbException damage)
        {
            throw OpenFiles.Damaged("Position", [.. missing.Select(f => f.File)], damage);
        }
    }
}
