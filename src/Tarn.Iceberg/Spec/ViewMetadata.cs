using System.Collections.Immutable;
using System.Text.Json;

namespace Tarn.Iceberg.Spec;

/// <summary>View metadata (view specification, version 1).</summary>
public sealed record ViewMetadata
{
    /// <summary>The only version there is.</summary>
    public const int MaxFormatVersion = 1;

    /// <summary>Identity of the view.</summary>
    public required Guid ViewUuid { get; init; }

    /// <summary>Version of the view format.</summary>
    public required int FormatVersion { get; init; }

    /// <summary>Base location.</summary>
    public required string Location { get; init; }

    /// <summary>All schemas.</summary>
    public required ImmutableList<Schema> Schemas { get; init; }

    /// <summary>Id of the current version.</summary>
    public required int CurrentVersionId { get; init; }

    /// <summary>Known versions.</summary>
    public required ImmutableList<ViewVersion> Versions { get; init; }

    /// <summary>When which version became current, oldest first.</summary>
    public required ImmutableList<ViewHistoryEntry> VersionLog { get; init; }

    /// <summary>View properties.</summary>
    public ImmutableSortedDictionary<string, string> Properties { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Fields of the JSON object that the specification does not name; written back as read.</summary>
    public ImmutableDictionary<string, JsonElement> UnknownFields { get; init; } = ImmutableDictionary<string, JsonElement>.Empty;

    /// <summary>The current version.</summary>
    public ViewVersion CurrentVersion => Versions.Find(v => v.VersionId == CurrentVersionId)
        ?? throw Core.Errors.TarnException.Corrupted($"View metadata at '{Location}' has no version {CurrentVersionId} that it refers to.");
}

/// <summary>A version of a view.</summary>
public sealed record ViewVersion
{
    /// <summary>Id within the view, from 1.</summary>
    public required int VersionId { get; init; }

    /// <summary>Schema of the result.</summary>
    public required int SchemaId { get; init; }

    /// <summary>When it was made, milliseconds from 1970 UTC.</summary>
    public required long TimestampMs { get; init; }

    /// <summary>What made it; e.g. <c>engine-name</c>.</summary>
    public ImmutableSortedDictionary<string, string> Summary { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>The definition, once per dialect.</summary>
    public required ImmutableList<ViewRepresentation> Representations { get; init; }

    /// <summary>Catalog for names without one, or null for the view's own.</summary>
    public string? DefaultCatalog { get; init; }

    /// <summary>Namespace for names without one.</summary>
    public required IReadOnlyList<string> DefaultNamespace { get; init; }

    /// <summary>Fields of the JSON object that the specification does not name; written back as read.</summary>
    public ImmutableDictionary<string, JsonElement> UnknownFields { get; init; } = ImmutableDictionary<string, JsonElement>.Empty;
}

/// <summary>A definition of a view in SQL; other types are kept by <see cref="Json"/>.</summary>
/// <param name="Type"><c>sql</c>.</param>
/// <param name="Sql">The query; null when the type is not sql.</param>
/// <param name="Dialect">E.g. <c>tarn</c>, <c>trino</c>, <c>spark</c>, <c>duckdb</c>.</param>
/// <param name="Json">The object as read when the type is not sql or it has fields that the specification does not name.</param>
public sealed record ViewRepresentation(string Type, string? Sql, string? Dialect, JsonElement? Json = null);

/// <summary>When a version became current.</summary>
public sealed record ViewHistoryEntry(long TimestampMs, int VersionId);
