using Tarn.Core.Errors;

namespace Tarn.Iceberg.Catalogs;

/// <summary>A catalog knows a table or view, and its metadata file is missing or damaged.</summary>
/// <param name="location">The file.</param>
/// <param name="isMissing">Whether there is no such file; else it is damaged.</param>
/// <param name="message">What is wrong, and what to do.</param>
/// <param name="cause">What was found when it was read.</param>
public sealed class MetadataFileException(string location, bool isMissing, string message, Exception? cause = null)
    : TarnException(ErrorKind.DataCorrupted, message, cause)
{
    /// <summary>The file.</summary>
    public string Location { get; } = location;

    /// <summary>Whether there is no such file; else it is damaged.</summary>
    public bool IsMissing { get; } = isMissing;
}
