using System.IO.Compression;
using Tarn.Core.Streams;

namespace Tarn.Core.Compression;

/// <summary>
/// Unpacks gzip. One more member with known content is read behind the data: it comes out only when all before it was whole, since in a member that is cut
/// off its bytes stand in for compressed data or for the checksum.
/// </summary>
internal sealed class GzipUnpackingStream(Stream packed, string name) : UnpackingStream(new GZipStream(new Followed(packed, s_endMember), CompressionMode.Decompress), name, End.Length)
{
    private static readonly byte[] s_endMember = Pack(End);

    // Any bytes serve that no data is likely to end with.
    private static ReadOnlySpan<byte> End => [0x9C, 0x1E, 0x57, 0xD3, 0x0B, 0xE8, 0x44, 0xA6, 0xB1, 0x72, 0x2F, 0xCD, 0x60, 0x95, 0x3A, 0xFE];

    private protected override void Take(ReadOnlySpan<byte> unpacked)
    {
    }

    private protected override bool IsWhole(ReadOnlySpan<byte> held) => held.SequenceEqual(End);

    private static byte[] Pack(ReadOnlySpan<byte> content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
            gzip.Write(content);
        return packed.ToArray();
    }

    /// <summary>A stream and then some more bytes.</summary>
    private sealed class Followed(Stream first, byte[] then) : ForwardStream
    {
        private bool _isBehind;
        private int _at;

        public override bool CanRead => true;

        public override int Read(Span<byte> buffer)
        {
            if (buffer.IsEmpty)
                return 0;
            if (!_isBehind && first.Read(buffer) is > 0 and var read)
                return read;
            _isBehind = true;
            int count = Math.Min(buffer.Length, then.Length - _at);
            then.AsSpan(_at, count).CopyTo(buffer);
            _at += count;
            return count;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                first.Dispose();
            base.Dispose(disposing);
        }
    }
}
