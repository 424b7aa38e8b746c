using System.Collections.Concurrent;
using Tarn.Core.Storage;

namespace Tarn.Engine.Parquet;

/// <summary>
/// Copies of data files that the engine would misread: it cuts zoned timestamps of nanoseconds to microseconds. In the copy they are annotated as
/// timestamps without zone, which the engine reads in full; they are instants in UTC either way. Copies live as long as the process.
/// </summary>
internal sealed class ShadowFiles(IObjectStore store) : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<(StagedFile File, ParquetFooter Footer)>> copies = new(StringComparer.Ordinal);

    /// <summary>The path and footer to read for a data file: its own, unless it must be copied.</summary>
    public (string Path, ParquetFooter Footer) Open(string location, string path, ParquetFooter footer)
    {
        if (!UtcAnnotation.Leaves(footer.Root).Any(NeedsShadow))
            return (path, footer);
        var (copy, shown) = copies.GetOrAdd(location, _ => new(() => Copy(path))).Value;
        return (copy.Path, shown);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var copy in copies.Values.Where(c => c.IsValueCreated))
            copy.Value.File.Dispose();
    }

    private (StagedFile, ParquetFooter) Copy(string path)
    {
        var copy = store.Stage(".parquet");
        File.Copy(path, copy.Path);
        File.SetAttributes(copy.Path, FileAttributes.Normal);
        UtcAnnotation.Set(copy.Path, NeedsShadow, isAdjustedToUtc: false);
        return (copy, ParquetFooter.Read(copy.Path));
    }

    private static bool NeedsShadow(ParquetColumn column) => column is { Annotation: ParquetAnnotation.TimestampNanos, IsAdjustedToUtc: true };
}
