namespace Tarn.Iceberg.Lineage;

/// <summary>Takes what was read and written. Never waits and never throws, so that no statement is slower or fails because of it: what cannot be kept is counted.</summary>
public interface ILineageLog
{
    /// <summary>Hands an event over.</summary>
    void Record(LineageEvent lineageEvent);

    /// <summary>Events that could not be kept, since the start.</summary>
    long LostCount { get; }
}
