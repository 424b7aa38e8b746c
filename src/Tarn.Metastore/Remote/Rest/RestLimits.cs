namespace Tarn.Metastore.Remote.Rest;

/// <summary>Limits of the client.</summary>
internal static class RestLimits
{
    /// <summary>Longest answer that is read. Metadata of a table with many snapshots has tens of megabytes.</summary>
    public const int AnswerBytes = 256 << 20;

    /// <summary>Deepest nesting of an answer or a body; as that of metadata files.</summary>
    public const int JsonDepth = 512;

    /// <summary>Most characters of a server's message that are passed on.</summary>
    public const int MessageChars = 1000;

    /// <summary>Names that are asked for at once.</summary>
    public const int PageEntries = 1000;

    /// <summary>Most pages of one list: ten million names.</summary>
    public const int Pages = 10_000;

    /// <summary>Loaded tables that are kept with their entity tags, in bytes of memory.</summary>
    public const long CachedTablesBytes = 128L << 20;

    /// <summary>Most times that one request is sent.</summary>
    public const int Attempts = 5;

    /// <summary>The wait before the second attempt; doubles with each.</summary>
    public static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest wait that the client chooses.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    /// <summary>The longest wait that a server may ask for by <c>Retry-After</c>.</summary>
    public static readonly TimeSpan LongestRetryAfter = TimeSpan.FromSeconds(30);

    /// <summary>A token is renewed this long before it ends, or after nine tenths of its life when that is later.</summary>
    public static readonly TimeSpan TokenMargin = TimeSpan.FromMinutes(1);
}
