using Tarn.Access.Trails;
using Tarn.Iceberg.Lineage;

namespace Tarn.Metastore.Lineage;

/// <summary>Lineage in files, kept as the audit trail is: a <see cref="TrailWriter{T}"/>.</summary>
/// <param name="folder">Folder of the trail, absolute; created with the first event.</param>
/// <param name="options">Sizes.</param>
/// <param name="time">The clock.</param>
public sealed class LineageWriter(string folder, LineageOptions options, TimeProvider time) : ILineageLog, IAsyncDisposable
{
    /// <summary>What names of its files begin with.</summary>
    internal const string Name = "lineage";

    private readonly TrailWriter<LineageEvent> _trail = new(folder, new TrailFormat<LineageEvent>(Name, LineageJson.Write, Notice), options, time);

    /// <inheritdoc/>
    public long LostCount => _trail.LostCount;

    /// <inheritdoc/>
    public void Record(LineageEvent lineageEvent) => _trail.Record(lineageEvent);

    /// <summary>Writes what still waits and makes it durable. Events recorded later are counted as lost.</summary>
    public ValueTask DisposeAsync() => _trail.DisposeAsync();

    private static LineageEvent Notice(DateTimeOffset time, string reason, bool isLoss) =>
        new() { Time = time, Principal = "tarn", Engine = "tarn", Operation = reason, Status = isLoss ? LineageStatus.Failed : LineageStatus.Succeeded };
}
