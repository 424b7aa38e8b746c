using System.Buffers;
using System.Text;
using Tarn.Core.Compression;
using Tarn.Core.Errors;
using Tarn.Iceberg.Serialization.Compression;

namespace Tarn.Engine.Ingest;

/// <summary>The text of a source, decompressed: only to say in errors where something stands, and to take out lines that do not read.</summary>
internal static class SourceText
{
    /// <summary>Zstandard is decompressed in memory here: the most that a file may come to.</summary>
    public const int ZstandardLimitBytes = 1 << 30;

    private const int BufferBytes = 1 << 16;

    /// <summary>Opens the text from its beginning.</summary>
    /// <exception cref="TarnException">DataCorrupted when the file does not decompress, or to more than <see cref="ZstandardLimitBytes"/>.</exception>
    public static Stream Open(SourceFile file) => file.Compression switch
    {
        "gzip" => UnpackingStream.Gzip(File.OpenRead(file.Path), file.Name),
        "zstd" => Decompress(file),
        _ => File.OpenRead(file.Path),
    };

    /// <summary>The first line (from 1) with bytes that are no UTF-8, from where a text is; null when there is none.</summary>
    public static long? FirstLineThatIsNoUtf8(Stream text)
    {
        byte[] buffer = new byte[BufferBytes];
        long line = 1;
        for (int held = 0, read = -1; read != 0;)
        {
            read = text.Read(buffer.AsSpan(held));
            var rest = buffer.AsSpan(0, held + read);
            while (rest.Length > 0)
            {
                var status = Rune.DecodeFromUtf8(rest, out var character, out int length);
                // A character may be cut at the end of the buffer.
                if (status == OperationStatus.NeedMoreData && read > 0)
                    break;
                if (status != OperationStatus.Done)
                    return line;
                line += character.Value == '\n' ? 1 : 0;
                rest = rest[length..];
            }

            held = rest.Length;
            rest.CopyTo(buffer);
        }

        return null;
    }

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
