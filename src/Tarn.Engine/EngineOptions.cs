namespace Tarn.Engine;

/// <summary>What a user tunes of the embedded engine.</summary>
public sealed record EngineOptions
{
    /// <summary>Threads of the engine; 0, the default, is one per core.</summary>
    public int Threads { get; init; }

    /// <summary>Memory after which the engine spills to disk, in bytes; 0, the default, leaves it to the engine (80 % of the machine).</summary>
    public long MemoryLimitBytes { get; init; }

    /// <summary>Folder for spilled data; null, the default, is the system's temporary folder.</summary>
    public string? TempDirectory { get; init; }
}
