namespace Tarn.Storage.Buckets.Keys;

/// <summary>
/// Which keys can be the path of a plain file, on every operating system alike so that a data folder can be moved. Whether a folder of that name is in
/// the way is another question.
/// </summary>
internal static class PlainKeys
{
    /// <summary>Longest name of a file: NAME_MAX of the usual file systems.</summary>
    public const int SegmentBytes = 255;

    private static readonly HashSet<string> s_devices = new(
        ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", .. Enumerable.Range(0, 10).SelectMany(n => new[] { $"COM{n}", $"LPT{n}" }), "COM¹", "COM²", "COM³", "LPT¹", "LPT²", "LPT³"],
        StringComparer.OrdinalIgnoreCase);

    public static bool IsPlain(string key)
    {
        foreach (var range in key.AsSpan().Split('/'))
        {
            if (!IsPlainSegment(key.AsSpan()[range]))
                return false;
        }

        return true;
    }

    /// <summary>Whether a part of a key between slashes can be the name of a file or folder.</summary>
    public static bool IsPlainSegment(ReadOnlySpan<char> segment)
    {
        if (segment.IsEmpty || segment is "." or ".." || segment[^1] is '.' or ' ' || System.Text.Encoding.UTF8.GetByteCount(segment) > SegmentBytes)
            return false;
        foreach (char c in segment)
        {
            if (!IsPlainCharacter(c))
                return false;
        }

        int dot = segment.IndexOf('.');
        var stem = (dot < 0 ? segment : segment[..dot]).TrimEnd(' ');
        // Names of unfinished files and of what is escaped.
        return !segment.StartsWith(EscapedNames.Reserved) && !s_devices.GetAlternateLookup<ReadOnlySpan<char>>().Contains(stem);
    }

    /// <summary>Whether the name of a file may hold a character.</summary>
    public static bool IsPlainCharacter(char c) => !char.IsControl(c) && c is not ('\\' or ':' or '*' or '?' or '"' or '<' or '>' or '|' or '\uFFFD');

    /// <summary>Whether a key is no other one on file systems that do not keep names apart that differ in case or in their Unicode normal form only.</summary>
    public static bool IsSameForAll(string key)
    {
        foreach (char c in key)
        {
            if (!char.IsAscii(c) || char.IsAsciiLetterUpper(c))
                return false;
        }

        return true;
    }
}
