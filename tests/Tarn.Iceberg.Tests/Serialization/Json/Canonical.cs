using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Tests.Serialization.Json;

/// <summary>Table metadata JSON in one form for all spellings that mean the same.</summary>
internal static class Canonical
{
    public static JsonNode Of(ReadOnlySpan<byte> json)
    {
        var root = JsonNode.Parse(json)!.AsObject();
        FillVersion1(root);
        root.Remove("schema");
        root.Remove("partition-spec");
        if (root["format-version"]!.GetValue<int>() == 1)
            root.Remove("last-sequence-number");
        if (root["current-snapshot-id"]?.GetValue<long>() == -1)
            root.Remove("current-snapshot-id");
        if (root["current-snapshot-id"] is { } current && root["refs"]?["main"] is null)
        {
            var refs = root["refs"] as JsonObject ?? [];
            refs["main"] = new JsonObject { ["snapshot-id"] = current.DeepClone(), ["type"] = "branch" };
            root["refs"] = refs;
        }

        Clean(root);
        return root;
    }

    /// <summary>The first place where two documents differ.</summary>
    public static string Difference(JsonNode? expected, JsonNode? actual, string path = "$")
    {
        if (expected is JsonObject a && actual is JsonObject b)
        {
            return a.Select(p => p.Key).Union(b.Select(p => p.Key)).Where(k => !JsonNode.DeepEquals(a[k], b[k]))
                .Select(k => Difference(a[k], b[k], $"{path}.{k}")).FirstOrDefault("");
        }

        if (expected is JsonArray x && actual is JsonArray y && x.Count == y.Count)
        {
            return Enumerable.Range(0, x.Count).Where(i => !JsonNode.DeepEquals(x[i], y[i])).Select(i => Difference(x[i], y[i], $"{path}[{i}]")).FirstOrDefault("");
        }

        return $"{path}: expected {expected?.ToJsonString()}, found {actual?.ToJsonString()}";
    }

    // Hexadecimal text of either case, and fractions of seconds with or without trailing zeros, say the same.
    private static string Single(string text) =>
        text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit) ? text.ToLowerInvariant() : Regex.Replace(text, @"(:\d\d)(\.\d*?)0*(?=$|\+)", m => m.Groups[1].Value + m.Groups[2].Value.TrimEnd('.'));

    private static void FillVersion1(JsonObject root)
    {
        if (root["format-version"]!.GetValue<int>() != 1)
            return;
        if (root["schemas"] is null)
        {
            root["schemas"] = new JsonArray(root["schema"]!.DeepClone());
            root["current-schema-id"] = root["schema"]!["schema-id"]?.DeepClone() ?? 0;
        }

        if (root["partition-specs"] is null)
        {
            var fields = root["partition-spec"]!.DeepClone();
            root["partition-specs"] = new JsonArray(new JsonObject { ["spec-id"] = 0, ["fields"] = fields });
        }

        root["default-spec-id"] ??= 0;
        root["sort-orders"] ??= new JsonArray(new JsonObject { ["order-id"] = 0, ["fields"] = new JsonArray() });
        root["default-sort-order-id"] ??= 0;
        foreach (var schema in root["schemas"]!.AsArray())
            schema!["schema-id"] ??= 0;
        int last = 999;
        foreach (var spec in root["partition-specs"]!.AsArray())
        {
            int next = 1000;
            foreach (var field in spec!["fields"]!.AsArray())
                last = Math.Max(last, (field!["field-id"] ??= next++).GetValue<int>());
        }

        root["last-partition-id"] ??= last;
    }

    private static void Clean(JsonNode node)
    {
        if (node is JsonArray array)
        {
            foreach (var item in array.ToArray())
                Clean(item!);
        }
        else if (node is JsonObject obj)
        {
            foreach (var (name, value) in obj.ToArray())
            {
                if (value is null || (value is JsonArray { Count: 0 } or JsonObject { Count: 0 } && name is not ("fields" or "blob-metadata")))
                    obj.Remove(name);
                else if (name == "sequence-number" && value.GetValue<long>() == 0)
                    obj.Remove(name);
                else if (name is "type" or "element" or "key" or "value" && value is JsonValue text && TypeText.TryParse(text.GetValue<string>(), out var type))
                    obj[name] = type.ToString();
                else if (name is "initial-default" or "write-default" && value is JsonValue lower && lower.TryGetValue(out string? single))
                    obj[name] = Single(single);
                else
                    Clean(value);
            }
        }
    }
}
