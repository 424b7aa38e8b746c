using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using Tarn.Core.Errors;

namespace Tarn.Engine.Parquet;

/// <summary>The schema and row count of a Parquet file, from the first fields of its footer (parquet-format, FileMetaData).</summary>
/// <param name="Root">The schema; its children are the columns.</param>
/// <param name="RowCount">Rows in the file.</param>
/// <param name="FooterOffset">Offset of the footer in the file.</param>
public sealed record ParquetFooter(ParquetColumn Root, long RowCount, long FooterOffset)
{
    // Most footers of data files fit: one read instead of two.
    private const int TailBytes = 32 * 1024;
    private const int MagicAndLengthBytes = 8;

    private string? fingerprint;

    /// <summary>Equal for files whose columns have the same names, ids and types in the same order.</summary>
    public string Fingerprint => fingerprint ??= Describe(Root);

    /// <inheritdoc/>
    public bool Equals(ParquetFooter? other) => other is not null && RowCount == other.RowCount && FooterOffset == other.FooterOffset && Fingerprint == other.Fingerprint;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(RowCount, FooterOffset);

    /// <summary>True when some column chunk is compressed with the deprecated codec LZ4.</summary>
    public bool UsesHadoopLz4 { get; init; }

    /// <summary>True when some column carries a field id.</summary>
    public bool HasFieldIds => HasIds(Root);

    /// <summary>Reads the footer of a local file.</summary>
    /// <exception cref="TarnException">DataCorrupted, naming the file, when it is no Parquet file or cut short; Unsupported when the footer is encrypted.</exception>
    public static ParquetFooter Read(string path)
    {
        var (footer, offset) = ReadBytes(path);
        return Parse(path, footer, offset);
    }

    /// <summary>The bytes of the footer of a local file, and their offset; errors as of <see cref="Read"/>.</summary>
    internal static (byte[] Footer, long Offset) ReadBytes(string path)
    {
        using SafeFileHandle handle = Open(path);
        long length = RandomAccess.GetLength(handle);
        var tail = new byte[(int)Math.Min(length, TailBytes)];
        ReadExactly(handle, tail, length - tail.Length);
        if (length < 12 || !tail.AsSpan(tail.Length - 4).SequenceEqual("PAR1"u8))
            throw NotParquet(path, tail, length);
        int footerLength = BinaryPrimitives.ReadInt32LittleEndian(tail.AsSpan(tail.Length - MagicAndLengthBytes));
        if (footerLength < 0 || footerLength > length - 12)
            throw TarnException.Corrupted($"Parquet file '{path}' is damaged: it has {length} bytes and announces a footer of {footerLength}. Restore the file.");
        long offset = length - MagicAndLengthBytes - footerLength;
        byte[] footer = new byte[footerLength];
        if (footerLength + MagicAndLengthBytes <= tail.Length)
            tail.AsSpan(tail.Length - MagicAndLengthBytes - footerLength, footerLength).CopyTo(footer);
        else
            ReadExactly(handle, footer, offset);
        return (footer, offset);
    }

    private static ParquetFooter Parse(string path, ReadOnlySpan<byte> footer, long offset)
    {
        try
        {
            return ParquetSchemaReader.Read(footer, offset);
        }
        catch (TarnException e) when (e.Kind == ErrorKind.DataCorrupted)
        {
            throw TarnException.Corrupted($"Parquet file '{path}' is damaged: {e.Message}. Restore the file.", e);
        }
    }

    private static SafeFileHandle Open(string path)
    {
        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.RandomAccess);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw TarnException.Corrupted($"Data file '{path}' is missing although the table lists it. Restore the file, or roll the table back to a snapshot that does not need it.", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new TarnException(ErrorKind.PermissionDenied, $"Data file '{path}' may not be read: {e.Message}", e);
        }
    }

    private static void ReadExactly(SafeFileHandle handle, Span<byte> buffer, long offset)
    {
        while (buffer.Length > 0)
        {
            int count = RandomAccess.Read(handle, buffer, offset);
            if (count == 0)
                return;
            buffer = buffer[count..];
            offset += count;
        }
    }

    private static TarnException NotParquet(string path, ReadOnlySpan<byte> tail, long length) =>
        tail.Length >= 4 && tail[^4..].SequenceEqual("PARE"u8)
            ? TarnException.Unsupported($"Parquet file '{path}' has an encrypted footer, which Tarn does not read.")
            : TarnException.Corrupted($"'{path}' ({length} bytes) is not a whole Parquet file: it does not end with PAR1. Restore the file.");

    private static bool HasIds(ParquetColumn column) => column.FieldId is not null || column.Children.Any(HasIds);

    private static string Describe(ParquetColumn c) =>
        $"{c.Name.Length}:{c.Name}#{c.FieldId}{c.PhysicalType}{c.TypeLength}{c.Annotation}{c.IsAdjustedToUtc}{c.BitWidth}{c.IsSigned}{c.Precision},{c.Scale}{c.IsRepeated}({string.Concat(c.Children.Select(Describe))})";
}
