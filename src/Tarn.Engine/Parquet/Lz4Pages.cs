using Tarn.Core.Errors;

namespace Tarn.Engine.Parquet;

/// <summary>Writes the pages of an LZ4 column chunk uncompressed (parquet.thrift, PageHeader).</summary>
internal static class Lz4Pages
{
    private const int DictionaryPage = 2;
    private const int DataPageV2 = 3;

    /// <summary>Writes all pages and says where they came to lie.</summary>
    /// <exception cref="TarnException">DataCorrupted when a page does not decode.</exception>
    public static ColumnChunk Write(ReadOnlySpan<byte> chunk, Stream target)
    {
        long start = target.Position;
        long? data = null, dictionary = null;
        while (!chunk.IsEmpty)
        {
            var reader = new CompactReader(chunk);
            var page = PageHeader.Read(ref reader);
            int headerSize = reader.Position;
            if (page.CompressedSize < 0 || page.CompressedSize > chunk.Length - headerSize)
                throw TarnException.Corrupted($"a page announces {page.CompressedSize} bytes where {chunk.Length - headerSize} are left");
            if (page.Type == DictionaryPage)
                dictionary ??= target.Position;
            else
                data ??= target.Position;
            byte[] body = Decode(page, chunk.Slice(headerSize, page.CompressedSize));
            target.Write(Header(chunk[..headerSize], body.Length));
            target.Write(body);
            chunk = chunk[(headerSize + page.CompressedSize)..];
        }

        return new ColumnChunk(0, target.Position - start, data ?? throw TarnException.Corrupted("a column chunk has no data page"), dictionary);
    }

    private static byte[] Decode(PageHeader page, ReadOnlySpan<byte> body)
    {
        // Levels of a page of version 2 stand before the compressed part.
        int levels = page.Type == DataPageV2 ? page.LevelsSize : 0;
        if (page.Type == DataPageV2 && !page.IsCompressed)
            return body.ToArray();
        int size = page.UncompressedSize - levels;
        if (levels < 0 || levels > body.Length || size < 0 || !HadoopLz4.IsPlausible(body.Length - levels, size))
            throw TarnException.Corrupted($"a page announces {page.UncompressedSize} bytes out of {body.Length}");
        byte[] decoded = new byte[page.UncompressedSize];
        body[..levels].CopyTo(decoded);
        if (size > 0 && !HadoopLz4.TryDecode(body[levels..], decoded.AsSpan(levels)))
            throw TarnException.Corrupted($"a page of {body.Length} bytes is no LZ4 that makes {size} bytes");
        return decoded;
    }

    // 2 and 3 are the sizes, 4 the checksum of the compressed bytes.
    private static ReadOnlySpan<byte> Header(ReadOnlySpan<byte> old, int size)
    {
        var reader = new CompactReader(old);
        var writer = new CompactWriter();
        int id = 0, last = 0;
        while (reader.TryReadField(ref id, out var type))
        {
            int start = reader.Position;
            reader.Skip(type);
            if (id is 2 or 3)
            {
                writer.WriteInt32(ref last, id, size);
            }
            else if (id != 4)
            {
                writer.WriteField(ref last, id, type);
                writer.WriteRaw(old[start..reader.Position]);
            }
        }

        writer.WriteStop();
        return writer.Written;
    }

    private record struct PageHeader(int Type, int UncompressedSize, int CompressedSize, int LevelsSize, bool IsCompressed)
    {
        public static PageHeader Read(ref CompactReader reader)
        {
            var page = new PageHeader(-1, -1, -1, 0, true);
            int id = 0;
            while (reader.TryReadField(ref id, out var type))
            {
                switch (id)
                {
                    case 1: page.Type = reader.ReadInt32(); break;
                    case 2: page.UncompressedSize = reader.ReadInt32(); break;
                    case 3: page.CompressedSize = reader.ReadInt32(); break;
                    case 8 when type == CompactType.Struct: ReadVersion2(ref reader, ref page); break;
                    default: reader.Skip(type); break;
                }
            }

            return page;
        }

        private static void ReadVersion2(ref CompactReader reader, ref PageHeader page)
        {
            int id = 0;
            long levels = 0;
            while (reader.TryReadField(ref id, out var type))
            {
                if (id is 5 or 6)
                    levels += reader.ReadInt32();
                else if (id == 7)
                    page.IsCompressed = type == CompactType.True;
                else
                    reader.Skip(type);
            }

            page.LevelsSize = levels is >= 0 and <= int.MaxValue ? (int)levels : -1;
        }
    }
}
