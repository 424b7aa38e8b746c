using Tarn.Core.Errors;

namespace Tarn.Engine.Parquet;

/// <summary>Where a column chunk lies and how it is compressed (parquet.thrift, ColumnMetaData).</summary>
/// <param name="Codec">Compression codec; 5 is the deprecated LZ4.</param>
/// <param name="SizeBytes">Bytes of all pages with their headers.</param>
/// <param name="DataOffset">Offset of the first data page.</param>
/// <param name="DictionaryOffset">Offset of the dictionary page, or null.</param>
internal readonly record struct ColumnChunk(int Codec, long SizeBytes, long DataOffset, long? DictionaryOffset)
{
    /// <summary>The codec of LZ4 blocks in Hadoop's framing (parquet.thrift, CompressionCodec).</summary>
    public const int HadoopLz4Codec = 5;

    /// <summary>Offset of the first page. Writers without dictionary page leave the offset out or say 0.</summary>
    public long Offset => DictionaryOffset is { } d and > 0 && d < DataOffset ? d : DataOffset;

    /// <summary>Reads a ColumnMetaData struct.</summary>
    public static ColumnChunk Read(ref CompactReader reader)
    {
        var chunk = new ColumnChunk(0, -1, -1, null);
        int id = 0;
        while (reader.TryReadField(ref id, out var type))
        {
            switch (id)
            {
                case 4: chunk = chunk with { Codec = reader.ReadInt32() }; break;
                case 7: chunk = chunk with { SizeBytes = reader.ReadInt64() }; break;
                case 9: chunk = chunk with { DataOffset = reader.ReadInt64() }; break;
                case 11: chunk = chunk with { DictionaryOffset = reader.ReadInt64() }; break;
                default: reader.Skip(type); break;
            }
        }

        return chunk.SizeBytes >= 0 && chunk.DataOffset >= 0 ? chunk : throw TarnException.Corrupted("a column chunk has no size or no offset");
    }
}
