namespace Tarn.Core.Storage;

/// <summary>
/// Replaces the beginning of locations: the first pair whose prefix fits wins. Reads tables whose metadata names another place.
/// <c>s3://</c>, <c>s3a://</c> and <c>s3n://</c> are one scheme, both in prefixes and in locations. Text is never URL-decoded.
/// </summary>
public sealed class LocationMap(IReadOnlyList<KeyValuePair<string, string>> prefixes)
{
    /// <summary>The map that changes nothing.</summary>
    public static LocationMap Empty { get; } = new([]);

    /// <summary>The pairs, in order of precedence.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Prefixes { get; } =
        [.. prefixes.Select(p => KeyValuePair.Create(NormalizeScheme(p.Key), NormalizeScheme(p.Value)))];

    /// <summary>The location after mapping: the form in which two locations are compared.</summary>
    public string Map(string location)
    {
        location = NormalizeScheme(location);
        foreach (var (from, to) in Prefixes)
        {
            if (location.StartsWith(from, StringComparison.Ordinal))
                return string.Concat(to, location.AsSpan(from.Length));
        }

        return location;
    }

    /// <summary>Writes <c>s3a://</c> and <c>s3n://</c> as <c>s3://</c>; leaves everything else as it is.</summary>
    public static string NormalizeScheme(string location) =>
        location.StartsWith("s3a://", StringComparison.Ordinal) || location.StartsWith("s3n://", StringComparison.Ordinal)
            ? string.Concat("s3://", location.AsSpan(6))
            : location;

    /// <summary>Parses <c>from=to</c> as given to <c>--map</c>; the first <c>=</c> separates.</summary>
    /// <exception cref="Errors.TarnException">InvalidRequest when there is no <c>=</c> or nothing before it.</exception>
    public static KeyValuePair<string, string> ParsePrefix(string text)
    {
        int separator = text.IndexOf('=', StringComparison.Ordinal);
        if (separator <= 0)
            throw Errors.TarnException.Invalid($"Location map '{text}' is not of the form FROM=TO, e.g. s3://old/=./here/.");
        return KeyValuePair.Create(text[..separator], text[(separator + 1)..]);
    }
}
