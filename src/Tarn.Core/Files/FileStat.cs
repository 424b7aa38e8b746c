namespace Tarn.Core.Files;

/// <summary>A file or folder.</summary>
/// <param name="Path">The path asked for; the bare name when it comes from an enumeration.</param>
/// <param name="IsFolder">Whether it is a folder.</param>
/// <param name="SizeBytes">Length of a file; 0 for a folder.</param>
/// <param name="LastModified">Time of the last write, UTC.</param>
public sealed record FileStat(string Path, bool IsFolder, long SizeBytes, DateTimeOffset LastModified)
{
    /// <summary>Whether it is a symbolic link; the rest then describes the target as far as the operating system tells.</summary>
    public bool IsLink { get; init; }
}
