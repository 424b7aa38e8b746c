namespace Tarn.Iceberg.Serialization.Compression;

/// <summary>The fixed tables of Zstandard's sequences (RFC 8878, 3.1.1.3.2.1 and 3.1.1.3.2.2).</summary>
internal static class ZstandardCodes
{
    internal const uint FrameMagic = 0xFD2FB528;
    internal const uint SkippableMagic = 0x184D2A50;
    internal const int MaxBlockBytes = 128 * 1024;
    internal const int MinMatchBytes = 3;
    internal const int MaxLiteralLengthLog = 9;
    internal const int MaxOffsetLog = 8;
    internal const int MaxMatchLengthLog = 9;
    internal const int MaxLiteralLengthCode = 35;
    internal const int MaxOffsetCode = 31;
    internal const int MaxMatchLengthCode = 52;

    internal static readonly FseTable DefaultLiteralLengths = FseTable.Build(
        [4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1], 6);

    internal static readonly FseTable DefaultOffsets = FseTable.Build(
        [1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1], 5);

    internal static readonly FseTable DefaultMatchLengths = FseTable.Build(
        [
            1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
            1, 1, 1, -1, -1, -1, -1, -1, -1, -1,
        ],
        6);

    internal static ReadOnlySpan<byte> LiteralLengthBits =>
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];

    internal static ReadOnlySpan<int> LiteralLengthBase =>
        [
            0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 20, 22, 24, 28, 32, 40, 48, 64, 128, 256, 512, 1024, 2048, 4096,
            8192, 16384, 32768, 65536,
        ];

    internal static ReadOnlySpan<byte> MatchLengthBits =>
        [
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5,
            7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
        ];

    internal static ReadOnlySpan<int> MatchLengthBase =>
        [
            3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 37,
            39, 41, 43, 47, 51, 59, 67, 83, 99, 131, 259, 515, 1027, 2051, 4099, 8195, 16387, 32771, 65539,
        ];
}
