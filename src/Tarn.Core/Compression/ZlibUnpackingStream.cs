using System.Buffers.Binary;
using System.IO.Compression;
using Tarn.Core.Streams;

namespace Tarn.Core.Compression;

/// <summary>Unpacks zlib, whose last four bytes are the Adler-32 checksum of all content (RFC 1950 §2.2): it is computed here and compared with them.</summary>
internal sealed class ZlibUnpackingStream : UnpackingStream
{
    // RFC 1950 §8.2: the largest prime below 65536, and how many bytes fit before sums of 32 bits overflow (zlib's NMAX).
    private const uint Modulus = 65521;
    private const int SummedBytes = 5552;

    private readonly Ending _packed;
    private uint _low = 1, _high;

    public ZlibUnpackingStream(Stream packed, string name)
        : this(new Ending(packed), name)
    {
    }

    private ZlibUnpackingStream(Ending packed, string name)
        : base(new ZLibStream(packed, CompressionMode.Decompress), name, 0) => _packed = packed;

    private protected override void Take(ReadOnlySpan<byte> unpacked)
    {
        while (!unpacked.IsEmpty)
        {
            var some = unpacked[..Math.Min(SummedBytes, unpacked.Length)];
            foreach (byte value in some)
            {
                _low += value;
                _high += _low;
            }

            (_low, _high) = (_low % Modulus, _high % Modulus);
            unpacked = unpacked[some.Length..];
        }
    }

    private protected override bool IsWhole(ReadOnlySpan<byte> held) => _packed.Last() == ((_high << 16) | _low);

    /// <summary>A stream that knows its last four bytes.</summary>
    private sealed class Ending(Stream stream) : ForwardStream
    {
        private uint _last;

        public override bool CanRead => true;

        /// <summary>The last four bytes, most significant first; what was not read yet is read.</summary>
        public uint Last()
        {
            Span<byte> rest = stackalloc byte[512];
            while (Read(rest) > 0)
            {
            }

            return _last;
        }

        public override int Read(Span<byte> buffer)
        {
            int read = stream.Read(buffer);
            if (read >= sizeof(uint))
            {
                _last = BinaryPrimitives.ReadUInt32BigEndian(buffer[(read - sizeof(uint))..read]);
                return read;
            }

            foreach (byte value in buffer[..read])
                _last = (_last << 8) | value;
            return read;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                stream.Dispose();
            base.Dispose(disposing);
        }
    }
}
