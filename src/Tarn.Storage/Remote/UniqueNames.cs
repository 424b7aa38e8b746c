using System.Buffers;

namespace Tarn.Storage.Remote;

/// <summary>
/// Names of files that are never given twice, because they hold a UUID (RFC 9562 §4), as writers of Iceberg put it into the names of data files, manifests
/// and metadata. What was once read under such a name is its content for ever.
/// </summary>
internal static class UniqueNames
{
    private const int Digits = 32, DigitsWithHyphens = 36;
    private static readonly SearchValues<char> s_parts = SearchValues.Create("0123456789abcdefABCDEF-");

    /// <summary>Whether the last segment of a key holds a UUID, with hyphens or without.</summary>
    public static bool IsUnique(string key)
    {
        var name = key.AsSpan(key.LastIndexOf('/') + 1);
        while (name.IndexOfAny(s_parts) is >= 0 and var start)
        {
            name = name[start..];
            int end = name.IndexOfAnyExcept(s_parts);
            var run = end < 0 ? name : name[..end];
            if (HoldsUuid(run))
                return true;
            name = name[run.Length..];
        }

        return false;
    }

    // A run may hold more than the UUID: 00000-<uuid>.metadata.json, <uuid>-m0.avro.
    private static bool HoldsUuid(ReadOnlySpan<char> run)
    {
        for (int at = 0; at + Digits <= run.Length; at++)
        {
            if (Guid.TryParseExact(run.Slice(at, Digits), "N", out _) || (at + DigitsWithHyphens <= run.Length && Guid.TryParseExact(run.Slice(at, DigitsWithHyphens), "D", out _)))
                return true;
        }

        return false;
    }
}
