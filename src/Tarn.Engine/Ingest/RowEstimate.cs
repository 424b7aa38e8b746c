using Tarn.Core.Compression;

namespace Tarn.Engine.Ingest;

/// <summary>How many rows a source has, to tell progress: known for Parquet, estimated from the first lines of text.</summary>
internal static class RowEstimate
{
    private const int SampleBytes = 1 << 20;

    /// <summary>Rows of all sources; null when one of them does not tell.</summary>
    public static double? Of(IEnumerable<SourceFile> files)
    {
        double sum = 0;
        foreach (var file in files)
        {
            if (Of(file) is not { } rows)
                return null;
            sum += rows;
        }

        return sum;
    }

    private static double? Of(SourceFile file) => file switch
    {
        { RowCount: { } rows } => rows,
        { Format: SourceFormat.Csv or SourceFormat.Ndjson, Compression: "none" or "gzip" } => Lines(file),
        _ => null,
    };

    private static double? Lines(SourceFile file)
    {
        using var stored = File.OpenRead(file.Path);
        using Stream text = file.Compression == "gzip" ? UnpackingStream.Gzip(stored, file.Name) : stored;
        byte[] sample = new byte[SampleBytes];
        int read = text.ReadAtLeast(sample, sample.Length, throwOnEndOfStream: false);
        int lines = sample.AsSpan(0, read).Count((byte)'\n');
        // Of a compressed file, the reader has taken in a little more than the sample came from.
        return stored.Position == 0 || lines == 0 ? null : (double)lines / stored.Position * stored.Length;
    }
}
