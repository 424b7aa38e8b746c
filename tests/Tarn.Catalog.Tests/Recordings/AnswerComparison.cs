using System.Text.Json;
using Tarn.Catalog.Tests.Rest.Hosting;

namespace Tarn.Catalog.Tests.Recordings;

/// <summary>Compares what does not depend on the installation: status, type of the error, and what metadata says of the table.</summary>
internal static class AnswerComparison
{
    private static readonly string[] s_facts =
    [
        "format-version", "last-sequence-number", "last-column-id", "current-schema-id", "default-spec-id", "last-partition-id", "default-sort-order-id", "current-snapshot-id",
        "current-version-id",
    ];

    public static IEnumerable<string> Differences(RecordedCall recorded, CatalogTestAnswer actual)
    {
        // Of a call that somebody else answered it is known that it was done.
        bool isSame = recorded.WasAnsweredByAnother ? actual.Status is 200 or 204 : actual.Status == recorded.Status;
        if (!isSame)
        {
            yield return $"{actual.Status} instead of {recorded.Status}{(recorded.WasAnsweredByAnother ? $" ({recorded.Injected})" : "")}: {actual.Body[..Math.Min(actual.Body.Length, 300)]}";
            yield break;
        }

        if (recorded.AnswerJson is not { } answer || actual.Body.Length == 0)
            yield break;
        if (answer.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object && error.GetProperty("type").GetString() is { } type && type != actual.ErrorType)
            yield return $"error {actual.ErrorType} instead of {type}";
        if (answer.TryGetProperty("metadata", out var metadata))
        {
            foreach (string difference in Metadata(metadata, actual.Json.GetProperty("metadata")))
                yield return difference;
        }
    }

    private static IEnumerable<string> Metadata(JsonElement recorded, JsonElement actual)
    {
        foreach (string fact in s_facts)
        {
            string old = Text(recorded, fact), now = Text(actual, fact);
            if (old != now && !(fact == "current-snapshot-id" && old == "-1" && now.Length == 0))
                yield return $"{fact} {now} instead of {old}";
        }

        foreach (var (list, id) in new[] { ("snapshots", "snapshot-id"), ("schemas", "schema-id"), ("partition-specs", "spec-id"), ("sort-orders", "order-id"), ("versions", "version-id") })
        {
            string old = Ids(recorded, list, id), now = Ids(actual, list, id);
            if (old != now)
                yield return $"{list} {now} instead of {old}";
        }

        string oldRefs = Refs(recorded), nowRefs = Refs(actual);
        if (oldRefs != nowRefs)
            yield return $"refs {nowRefs} instead of {oldRefs}";
    }

    private static string Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.ToString() : "";

    private static string Ids(JsonElement json, string list, string id) =>
        json.TryGetProperty(list, out var items) ? string.Join(',', items.EnumerateArray().Select(i => i.GetProperty(id).GetInt64()).Order()) : "";

    private static string Refs(JsonElement json) => json.TryGetProperty("refs", out var refs)
        ? string.Join(',', refs.EnumerateObject().OrderBy(r => r.Name, StringComparer.Ordinal).Select(r => $"{r.Name}={r.Value.GetProperty("type")} {r.Value.GetProperty("snapshot-id")}"))
        : "";
}
