using Tarn.Catalog.Rest.Errors;

namespace Tarn.Catalog.Rest.Signing;

/// <summary>Where a request to the storage goes, exactly as the client wrote it: what is signed must be what is sent.</summary>
/// <param name="Uri">The whole address.</param>
/// <param name="Authority">Host, and port unless it is the usual one.</param>
/// <param name="Path">Encoded path, beginning with a slash.</param>
/// <param name="Query">Decoded parameters in their order.</param>
internal sealed record StorageTarget(string Uri, string Authority, string Path, IReadOnlyList<KeyValuePair<string, string>> Query)
{
    private const int MaxChars = 16 * 1024;

    /// <summary>A parameter, or null when it is absent.</summary>
    public string? this[string name] => Query.Where(p => p.Key == name).Select(p => p.Value).FirstOrDefault();

    /// <summary>Reads an address.</summary>
    /// <exception cref="RestException">400: it is none.</exception>
    public static StorageTarget Read(string uri)
    {
        int start = uri.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? 8 : uri.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? 7 : 0;
        if (start == 0 || uri.Length > MaxChars || uri.AsSpan().IndexOfAnyInRange('\0', ' ') >= 0 || uri.Contains('#', StringComparison.Ordinal))
            throw RestException.BadRequest($"uri is not the address of an object of at most {MaxChars} characters, like http://host:port/bucket/key.");
        int end = uri.AsSpan(start).IndexOfAny('/', '?') is >= 0 and var found ? start + found : uri.Length;
        int question = uri.IndexOf('?', StringComparison.Ordinal);
        string path = uri[end..(question < 0 ? uri.Length : question)];
        string authority = uri[start..end].ToLowerInvariant();
        if (authority.Length == 0 || authority.Contains('@', StringComparison.Ordinal))
            throw RestException.BadRequest($"uri '{uri}' has no host, or a user name.");
        string usual = start == 8 ? ":443" : ":80";
        return new StorageTarget(
            uri,
            authority.EndsWith(usual, StringComparison.Ordinal) ? authority[..^usual.Length] : authority,
            path.Length == 0 ? "/" : path,
            question < 0 ? [] : [.. uri[(question + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries).Select(Parameter)]);
    }

    /// <summary>Bucket and key.</summary>
    /// <param name="buckets">Buckets that may stand in the host name instead of the path.</param>
    public (string Bucket, string Key) Locate(IEnumerable<string> buckets)
    {
        string path = System.Uri.UnescapeDataString(Path[1..]);
        if (buckets.FirstOrDefault(b => Authority.StartsWith(b + ".", StringComparison.Ordinal)) is { } bucket)
            return (bucket, path);
        int slash = path.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? (path, "") : (path[..slash], path[(slash + 1)..]);
    }

    private static KeyValuePair<string, string> Parameter(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        return new(
            System.Uri.UnescapeDataString(equals < 0 ? text : text[..equals]),
            equals < 0 ? "" : System.Uri.UnescapeDataString(text[(equals + 1)..].Replace('+', ' ')));
    }
}
