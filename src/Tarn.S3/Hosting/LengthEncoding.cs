using System.Text;

namespace Tarn.S3.Hosting;

/// <summary>
/// How the server reads <c>Content-Length</c>: digits and nothing else (RFC 9110 §8.6). Kestrel alone takes <c>+5</c> as well, and who reads it otherwise on the
/// way sees another end of the request. What is no digit is read as a character that is in no number, so that Kestrel refuses the request.
/// </summary>
internal sealed class LengthEncoding : Encoding
{
    private const char NoDigit = '?';

    /// <summary>The one encoding.</summary>
    public static LengthEncoding Digits { get; } = new();

    /// <inheritdoc/>
    public override int GetByteCount(char[] chars, int index, int count) => count;

    /// <inheritdoc/>
    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) => ASCII.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

    /// <inheritdoc/>
    public override int GetCharCount(byte[] bytes, int index, int count) => count;

    /// <inheritdoc/>
    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)
    {
        for (int i = 0; i < byteCount; i++)
            chars[charIndex + i] = char.IsAsciiDigit((char)bytes[byteIndex + i]) ? (char)bytes[byteIndex + i] : NoDigit;
        return byteCount;
    }

    /// <inheritdoc/>
    public override int GetMaxByteCount(int charCount) => charCount;

    /// <inheritdoc/>
    public override int GetMaxCharCount(int byteCount) => byteCount;
}
