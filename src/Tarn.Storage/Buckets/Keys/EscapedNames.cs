using System.Globalization;
using System.Text;

namespace Tarn.Storage.Buckets.Keys;

/// <summary>
/// Names of files and folders for segments of keys that no file can be named by: a beginning that no plain segment has, then the text, in which <c>%XX</c>
/// stands for what a name cannot hold. A segment too long for one name is folders in one another, of which the last one, or the file, has its end.
/// Each segment has exactly one such path, and each such path one segment.
/// </summary>
internal static class EscapedNames
{
    /// <summary>What begins a name that is not the segment itself; plain segments never begin so.</summary>
    public const string Reserved = ".tarn-";

    private const string End = Reserved + "~", Beginning = Reserved + "+";

    // A byte becomes three at the most.
    private const int PieceBytes = 80;

    /// <summary>The name of a segment, or the path of several when it is too long for one.</summary>
    public static string Write(string segment)
    {
        string whole = End + Escape(segment);
        if (Encoding.UTF8.GetByteCount(whole) <= PlainKeys.SegmentBytes)
            return whole;
        var path = new StringBuilder();
        int start = 0;
        for (int length = PieceLength(segment, start); start + length < segment.Length; length = PieceLength(segment, start))
        {
            path.Append(Beginning).Append(Escape(segment.Substring(start, length))).Append('/');
            start += length;
        }

        return path.Append(End).Append(Escape(segment[start..])).ToString();
    }

    /// <summary>Takes a name apart.</summary>
    /// <param name="name">Name of a file or folder.</param>
    /// <param name="text">The text of the segment, or of a piece of it.</param>
    /// <param name="isBeginning">Whether the rest of the segment follows in the folder of this name.</param>
    /// <returns>False for names that stand for themselves.</returns>
    public static bool TryRead(string name, out string text, out bool isBeginning)
    {
        isBeginning = name.StartsWith(Beginning, StringComparison.Ordinal);
        bool isEscaped = isBeginning || name.StartsWith(End, StringComparison.Ordinal);
        text = isEscaped ? Uri.UnescapeDataString(name[End.Length..]) : name;
        return isEscaped;
    }

    private static int PieceLength(string segment, int start)
    {
        int end = start;
        for (int bytes = 0; end < segment.Length;)
        {
            int chars = char.IsHighSurrogate(segment[end]) && end + 1 < segment.Length ? 2 : 1;
            bytes += Encoding.UTF8.GetByteCount(segment.AsSpan(end, chars));
            if (bytes > PieceBytes)
                break;
            end += chars;
        }

        return end - start;
    }

    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            bool isForbidden = text[i] == '%' || !PlainKeys.IsPlainCharacter(text[i]) || (i == text.Length - 1 && text[i] is '.' or ' ');
            if (!isForbidden)
            {
                escaped.Append(text[i]);
                continue;
            }

            foreach (byte b in Encoding.UTF8.GetBytes([text[i]]))
                escaped.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
        }

        return escaped.ToString();
    }
}
