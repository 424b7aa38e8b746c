using System.Globalization;

namespace Tarn.Catalog.Tests.Rest.Hosting;

/// <summary>Bodies of requests.</summary>
internal static class Bodies
{
    public const string Schema = """{"type":"struct","schema-id":0,"fields":[{"id":1,"name":"id","type":"long","required":true},{"id":2,"name":"name","type":"string","required":false}]}""";

    public static string Table(string name, string more = "") => $$"""{"name":"{{name}}","schema":{{Schema}}{{more}} }""";

    public static string View(string name, string more = "") => $$"""
        {"name":"{{name}}","schema":{{Schema}},"properties":{},"view-version":{"version-id":1,"schema-id":0,"timestamp-ms":1,"summary":{},
        "default-namespace":["a"],"representations":[{"type":"sql","sql":"SELECT 1","dialect":"spark"}{{more}}]} }
        """;

    public static string SetProperty(string key, string value, string requirements = "") =>
        $$"""{"requirements":[{{requirements}}],"updates":[{"action":"set-properties","updates":{"{{key}}":"{{value}}"} }]}""";

    /// <summary>A commit of an empty snapshot on the main branch.</summary>
    public static string Append(long snapshotId, long sequenceNumber, long? parent = null, string manifestList = "s3://lake/a/x.avro")
    {
        string old = parent?.ToString(CultureInfo.InvariantCulture) ?? "null";
        string parentField = parent is null ? "" : $"\"parent-snapshot-id\":{old},";
        return $$"""
            {"requirements":[{"type":"assert-ref-snapshot-id","ref":"main","snapshot-id":{{old}}}],"updates":[
            {"action":"add-snapshot","snapshot":{"snapshot-id":{{snapshotId}},{{parentField}}"sequence-number":{{sequenceNumber}},"timestamp-ms":1900000000000,
            "manifest-list":"{{manifestList}}","summary":{"operation":"overwrite"},"schema-id":0} },
            {"action":"set-snapshot-ref","ref-name":"main","type":"branch","snapshot-id":{{snapshotId}} }]}
            """;
    }
}
