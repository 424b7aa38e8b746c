using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using Tarn.Core.Errors;

namespace Tarn.Engine.Parquet;

/// <summary>
/// Writes a Parquet file again with the pages of the deprecated codec LZ4 uncompressed, which the engine does not read otherwise. Page and
/// bloom-filter indexes are left out: they hold offsets and are optional. Needs memory for one column chunk and its pages.
/// </summary>
internal sealed class Lz4Rewriter : IDisposable
{
    private readonly SafeFileHandle source;
    private readonly long sourceLength;
    private readonly FileStream target;

    private Lz4Rewriter(string from, string to)
    {
        source = File.OpenHandle(from);
        sourceLength = RandomAccess.GetLength(source);
        target = new FileStream(to, FileMode.Create, FileAccess.Write);
    }

    /// <summary>Writes the file <paramref name="from"/> again as <paramref name="to"/>.</summary>
    /// <exception cref="TarnException">DataCorrupted, naming the file, when a page does not decode.</exception>
    public static void Rewrite(string from, string to)
    {
        var (footer, _) = ParquetFooter.ReadBytes(from);
        using var rewriter = new Lz4Rewriter(from, to);
        try
        {
            rewriter.Write(footer);
        }
        catch (TarnException e) when (e.Kind == ErrorKind.DataCorrupted)
        {
            throw TarnException.Corrupted($"Parquet file '{from}' is damaged: {e.Message}. Restore the file.", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        source.Dispose();
        target.Dispose();
    }

    private void Write(ReadOnlySpan<byte> footer)
    {
        target.Write("PAR1"u8);
        var reader = new CompactReader(footer);
        var writer = new CompactWriter();
        int id = 0, last = 0;
        while (reader.TryReadField(ref id, out var type))
        {
            writer.WriteField(ref last, id, type);
            if (id == 4 && type == CompactType.List)
                WriteList(footer, ref reader, writer, WriteRowGroup);
            else
                CopyValue(footer, ref reader, writer, type);
        }

        writer.WriteStop();
        target.Write(writer.Written);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, writer.Written.Length);
        target.Write(length);
        target.Write("PAR1"u8);
    }

    private delegate void ElementWriter(ReadOnlySpan<byte> footer, ref CompactReader reader, CompactWriter writer);

    private static void WriteList(ReadOnlySpan<byte> footer, ref CompactReader reader, CompactWriter writer, ElementWriter element)
    {
        int count = reader.ReadListHeader(out var type);
        writer.WriteListHeader(count, type);
        for (int i = 0; i < count; i++)
            element(footer, ref reader, writer);
    }

    // RowGroup: 1 columns, 2 total_byte_size, 5 file_offset and 6 total_compressed_size hold for the old bytes; the last two are optional.
    private void WriteRowGroup(ReadOnlySpan<byte> footer, ref CompactReader reader, CompactWriter writer)
    {
        int id = 0, last = 0;
        while (reader.TryReadField(ref id, out var type))
        {
            if (id is 5 or 6)
            {
                reader.Skip(type);
                continue;
            }

            writer.WriteField(ref last, id, type);
            if (id == 1)
                WriteList(footer, ref reader, writer, WriteColumn);
            else
                CopyValue(footer, ref reader, writer, type);
        }

        writer.WriteStop();
    }

    // ColumnChunk: 2 file_offset (deprecated, 0), 3 meta_data, 4 to 7 offsets of indexes.
    private void WriteColumn(ReadOnlySpan<byte> footer, ref CompactReader reader, CompactWriter writer)
    {
        int id = 0, last = 0;
        while (reader.TryReadField(ref id, out var type))
        {
            switch (id)
            {
                case 2:
                    reader.Skip(type);
                    writer.WriteInt64(ref last, id, 0);
                    break;
                case 3:
                    writer.WriteField(ref last, id, type);
                    WriteMetadata(footer, ref reader, writer);
                    break;
                case >= 4 and <= 7:
                    reader.Skip(type);
                    break;
                default:
                    writer.WriteField(ref last, id, type);
                    CopyValue(footer, ref reader, writer, type);
                    break;
            }
        }

        writer.WriteStop();
    }

    // ColumnMetaData: 4 codec, 6 and 7 sizes, 9 and 11 offsets of pages; 10 (index page), 14 and 15 (bloom filter) are left out.
    private void WriteMetadata(ReadOnlySpan<byte> footer, ref CompactReader reader, CompactWriter writer)
    {
        var ahead = reader;
        var old = ColumnChunk.Read(ref ahead);
        var chunk = Move(old);
        // Old writers name no dictionary page: their data offset is that of the first page, whatever it is.
        if (old.DictionaryOffset is null && chunk.DictionaryOffset is { } first)
            chunk = chunk with { DataOffset = first };
        int id = 0, last = 0;
        while (reader.TryReadField(ref id, out var type))
        {
            if (id is not (4 or 6 or 7 or 9 or 10 or 11 or 14 or 15))
            {
                writer.WriteField(ref last, id, type);
                CopyValue(footer, ref reader, writer, type);
                continue;
            }

            long value = type is CompactType.I32 or CompactType.I64 ? reader.ReadInt64() : throw TarnException.Corrupted($"field {id} of a column chunk is no number");
            if (id == 4)
                writer.WriteInt32(ref last, id, chunk.Codec);
            else if (id is 6 or 7)
                writer.WriteInt64(ref last, id, id == 6 && chunk.Codec != 0 ? value : chunk.SizeBytes);
            else if (id == 9)
                writer.WriteInt64(ref last, id, chunk.DataOffset);
            else if (id == 11 && chunk.DictionaryOffset is { } dictionary)
                writer.WriteInt64(ref last, id, dictionary);
        }

        writer.WriteStop();
    }

    private ColumnChunk Move(ColumnChunk chunk)
    {
        if (chunk.SizeBytes > int.MaxValue || chunk.Offset > sourceLength - chunk.SizeBytes)
            throw TarnException.Corrupted($"a column chunk of {chunk.SizeBytes} bytes at offset {chunk.Offset} does not lie in its {sourceLength} bytes");
        byte[] bytes = new byte[chunk.SizeBytes];
        for (int filled = 0, count; filled < bytes.Length; filled += count)
        {
            if ((count = RandomAccess.Read(source, bytes.AsSpan(filled), chunk.Offset + filled)) == 0)
                throw TarnException.Corrupted("it became shorter while it was read");
        }

        long start = target.Position;
        if (chunk.Codec == ColumnChunk.HadoopLz4Codec)
            return Lz4Pages.Write(bytes, target);
        target.Write(bytes);
        return chunk with { DataOffset = chunk.DataOffset - chunk.Offset + start, DictionaryOffset = chunk.Offset == chunk.DictionaryOffset ? start : null };
    }

    private static void CopyValue(ReadOnlySpan<byte> footer, ref CompactReader reader, CompactWriter writer, CompactType type)
    {
        int start = reader.Position;
        reader.Skip(type);
        writer.WriteRaw(footer[start..reader.Position]);
    }
}
