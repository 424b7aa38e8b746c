namespace Tarn.Engine.Ingest;

/// <summary>Looks for whole numbers with more digits than a double keeps, fast enough to be done to every file.</summary>
internal static class WideNumbers
{
    /// <summary>Digits of the shortest number that is looked for.</summary>
    public const int Digits = 16;

    private const int BufferBytes = 1 << 20;

    /// <summary>True when such a number may be in the text; digits behind a point are none.</summary>
    public static bool MayBeIn(Stream text)
    {
        byte[] buffer = new byte[BufferBytes];
        for (int held = 0, read = -1; read != 0;)
        {
            read = text.ReadAtLeast(buffer.AsSpan(held), buffer.Length - held, throwOnEndOfStream: false);
            var part = buffer.AsSpan(0, held + read);
            if (Find(part))
                return true;
            // A number may be cut at the end of the buffer: it and what stands before it are seen again.
            held = Math.Min(part.Length, Digits + 1);
            part[^held..].CopyTo(buffer);
        }

        return false;
    }

    // Of as many characters in a row as a number has at least, the last is one of its digits.
    private static bool Find(ReadOnlySpan<byte> text)
    {
        for (int at = Digits - 1; at < text.Length; at += Digits)
        {
            if (!IsDigit(text[at]))
                continue;
            int start = at, end = at + 1;
            while (start > 0 && IsDigit(text[start - 1]))
                start--;
            while (end < text.Length && IsDigit(text[end]))
                end++;
            if (end - start >= Digits && (start == 0 || text[start - 1] != '.'))
                return true;
            at = Math.Max(at, end - Digits);
        }

        return false;
    }

    private static bool IsDigit(byte character) => (uint)(character - '0') <= 9;
}
