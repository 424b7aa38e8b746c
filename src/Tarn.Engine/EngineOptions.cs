namespace Tarn.Engine;

/// <summary>What a user tunes of the embedded engine.</summary>
public sealed record EngineOptions
{
    /// <summary>Threads of the engine; 0, the default, is one per core.</summary>
    public int Threads { get; init; }

    /// <summary>The most that <see cref="MemoryLimitBytes"/> is by default: 4 GiB.</summary>
    public const long MaxDefaultMemoryLimitBytes = 4L << 30;

    /// <summary>
    /// Memory of the engine after which it goes on on disk, in bytes; the process needs some hundred megabytes more. Default: half of the memory that the
    /// process may use, but no more than <see cref="MaxDefaultMemoryLimitBytes"/>.
    /// </summary>
    public long MemoryLimitBytes { get; init; } = Math.Min(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2, MaxDefaultMemoryLimitBytes);

    /// <summary>
    /// Folder for what does not fit into memory; null, the default, is a folder in the staging area of the data folder, or of the system's temporary folder
    /// where the data folder cannot be written.
    /// </summary>
    public string? TempDirectory { get; init; }

    /// <summary>
    /// Absolute folders where data files lie on this machine and where files are staged: all that the engine behind untrusted sessions may touch.
    /// Empty, the default, lets untrusted sessions read no data files.
    /// </summary>
    public IReadOnlyList<string> DataDirectories { get; init; } = [];
}
