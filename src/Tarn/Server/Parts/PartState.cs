namespace Tarn.Server.Parts;

/// <summary>What a part is doing.</summary>
internal enum PartPhase
{
    /// <summary>On the way to its work.</summary>
    Starting,

    /// <summary>At work.</summary>
    Running,

    /// <summary>Failed; it is started again after a wait.</summary>
    Failed,

    /// <summary>Ending, or ended.</summary>
    Stopped,
}

/// <summary>State of a part at one moment.</summary>
/// <param name="Phase">What it is doing.</param>
/// <param name="Reason">Why it is not ready; null when it is.</param>
/// <param name="Restarts">How often it was started again.</param>
internal sealed record PartState(PartPhase Phase, string? Reason, int Restarts)
{
    /// <summary>Whether the part does its work.</summary>
    public bool IsReady => Phase == PartPhase.Running && Reason is null;
}
