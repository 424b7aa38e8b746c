using Tarn.Catalog.Rest.Errors;
using Tarn.Core.Storage;

namespace Tarn.Catalog.Rest.Locations;

/// <summary>Under which locations clients may put things. What the server writes and removes for a client stays there.</summary>
/// <param name="beginnings">Locations below which everything is allowed.</param>
internal sealed class AllowedLocations(IReadOnlyList<string> beginnings)
{
    private readonly string[] _beginnings = [.. beginnings.Select(Normalize)];

    /// <summary>Checks a location that a client names.</summary>
    /// <param name="location">As named.</param>
    /// <param name="what">What it is for, for the message.</param>
    /// <exception cref="RestException">403: it is elsewhere.</exception>
    public void Require(string location, string what)
    {
        if (!IsAllowed(location))
        {
            throw new RestException(
                RestError.Forbidden,
                $"{what} '{location}' is not below an allowed location ({(beginnings.Count == 0 ? "none is set" : string.Join(", ", beginnings))}). Leave it out, or allow it with catalog.allowed_locations.");
        }
    }

    /// <summary>Whether a client may name a location.</summary>
    public bool IsAllowed(string location) => Array.Exists(_beginnings, beginning => IsNormalBelow(Normalize(location), beginning));

    /// <summary>Whether a location is a folder or lies below it.</summary>
    public static bool IsBelow(string location, string folder) => IsNormalBelow(Normalize(location), Normalize(folder));

    private static bool IsNormalBelow(string location, string folder) =>
        !HasStepUp(location) && (location == folder || location.StartsWith(folder + "/", StringComparison.Ordinal));

    // file:/x, file:///x and /x are one place, s3a and s3n are s3, and a slash at the end means nothing.
    private static string Normalize(string location)
    {
        string normal = LocationMap.NormalizeScheme(location);
        if (normal.StartsWith("file:", StringComparison.Ordinal))
            normal = "/" + normal["file:".Length..].TrimStart('/');
        return normal.TrimEnd('/');
    }

    private static bool HasStepUp(string location) => location.Split('/').Any(step => step is "." or "..");
}
