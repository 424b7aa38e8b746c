using System.Text;

namespace Tarn.S3.Objects;

/// <summary>User metadata beyond ASCII in an answer, as Amazon S3 gives it back: encoded words of RFC 2047 ("User-defined object metadata").</summary>
internal static class EncodedWord
{
    /// <summary>The value itself when it is printable ASCII, else one encoded word in base64.</summary>
    public static string Write(string value)
        => value.All(c => c is >= ' ' and <= '~' or '\t') ? value : $"=?UTF-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(value))}?=";
}
