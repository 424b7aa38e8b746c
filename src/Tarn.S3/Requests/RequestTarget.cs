using Tarn.S3.Errors;

namespace Tarn.S3.Requests;

/// <summary>
/// The request target as it stood on the request line, never the path that a server framework has decoded: signatures are made over its bytes, and a
/// key may hold <c>..</c>, <c>//</c> and escaped slashes.
/// </summary>
/// <param name="RawPath">Path as sent, beginning with a slash.</param>
/// <param name="Path">Path with its escapes decoded once.</param>
/// <param name="RawQuery">Query as sent, without the question mark; empty when there is none.</param>
internal sealed record RequestTarget(string RawPath, string Path, string RawQuery)
{
    /// <summary>Reads the origin form (<c>/bucket/key?query</c>) or the absolute form (<c>http://host/…</c>) of RFC 9112 §3.2.</summary>
    /// <exception cref="S3Exception">InvalidURI: another form, broken escapes, or not UTF-8.</exception>
    public static RequestTarget Parse(string raw)
    {
        string target = raw.Contains("://", StringComparison.Ordinal) && !raw.StartsWith('/') ? WithoutAuthority(raw) : raw;
        int question = target.IndexOf('?');
        string path = question < 0 ? target : target[..question];
        if (path.Length == 0 || path[0] != '/')
            throw new S3Exception(S3Error.InvalidURI, $"The request target '{Shown(raw)}' does not begin with '/'.");
        if (!PercentCoding.TryDecode(path, false, out string decoded))
            throw new S3Exception(S3Error.InvalidURI, $"The path '{Shown(path)}' is not percent-encoded UTF-8.");
        if (decoded.Contains('\0'))
            throw new S3Exception(S3Error.InvalidURI, "The path holds a zero byte.");
        return new(path, decoded, question < 0 ? "" : target[(question + 1)..]);
    }

    private static string WithoutAuthority(string absolute)
    {
        int authority = absolute.IndexOf("://", StringComparison.Ordinal) + 3, end = absolute.AsSpan(authority).IndexOfAny('/', '?');
        if (end < 0)
            return "/";
        string rest = absolute[(authority + end)..];
        return rest[0] == '?' ? "/" + rest : rest;
    }

    private static string Shown(string text) => text.Length <= 200 ? text : text[..200] + "…";
}
