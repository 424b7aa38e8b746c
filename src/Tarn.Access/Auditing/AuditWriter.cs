using Tarn.Access.Trails;

namespace Tarn.Access.Auditing;

/// <summary>The audit trail in files: a <see cref="TrailWriter{T}"/>.</summary>
/// <param name="folder">Folder of the trail, absolute; created when missing.</param>
/// <param name="options">Sizes.</param>
/// <param name="time">The clock.</param>
public sealed class AuditWriter(string folder, AuditOptions options, TimeProvider time) : IAuditLog, IAsyncDisposable
{
    /// <summary>What names of its files begin with.</summary>
    internal const string Name = "audit";

    private readonly TrailWriter<AuditEvent> _trail = new(folder, new TrailFormat<AuditEvent>(Name, AuditJson.Write, Notice), options, time);

    /// <inheritdoc/>
    public long LostCount => _trail.LostCount;

    /// <inheritdoc/>
    public void Record(AuditEvent auditEvent) => _trail.Record(auditEvent);

    /// <summary>Writes what still waits and makes it durable. Events recorded later are counted as lost.</summary>
    public ValueTask DisposeAsync() => _trail.DisposeAsync();

    private static AuditEvent Notice(DateTimeOffset time, string reason, bool isLoss) =>
        new(time, AuditKind.Administration, "tarn", null, "tarn:WriteAudit", "*", null, !isLoss, reason, null);
}
