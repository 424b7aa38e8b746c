using Tarn.Core.Storage;
using Tarn.Engine.Parquet;

namespace Tarn.Engine.Ingest;

/// <summary>
/// Copies of sources that the engine would not read as they are, in the staging area until this is disposed: Parquet with the deprecated codec LZ4 or
/// zoned timestamps of nanoseconds, JSON lines with lines that do not read, text in other encodings.
/// </summary>
internal sealed class PreparedSources(IObjectStore store) : IDisposable
{
    private readonly ShadowFiles shadows = new(store);
    private readonly List<JsonLinesFilter> filters = [];
    private readonly List<TextCopy> texts = [];

    /// <summary>The files to read for the files that were named.</summary>
    public IReadOnlyList<SourceFile> Prepare(IReadOnlyList<SourceFile> files, ErrorHandling onError, CancellationToken cancellationToken) =>
        [.. files.Select(f => f.Format switch
        {
            SourceFormat.Parquet => Copy(f),
            // The engine tells where bad rows stand in the text as it decoded it.
            SourceFormat.Csv when TextCopy.IsNeeded(f.Encoding) || (onError == ErrorHandling.Quarantine && f.Encoding != "utf-8") => Transcode(f, f.Encoding, cancellationToken),
            SourceFormat.Ndjson when onError == ErrorHandling.Quarantine || JsonLinesFilter.HasByteOrderMark(f) => Filter(f, onError, cancellationToken),
            _ => f,
        })];

    /// <summary>A copy in UTF-8 of text in an encoding.</summary>
    public SourceFile Transcode(SourceFile file, string encoding, CancellationToken cancellationToken)
    {
        var copy = TextCopy.Of(file with { Encoding = encoding }, store, cancellationToken);
        texts.Add(copy);
        return file with { Path = copy.Path, Compression = "none", Encoding = "utf-8" };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        texts.ForEach(t => t.Dispose());
        shadows.Dispose();
        filters.ForEach(f => f.Dispose());
    }

    private SourceFile Copy(SourceFile file)
    {
        var footer = ParquetFooter.Read(file.Path);
        var zoned = footer.Root.Children.Where(c => c is { Annotation: ParquetAnnotation.TimestampNanos, IsAdjustedToUtc: true }).Select(c => c.Name);
        return file with { Path = shadows.Open(file.Path, file.Path, footer).Path, ZonedNanos = [.. zoned], RowCount = footer.RowCount };
    }

    private SourceFile Filter(SourceFile file, ErrorHandling onError, CancellationToken cancellationToken)
    {
        if (onError == ErrorHandling.Fail && JsonLinesFilter.FirstProblem(file, cancellationToken) is { } problem)
            throw problem;

        if (JsonLinesFilter.Run(file, store, cancellationToken) is not { } filter)
            return file;
        filters.Add(filter);
        return file with { Path = filter.RestPath, Compression = "none", Filtered = filter };
    }
}
