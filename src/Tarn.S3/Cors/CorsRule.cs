using System.Collections.Immutable;

namespace Tarn.S3.Cors;

/// <summary>One rule of a CORS configuration: which origins may use which methods and headers.</summary>
/// <param name="Id">Name; null when it has none.</param>
/// <param name="Origins">Origins, each with at most one <c>*</c>.</param>
/// <param name="Methods">HTTP methods.</param>
/// <param name="Headers">Headers that a request may carry, each with at most one <c>*</c>.</param>
/// <param name="ExposedHeaders">Headers of the answer that scripts may read.</param>
/// <param name="MaximumAgeSeconds">How long a browser may keep the answer of a preflight; null for its default.</param>
internal sealed record CorsRule(
    string? Id, ImmutableArray<string> Origins, ImmutableArray<string> Methods, ImmutableArray<string> Headers, ImmutableArray<string> ExposedHeaders, int? MaximumAgeSeconds)
{
    /// <summary>Whether the rule takes requests of this origin and method.</summary>
    public bool Matches(string origin, string method) => Methods.Contains(method) && Origins.Any(o => Matches(o, origin, StringComparison.Ordinal));

    /// <summary>Whether the rule lets a request carry this header.</summary>
    public bool AllowsHeader(string header) => Headers.Any(h => Matches(h, header, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether every origin is taken by a lone <c>*</c>.</summary>
    public bool TakesAnyOrigin => Origins.Contains("*");

    private static bool Matches(string pattern, string text, StringComparison comparison)
    {
        int star = pattern.IndexOf('*');
        if (star < 0)
            return text.Equals(pattern, comparison);
        return text.Length >= pattern.Length - 1 && text.StartsWith(pattern[..star], comparison) && text.EndsWith(pattern[(star + 1)..], comparison);
    }
}
