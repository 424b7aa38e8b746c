namespace Tarn.Access.Auditing;

/// <summary>Takes the events of the audit trail. Never waits and never throws: what cannot be kept is counted.</summary>
public interface IAuditLog
{
    /// <summary>Hands an event over.</summary>
    void Record(AuditEvent auditEvent);

    /// <summary>Events that could not be kept, since the start.</summary>
    long LostCount { get; }
}
