using System.Collections.Concurrent;
using Tarn.Core.Storage;

namespace Tarn.Engine.Parquet;

/// <summary>
/// Copies of data files that the engine would misread. It cuts zoned timestamps of nanoseconds to microseconds: in the copy they are annotated as
/// timestamps without zone, which the engine reads in full; they are instants in UTC either way. It does not know the deprecated codec LZ4: in the
/// copy such pages are uncompressed. Copies live as long as the process.
/// </summary>
internal sealed class ShadowFiles(IObjectStore store) : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<(StagedFile File, ParquetFooter Footer)>> copies = new(StringComparer.Ordinal);

    /// <summary>The path and footer to read for a data file: its own, unless it must be copied.</summary>
    public (string Path, ParquetFooter Footer) Open(string location, string path, ParquetFooter footer)
    {
        bool isZonedNanos = UtcAnnotation.Leaves(footer.Root).Any(IsZonedNanos);
        if (!isZonedNanos && !footer.UsesHadoopLz4)
            return (path, footer);
        var (copy, shown) = copies.GetOrAdd(location, _ => new(() => Copy(path, footer.UsesHadoopLz4, isZonedNanos))).Value;
        return (copy.Path, shown);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var copy in copies.Values.Where(c => c.IsValueCreated))
            copy.Value.File.Dispose();
    }

    private (StagedFile, ParquetFooter) Copy(string path, bool usesLz4, bool isZonedNanos)
    {
        var copy = store.Stage(".parquet");
        try
        {
            if (usesLz4)
                Lz4Rewriter.Rewrite(path, copy.Path);
            else
                File.Copy(path, copy.Path);
            File.SetAttributes(copy.Path, FileAttributes.Normal);
            if (isZonedNanos)
                UtcAnnotation.Set(copy.Path, IsZonedNanos, isAdjustedToUtc: false);
        }
        catch
        {
            copy.Dispose();
            throw;
        }

        return (copy, ParquetFooter.Read(copy.Path));
    }

    private static bool IsZonedNanos(ParquetColumn column) => column is { Annotation: ParquetAnnotation.TimestampNanos, IsAdjustedToUtc: true };
}
