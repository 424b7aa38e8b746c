using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Tarn.Storage.Buckets.Keys;

/// <summary>
/// Numbers that only grow: microseconds since 1970, or one more than the last when the clock has not moved on. Being times, they need not be
/// remembered to stay unique when an index is rebuilt.
/// </summary>
internal sealed class SequenceSource(TimeProvider time, Func<ulong>? random = null)
{
    private readonly Lock _gate = new();
    private ulong _last;

    public ulong Next()
    {
        ulong now = (ulong)Math.Max(0, (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
        lock (_gate)
            return _last = Math.Max(now, _last + 1);
    }

    /// <summary>Numbers will be greater than this one.</summary>
    public void Pass(ulong sequence)
    {
        lock (_gate)
            _last = Math.Max(_last, sequence);
    }

    public ulong NextToken()
    {
        if (random is not null)
            return random();
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }
}
