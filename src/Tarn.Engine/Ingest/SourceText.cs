using Tarn.Core.Compression;
using Tarn.Core.Errors;
using Tarn.Iceberg.Serialization.Compression;

namespace Tarn.Engine.Ingest;

/// <summary>The text of a source, decompressed: only to say in errors where something stands, and to take out lines that do not read.</summary>
internal static class SourceText
{
    /// <summary>Zstandard is decompressed in memory here: the most that a file may come to.</summary>
    public const int ZstandardLimitBytes = 1 << 30;

    /// <summary>Opens the text from its beginning.</summary>
    /// <exception cref="TarnException">DataCorrupted when the file does not decompress, or to more than <see cref="ZstandardLimitBytes"/>.</exception>
    public static Stream Open(SourceFile file) => file.Compression switch
    {
        "gzip" => UnpackingStream.Gzip(File.OpenRead(file.Path), file.Name),
        "zstd" => Decompress(file),
        _ => File.OpenRead(file.Path),
    };

    private static MemoryStream Decompress(SourceFile file)
    {
        try
        {
            return new MemoryStream(Zstandard.Decompress(File.ReadAllBytes(file.Path), ZstandardLimitBytes), writable: false);
        }
        catch (TarnException e) when (e.Kind == ErrorKind.DataCorrupted)
        {
            throw TarnException.Corrupted($"File '{file.Name}': {e.Message} Decompress it first, e.g. zstd -d.", e);
        }
    }
}
