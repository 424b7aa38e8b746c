using System.Collections.Frozen;
using System.Text.Json;

namespace Tarn.Metastore.Remote.Rest;

/// <summary>What the server says of itself (<c>GET v1/config</c>): its overrides win over what the client has, its defaults do not.</summary>
internal sealed record RestConfig
{
    private const string DefaultSeparator = "%1F";

    // REST specification, CatalogConfig.endpoints: what a server that lists none can do.
    private static readonly FrozenSet<string> s_assumed = FrozenSet.ToFrozenSet(
    [
        RestEndpoints.ListNamespaces, RestEndpoints.CreateNamespace, RestEndpoints.LoadNamespace, RestEndpoints.DropNamespace, RestEndpoints.UpdateNamespace,
        RestEndpoints.ListTables, RestEndpoints.CreateTable, RestEndpoints.LoadTable, RestEndpoints.CommitTable, RestEndpoints.DropTable, RestEndpoints.RenameTable,
        RestEndpoints.RegisterTable, RestEndpoints.CommitTransaction,
    ]);

    /// <summary>Where the catalog is from now on.</summary>
    public required Uri Uri { get; init; }

    /// <summary>Stands behind <c>v1/</c> in every path, with a slash at its end; empty when there is none.</summary>
    public required string Prefix { get; init; }

    /// <summary>Stands between the levels of a namespace, escaped.</summary>
    public required string Separator { get; init; }

    /// <summary>Whether requests that change something may carry an <c>Idempotency-Key</c>.</summary>
    public required bool KnowsIdempotencyKeys { get; init; }

    /// <summary>What the server can do, as <c>GET /v1/{prefix}/namespaces</c>.</summary>
    public required IReadOnlySet<string> Endpoints { get; init; }

    /// <summary>Reads the answer.</summary>
    /// <param name="json">The answer.</param>
    /// <param name="asked">Where it came from.</param>
    public static RestConfig Read(JsonElement json, Uri asked)
    {
        string? Setting(string name) => Text(json, "overrides", name) ?? Text(json, "defaults", name);
        string? moved = Text(json, "overrides", "uri");
        string? prefix = Setting("prefix")?.Trim('/');
        return new RestConfig
        {
            Uri = moved is { Length: > 0 } ? new Uri(moved) : asked,
            Prefix = string.IsNullOrEmpty(prefix) ? "" : prefix + "/",
            Separator = Setting("namespace-separator") is { Length: > 0 } separator ? Uri.EscapeDataString(Uri.UnescapeDataString(separator)) : DefaultSeparator,
            KnowsIdempotencyKeys = json.TryGetProperty("idempotency-key-lifetime", out var lifetime) && lifetime.ValueKind == JsonValueKind.String,
            Endpoints = json.TryGetProperty("endpoints", out var listed) && listed.ValueKind == JsonValueKind.Array
                ? listed.EnumerateArray().Select(e => e.GetString() ?? "").ToFrozenSet()
                : s_assumed,
        };
    }

    private static string? Text(JsonElement json, string part, string name) =>
        json.TryGetProperty(part, out var map) && map.ValueKind == JsonValueKind.Object && map.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
