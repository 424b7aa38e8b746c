using System.Text;
using Tarn.Core.Errors;

namespace Tarn.Iceberg.Serialization.Variants;

/// <summary>The metadata of a variant: the names of the fields of its objects (Parquet's VariantEncoding.md, "Metadata encoding").</summary>
public readonly ref struct VariantMetadata
{
    private const int Version = 1;

    private readonly ReadOnlySpan<byte> bytes;
    private readonly int offsetSize;

    /// <summary>Opens metadata.</summary>
    /// <exception cref="TarnException">DataCorrupted: it is none.</exception>
    public VariantMetadata(ReadOnlySpan<byte> bytes)
    {
        this.bytes = bytes;
        if (bytes.IsEmpty || (bytes[0] & 0x0F) != Version)
            throw VariantBytes.Damaged($"its metadata begins with {(bytes.IsEmpty ? "nothing" : $"0x{bytes[0]:X2}")}");
        offsetSize = (bytes[0] >> 6) + 1;
        Count = VariantBytes.Unsigned(bytes, 1, offsetSize);
        if (1L + ((Count + 2L) * offsetSize) > bytes.Length)
            throw VariantBytes.Damaged($"its metadata claims {Count} names in {bytes.Length} bytes");
    }

    /// <summary>How many names it has.</summary>
    public int Count { get; }

    /// <summary>A name by its number.</summary>
    /// <exception cref="TarnException">DataCorrupted: there is none.</exception>
    public string Name(int id)
    {
        if ((uint)id >= (uint)Count)
            throw VariantBytes.Damaged($"it names field {id} of {Count}");
        int table = 1 + offsetSize, texts = table + ((Count + 1) * offsetSize);
        int start = VariantBytes.Unsigned(bytes, table + (id * offsetSize), offsetSize), end = VariantBytes.Unsigned(bytes, table + ((id + 1) * offsetSize), offsetSize);
        return Encoding.UTF8.GetString(VariantBytes.Slice(bytes, texts + (long)start, (long)end - start));
    }
}
