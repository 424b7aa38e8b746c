using Tarn.Catalog.Hive.Thrift;

namespace Tarn.Catalog.Tests.Hive.Recordings;

/// <summary>
/// Whether an answer is equivalent to the recorded one: the same kind of message, the same result field, the same text of an exception, and every field
/// that the recorded answer has and that does not depend on the installation.
/// </summary>
internal static class AnswerComparison
{
    // What the recorded server counted, timed or added by itself.
    private static readonly HashSet<string> s_ownParameters =
    [
        "transient_lastDdlTime", "numFiles", "totalSize", "numRows", "rawDataSize", "COLUMN_STATS_ACCURATE", "numFilesErasureCoded", "bucketing_version", "STATS_GENERATED",
        "STATS_GENERATED_VIA_STATS_TASK", "TRANSLATED_TO_EXTERNAL", "numPartitions", "last_modified_by", "last_modified_time", "snapshot-count",
    ];

    /// <summary>What differs; empty when equivalent.</summary>
    public static string Differences(string method, ThriftMessage recorded, ThriftMessage answered)
    {
        if (recorded.Kind != answered.Kind)
            return $"{recorded.Kind} {Text(recorded.Body)} became {answered.Kind} {Text(answered.Body)}";
        if (recorded.Kind == ThriftMessageKind.Exception)
            return recorded.Body.Text(1) == answered.Body.Text(1) && recorded.Body.Int(2) == answered.Body.Int(2) ? "" : $"{Text(recorded.Body)} became {Text(answered.Body)}";
        if (recorded.Body.Fields.Count != answered.Body.Fields.Count || (recorded.Body.Fields.Count == 1 && recorded.Body.Fields[0].Key != answered.Body.Fields[0].Key))
            return $"{Text(recorded.Body)} became {Text(answered.Body)}";
        return recorded.Body.Fields.Count == 0 ? "" : Compare(recorded.Body.Fields[0].Value, answered.Body.Fields[0].Value, Rule(method, recorded.Body.Fields[0].Key), "");
    }

    private static HashSet<string> Rule(string method, short field) => field != 0 ? [] : method switch
    {
        "get_table" or "get_table_objects_by_name" => Prefixed("", Table),
        "get_table_req" or "get_table_objects_by_name_req" => Prefixed(".1", Table),
        "get_partition" or "get_partitions_by_names" => [".4", ".5", ".6.9", ".6.11"],
        "lock" or "check_lock" => [".1"],
        "get_table_meta" => [".4", ".5", ".6", ".7"],
        "show_locks" => [".1.1", ".1.8", ".1.9", ".1.14", ".1.7"],
        "get_databases" or "get_all_databases" or "getName" or "getVersion" or "aliveSince" => ["*"],
        "get_database" => [".6", ".9", ".11"],
        _ => [],
    };

    // Times, privileges, statistics, transactions, and fields that version 4 added.
    private static readonly string[] Table = [".4", ".5", ".13", ".14", ".19", ".20", ".21", ".22", ".25", ".28", ".7.1.2", ".7.9", ".7.11", ".7.8"];

    private static HashSet<string> Prefixed(string prefix, string[] paths) => [.. paths.Select(p => prefix + p)];

    private static string Compare(ThriftValue recorded, ThriftValue answered, HashSet<string> ignored, string path)
    {
        if (ignored.Contains("*") || ignored.Contains(path))
            return "";
        if (recorded.Type != answered.Type)
            return $"{path}: {recorded.Type} became {answered.Type}";
        if (recorded.Struct is { } expected)
            return CompareStructs(expected, answered.Struct!, ignored, path);
        if (recorded.List is { } list)
            return CompareLists(list, answered.List!, ignored, path);
        if (recorded.Map is { } map)
            return CompareMaps(map, answered.Map!, path);
        bool isSame = recorded.Type == ThriftType.String ? Same(recorded.Text!, answered.Text!) : recorded.Bits == answered.Bits;
        return isSame ? "" : $"{path}: '{recorded.Text ?? recorded.Bits.ToString()}' became '{answered.Text ?? answered.Bits.ToString()}'";
    }

    private static bool Same(string recorded, string answered) => recorded == answered || Normal(recorded) == Normal(answered);

    // Spaces and the order of fields in JSON texts differ between writers, the numbers of locks between servers.
    private static string Normal(string text) => text is ['{', ..]
        ? string.Concat(text.Where(c => c != ' ').Order())
        : text.StartsWith("No such lock", StringComparison.Ordinal) ? text.TrimEnd(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']) : text;

    private static string CompareStructs(ThriftStruct recorded, ThriftStruct answered, HashSet<string> ignored, string path)
    {
        foreach (var (id, value) in recorded.Fields)
        {
            string below = $"{path}.{id}";
            if (ignored.Contains(below))
                continue;
            int at = answered.Fields.ToList().FindIndex(f => f.Key == id);
            bool isEmptyText = value.Text is "";
            if (at < 0 && !isEmptyText)
                return $"{below} is missing";
            if (at >= 0 && Compare(value, answered.Fields[at].Value, ignored, below) is { Length: > 0 } difference)
                return difference;
        }

        return "";
    }

    private static string CompareLists(ThriftList recorded, ThriftList answered, HashSet<string> ignored, string path)
    {
        if (recorded.Items.Count != answered.Items.Count)
            return $"{path}: {recorded.Items.Count} elements became {answered.Items.Count}";
        var (a, b) = (Ordered(recorded), Ordered(answered));
        return a.Zip(b, (x, y) => Compare(x, y, ignored, path)).FirstOrDefault(d => d.Length > 0) ?? "";
    }

    private static IReadOnlyList<ThriftValue> Ordered(ThriftList list) =>
        [.. list.Items.OrderBy(i => i.Text ?? (i.Struct?.Has(2) == true && i.Struct.Has(3) ? i.Struct.Text(1) + i.Struct.Text(2) : ""), StringComparer.Ordinal)];

    private static string CompareMaps(ThriftMap recorded, ThriftMap answered, string path)
    {
        var found = answered.Texts;
        foreach (var (key, value) in recorded.Texts.Where(p => !s_ownParameters.Contains(p.Key)))
        {
            if (!found.TryGetValue(key, out string? other))
                return $"{path}[{key}] is missing (was '{value}')";
            if (!Same(value, other))
                return $"{path}[{key}]: '{value}' became '{other}'";
        }

        return "";
    }

    private static string Text(ThriftStruct body) => "{" + string.Join(", ", body.Fields.Select(f => $"{f.Key}: {f.Value.Text ?? (f.Value.Struct is { } inner ? Text(inner) : f.Value.Bits.ToString())}")) + "}";
}
