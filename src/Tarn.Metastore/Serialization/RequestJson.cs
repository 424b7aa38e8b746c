using System.Text.Json;
using Tarn.Metastore.Requests;

namespace Tarn.Metastore.Serialization;

/// <summary>
/// Requests that were applied, in commits
/// (<c>{"op":"remember-request","caller":"…","request":"uuid","digest":"…","until":"…Z","result":["s3://…"]}</c>) and in checkpoints, with the number of the commit.
/// </summary>
internal static class RequestJson
{
    public const string Operation = "remember-request";

    private const string Field = "requests";

    public static void Write(Utf8JsonWriter json, CatalogChange.RememberRequest change)
    {
        json.WriteString("op", Operation);
        Write(json, change.Request, change.Result);
    }

    public static CatalogChange.RememberRequest ReadChange(JsonElement json) => new(ReadRequest(json), ReadResult(json));

    /// <summary>Writes <c>"requests":[{…}]</c>; nothing when there are none.</summary>
    public static void Write(Utf8JsonWriter json, AppliedRequests requests)
    {
        if (requests.Count == 0)
            return;
        json.WriteStartArray(Field);
        foreach (var applied in requests.All)
        {
            json.WriteStartObject();
            json.WriteNumber("number", applied.Number);
            Write(json, applied.Request, applied.Result);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <param name="state">The state.</param>
    /// <param name="time">Its time: what has ended by then is left out.</param>
    public static AppliedRequests Read(JsonElement state, DateTimeOffset time) => state.TryGetProperty(Field, out var requests)
        ? requests.EnumerateArray().Aggregate(AppliedRequests.Empty, (all, json) =>
            all.Add(new AppliedRequest(ReadRequest(json), json.GetProperty("number").GetInt64(), ReadResult(json)), time))
        : AppliedRequests.Empty;

    private static void Write(Utf8JsonWriter json, IdempotentRequest request, IReadOnlyList<string> result)
    {
        json.WriteString("caller", request.Key.Caller);
        json.WriteString("request", request.Key.Id);
        json.WriteString("digest", request.Digest);
        CommitJson.WriteTime(json, "until", request.Until);
        if (result.Count > 0)
            CommitJson.WriteNames(json, "result", result);
    }

    private static IdempotentRequest ReadRequest(JsonElement json) => new(
        new RequestKey(CommitJson.Text(json, "caller"), json.GetProperty("request").GetGuid()), CommitJson.Text(json, "digest"), CommitJson.ReadTime(json, "until"));

    private static IReadOnlyList<string> ReadResult(JsonElement json) =>
        json.TryGetProperty("result", out var result) ? [.. result.EnumerateArray().Select(r => r.GetString()!)] : [];
}
