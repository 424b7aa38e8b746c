namespace Tarn.Iceberg.Serialization.Compression;

/// <summary>CRC-32 as gzip, Avro's Snappy blocks and deletion vectors use it: reflected polynomial 0xEDB88320 (ISO 3309).</summary>
public static class Crc32
{
    private const uint Polynomial = 0xEDB88320;
    private const int Slices = 8;

    private static readonly uint[][] Tables = BuildTables();

    /// <summary>The checksum of <paramref name="data"/>.</summary>
    /// <param name="data">Bytes to sum.</param>
    /// <param name="seed">The checksum of the bytes before, to continue it; 0 to begin.</param>
    public static uint Compute(ReadOnlySpan<byte> data, uint seed = 0)
    {
        uint crc = ~seed;
        var t = Tables;
        while (data.Length >= Slices)
        {
            uint low = crc ^ System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(data);
            crc = t[7][(byte)low] ^ t[6][(byte)(low >> 8)] ^ t[5][(byte)(low >> 16)] ^ t[4][low >> 24]
                ^ t[3][data[4]] ^ t[2][data[5]] ^ t[1][data[6]] ^ t[0][data[7]];
            data = data[Slices..];
        }

        foreach (byte b in data)
            crc = t[0][(byte)crc ^ b] ^ (crc >> 8);
        return ~crc;
    }

    private static uint[][] BuildTables()
    {
        var tables = new uint[Slices][];
        for (int slice = 0; slice < Slices; slice++)
            tables[slice] = new uint[256];
        for (uint i = 0; i < 256; i++)
        {
            uint crc = i;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ Polynomial : crc >> 1;
            tables[0][i] = crc;
        }

        for (int slice = 1; slice < Slices; slice++)
        {
            for (int i = 0; i < 256; i++)
                tables[slice][i] = tables[0][(byte)tables[slice - 1][i]] ^ (tables[slice - 1][i] >> 8);
        }

        return tables;
    }
}
