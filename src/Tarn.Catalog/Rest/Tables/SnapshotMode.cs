using Tarn.Catalog.Rest.Errors;

namespace Tarn.Catalog.Rest.Tables;

/// <summary>Which snapshots the metadata of an answer shows (REST specification, parameter <c>snapshots</c>).</summary>
internal enum SnapshotMode
{
    /// <summary>All of them.</summary>
    All,

    /// <summary>Those that branches and tags point to.</summary>
    Refs,
}

/// <summary>Reads the parameter.</summary>
internal static class SnapshotModes
{
    /// <exception cref="RestException">It is neither all nor refs.</exception>
    public static SnapshotMode Parse(string? value) => value?.ToLowerInvariant() switch
    {
        null or "all" => SnapshotMode.All,
        "refs" => SnapshotMode.Refs,
        _ => throw RestException.BadRequest($"snapshots is '{value}'; it is all or refs."),
    };
}
