using Tarn.Catalog.Rest.Operations;

namespace Tarn.Catalog.Rest.Routing;

/// <summary>One row of the table of operations.</summary>
/// <param name="Name">Operation as the specification names it.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Path as the specification writes it, e.g. <c>/v1/{prefix}/namespaces/{namespace}</c>.</param>
/// <param name="Operation">Answers it.</param>
internal sealed record Route(string Name, string Method, string Path, IRestOperation Operation)
{
    /// <summary>What stands for the warehouse.</summary>
    public const string PrefixSegment = "{prefix}";

    /// <summary>Whether the path names a warehouse.</summary>
    public bool HasPrefix { get; } = Path.Contains(PrefixSegment, StringComparison.Ordinal);

    /// <summary>Whether it proves by itself who asks, so that nothing is to be proved before.</summary>
    public bool AuthenticatesItself { get; init; }

    /// <summary>Whether a repetition with the same <c>Idempotency-Key</c> gets the first answer again.</summary>
    public bool TakesIdempotencyKey { get; init; }

    /// <summary>Whether it names files that its client has written, and deletes when it is refused.</summary>
    public bool BringsFiles { get; init; }

    /// <summary>As clients are told in the configuration.</summary>
    public string Endpoint => $"{Method} {Path}";

    /// <summary>Segments of the path without the warehouse.</summary>
    public IReadOnlyList<string> Segments { get; } = [.. Path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(s => s != PrefixSegment)];

    /// <summary>The names in a path, or null when the path is not of this route.</summary>
    /// <param name="segments">Segments without the warehouse.</param>
    public IReadOnlyDictionary<string, string>? Match(IReadOnlyList<string> segments)
    {
        if (segments.Count != Segments.Count)
            return null;
        Dictionary<string, string>? names = null;
        for (int i = 0; i < segments.Count; i++)
        {
            if (Segments[i][0] == '{')
                (names ??= new(StringComparer.Ordinal))[Segments[i][1..^1]] = segments[i];
            else if (!string.Equals(Segments[i], segments[i], StringComparison.Ordinal))
                return null;
        }

        return names ?? new Dictionary<string, string>();
    }
}

/// <summary>The route of a request.</summary>
/// <param name="Route">The row.</param>
/// <param name="Prefix">Name of the warehouse, decoded; null when the path has none.</param>
/// <param name="Names">Segments that stand for names, as they stand in the path.</param>
internal sealed record RouteMatch(Route Route, string? Prefix, IReadOnlyDictionary<string, string> Names)
{
    /// <summary>A segment that stands for a name.</summary>
    public string this[string name] => Names[name];
}
