using System.Globalization;

namespace Tarn.S3.Requests;

/// <summary>Gives every request an id: 16 hexadecimal digits that do not repeat within a run of the server and look unlike each other.</summary>
/// <param name="seed">Where to begin; different for each run.</param>
internal sealed class RequestIdSource(long seed)
{
    // An odd factor makes the step a permutation of 64 bits (Knuth, multiplicative hashing by the golden ratio).
    private const ulong Factor = 0x9E3779B97F4A7C15;

    private long _count = seed;

    /// <summary>Names this server in <c>x-amz-id-2</c>.</summary>
    public string HostId { get; } = Convert.ToBase64String(BitConverter.GetBytes((ulong)seed * Factor));

    /// <summary>The next id.</summary>
    public string Next() => ((ulong)Interlocked.Increment(ref _count) * Factor).ToString("X16", CultureInfo.InvariantCulture);
}
