using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore.Remote.Rest;

/// <summary>Names as parts of addresses.</summary>
internal static class RestAddress
{
    // Otherwise "%2F" and ".." inside of names would become other paths.
    private static readonly UriCreationOptions s_asGiven = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>An address below the catalog's.</summary>
    /// <param name="root">Address of the catalog.</param>
    /// <param name="path">Path and query, escaped, without slash at the start.</param>
    public static Uri Of(Uri root, string path) => new($"{root.AbsoluteUri.TrimEnd('/')}/{path}", s_asGiven);

    /// <summary>A name as one segment of a path.</summary>
    public static string Escape(string name) => Segment(Uri.EscapeDataString(name));

    /// <summary>A namespace as value of a query.</summary>
    /// <param name="name">The namespace.</param>
    /// <param name="separator">What stands between levels, escaped.</param>
    public static string Escape(Namespace name, string separator) => string.Join(separator, name.Levels.Select(Uri.EscapeDataString));

    /// <summary>What is escaped as one segment of a path: dots alone would be a step in it. Elsewhere they stay, for to some servers an encoded dot separates levels.</summary>
    public static string Segment(string escaped) => escaped.All(c => c == '.') ? escaped.Replace(".", "%2E", StringComparison.Ordinal) : escaped;
}
