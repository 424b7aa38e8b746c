using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Tarn.Server.Listening;

/// <summary>Limits that every listener has, so that no client can hold or fill the server.</summary>
internal static class DoorLimits
{
    /// <summary>Open connections of one listener, idle ones included.</summary>
    public const int MaxConnections = 20_000;

    /// <summary>Request line: an S3 key of 1,024 bytes percent-encoded, and the query of a presigned address with a session token.</summary>
    public const int MaxRequestLineBytes = 16 * 1024;

    /// <summary>All headers together: S3 allows 8 KiB of them; tokens of other doors need more.</summary>
    public const int MaxHeaderBytes = 32 * 1024;

    /// <summary>
    /// How long an idle connection stays open. Clients on Java do not repeat a POST when the server closed the connection that they
    /// meant to use again, so it is longer than their own pools keep a connection (60 s by default).
    /// </summary>
    public static readonly TimeSpan KeepAlive = TimeSpan.FromMinutes(10);

    /// <summary>Time for all headers of a request to arrive.</summary>
    public static readonly TimeSpan RequestHeaders = TimeSpan.FromSeconds(30);

    /// <summary>Slowest body, and slowest reader of an answer, in bytes per second, after <see cref="DataRateGrace"/>.</summary>
    public const double MinDataRate = 240;

    /// <summary>How long a client may be slower than <see cref="MinDataRate"/>.</summary>
    public static readonly TimeSpan DataRateGrace = TimeSpan.FromSeconds(20);

    /// <summary>Sets the limits.</summary>
    public static void Apply(KestrelServerLimits limits, long? maxRequestBodyBytes)
    {
        limits.MaxConcurrentConnections = MaxConnections;
        limits.MaxRequestLineSize = MaxRequestLineBytes;
        limits.MaxRequestHeadersTotalSize = MaxHeaderBytes;
        limits.MaxRequestBodySize = maxRequestBodyBytes;
        limits.KeepAliveTimeout = KeepAlive;
        limits.RequestHeadersTimeout = RequestHeaders;
        limits.MinRequestBodyDataRate = new MinDataRate(MinDataRate, DataRateGrace);
        limits.MinResponseDataRate = new MinDataRate(MinDataRate, DataRateGrace);
    }
}
