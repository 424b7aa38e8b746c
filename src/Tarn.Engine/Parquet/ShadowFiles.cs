using System.Collections.Concurrent;
using Tarn.Core.Storage;

namespace Tarn.Engine.Parquet;

/// <summary>
/// Copies of data files that the engine would misread. It cuts zoned timestamps of nanoseconds to microseconds: in the copy they are annotated as
/// timestamps without zone, which the engine reads in full; they are instants in UTC either way. It does not know the deprecated codec LZ4: in the
/// copy such pages are uncompressed. It takes the null of a variant for NULL: in the copy variants are not annotated, and Tarn reads their parts. Copies
/// live as long as the process.
/// </summary>
internal sealed class ShadowFiles(IObjectStore store) : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<(StagedFile File, ParquetFooter Footer)>> copies = new(StringComparer.Ordinal);

    /// <summary>The path and footer to read for a data file: its own, unless it must be copied.</summary>
    public (string Path, ParquetFooter Footer) Open(string location, string path, ParquetFooter footer)
    {
        bool isZonedNanos = UtcAnnotation.Leaves(footer.Root).Any(IsZonedNanos);
        bool hasVariants = VariantAnnotation.All(footer.Root).Any();
        if (!isZonedNanos && !hasVariants && !footer.UsesHadoopLz4)
            return (path, footer);
        var (copy, shown) = copies.GetOrAdd(location, _ => new(() => Copy(path, footer, isZonedNanos, hasVariants))).Value;
        return (copy.Path, shown);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var copy in copies.Values.Where(c => c.IsValueCreated))
            copy.Value.File.Dispose();
    }

    private (StagedFile, ParquetFooter) Copy(string path, ParquetFooter footer, bool isZonedNanos, bool hasVariants)
    {
        var copy = store.Stage(".parquet");
        try
        {
            if (footer.UsesHadoopLz4)
                Lz4Rewriter.Rewrite(path, copy.Path);
            else
                File.Copy(path, copy.Path);
            File.SetAttributes(copy.Path, FileAttributes.Normal);
            if (isZonedNanos)
                UtcAnnotation.Set(copy.Path, IsZonedNanos, isAdjustedToUtc: false);
            if (hasVariants)
                VariantAnnotation.Remove(copy.Path);
        }
        catch
        {
            copy.Dispose();
            throw;
        }

        var changed = ParquetFooter.Read(copy.Path);
        return (copy, changed with { Root = Remember(changed.Root, footer.Root) });
    }

    // What a column was is told where the engine no longer sees it.
    private static ParquetColumn Remember(ParquetColumn changed, ParquetColumn original) => changed with
    {
        WasAdjustedToUtc = original.IsAdjustedToUtc,
        Children = [.. changed.Children.Zip(original.Children, Remember)],
    };

    private static bool IsZonedNanos(ParquetColumn column) => column is { Annotation: ParquetAnnotation.TimestampNanos, IsAdjustedToUtc: true };
}
