namespace Tarn.Storage.Buckets.Keys;

/// <summary>
/// Which keys can be the path of a plain file, on every operating system alike so that a data folder can be moved. Whether a folder of that name is in
/// the way is another question.
/// </summary>
internal static class PlainKeys
{
    // NAME_MAX of the usual file systems.
    private const int SegmentBytes = 255;

    // Leaves room for the data folder's own path below PATH_MAX (4,096) and MAX_PATH with long paths.
    private const int PathBytes = 1000;

    private static readonly HashSet<string> s_devices = new(
        ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", .. Enumerable.Range(0, 10).SelectMany(n => new[] { $"COM{n}", $"LPT{n}" }), "COM¹", "COM²", "COM³", "LPT¹", "LPT²", "LPT³"],
        StringComparer.OrdinalIgnoreCase);

    /// <param name="key">The key.</param>
    /// <param name="distinguishesCase">Whether the file system keeps names apart that differ in case or in their Unicode normal form only.</param>
    public static bool IsPlain(string key, bool distinguishesCase)
    {
        if (key.Length == 0 || System.Text.Encoding.UTF8.GetByteCount(key) > PathBytes)
            return false;
        foreach (var range in key.AsSpan().Split('/'))
        {
            if (!IsPlainSegment(key.AsSpan()[range]))
                return false;
        }

        return distinguishesCase || IsSameForAll(key);
    }

    private static bool IsPlainSegment(ReadOnlySpan<char> segment)
    {
        if (segment.IsEmpty || segment is "." or ".." || segment[^1] is '.' or ' ' || System.Text.Encoding.UTF8.GetByteCount(segment) > SegmentBytes)
            return false;
        foreach (char c in segment)
        {
            if (char.IsControl(c) || c is '\\' or ':' or '*' or '?' or '"' or '<' or '>' or '|' or '\uFFFD')
                return false;
        }

        int dot = segment.IndexOf('.');
        var stem = (dot < 0 ? segment : segment[..dot]).TrimEnd(' ');
        // Names of unfinished files, which listings of the folder hide.
        return !segment.StartsWith(".tarn-") && !s_devices.GetAlternateLookup<ReadOnlySpan<char>>().Contains(stem);
    }

    private static bool IsSameForAll(string key)
    {
        foreach (char c in key)
        {
            if (!char.IsAscii(c) || char.IsAsciiLetterUpper(c))
                return false;
        }

        return true;
    }
}
