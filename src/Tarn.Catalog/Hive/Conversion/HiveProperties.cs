using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Tarn.Catalog.Hive.Protocol;

namespace Tarn.Catalog.Hive.Conversion;

/// <summary>
/// Tables and partitions as flat properties, which is how the catalog keeps what clients of this protocol stored: keys are the paths of the
/// definition (<c>sd.serdeInfo.serializationLib</c>), lists are JSON. What is unset is not there.
/// </summary>
internal static class HiveProperties
{
    /// <summary>Prefix of the table's parameters.</summary>
    public const string Parameters = "parameters.";

    private const string Storage = "sd.", SerDe = "sd.serdeInfo.", StorageParameters = "sd.parameters.", SerDeParameters = "sd.serdeInfo.parameters.";

    /// <summary>All that a table says, but its name.</summary>
    public static ImmutableSortedDictionary<string, string> Of(HiveTable table)
    {
        var all = NewBuilder();
        Put(all, "owner", table.Owner);
        Put(all, "createTime", table.CreateTime);
        Put(all, "lastAccessTime", table.LastAccessTime);
        Put(all, "retention", table.Retention);
        Put(all, "partitionKeys", table.PartitionKeys);
        Put(all, Parameters, table.Parameters);
        Put(all, "viewOriginalText", table.ViewOriginalText);
        Put(all, "viewExpandedText", table.ViewExpandedText);
        Put(all, "tableType", table.TableType);
        Put(all, "rewriteEnabled", table.IsRewriteEnabled);
        Put(all, "ownerType", table.OwnerType == 1 ? 0 : table.OwnerType);
        Put(all, table.Storage);
        return all.ToImmutable();
    }

    /// <summary>All that a partition says, but its table.</summary>
    public static ImmutableSortedDictionary<string, string> Of(HivePartition partition)
    {
        var all = NewBuilder();
        Put(all, "values", partition.Values);
        Put(all, "createTime", partition.CreateTime);
        Put(all, "lastAccessTime", partition.LastAccessTime);
        Put(all, Parameters, partition.Parameters);
        Put(all, partition.Storage);
        return all.ToImmutable();
    }

    /// <summary>The table that was stored.</summary>
    public static HiveTable ToTable(IReadOnlyDictionary<string, string> stored, string database, string name) => new()
    {
        TableName = name,
        DatabaseName = database,
        Owner = stored.GetValueOrDefault("owner"),
        CreateTime = Int(stored, "createTime"),
        LastAccessTime = Int(stored, "lastAccessTime"),
        Retention = Int(stored, "retention"),
        PartitionKeys = Columns(stored, "partitionKeys"),
        Parameters = Below(stored, Parameters),
        ViewOriginalText = stored.GetValueOrDefault("viewOriginalText"),
        ViewExpandedText = stored.GetValueOrDefault("viewExpandedText"),
        TableType = stored.GetValueOrDefault("tableType") ?? HiveTable.ManagedTable,
        IsRewriteEnabled = stored.ContainsKey("rewriteEnabled"),
        OwnerType = Int(stored, "ownerType") is > 0 and var type ? type : 1,
        Storage = ToStorage(stored),
    };

    /// <summary>The partition that was stored.</summary>
    public static HivePartition ToPartition(IReadOnlyDictionary<string, string> stored, string database, string table) => new()
    {
        Values = Texts(stored, "values"),
        DatabaseName = database,
        TableName = table,
        CreateTime = Int(stored, "createTime"),
        LastAccessTime = Int(stored, "lastAccessTime"),
        Parameters = Below(stored, Parameters),
        Storage = ToStorage(stored),
    };

    private static void Put(ImmutableSortedDictionary<string, string>.Builder all, StorageDescriptor storage)
    {
        Put(all, Storage + "cols", storage.Columns);
        Put(all, Storage + "location", storage.Location);
        Put(all, Storage + "inputFormat", storage.InputFormat);
        Put(all, Storage + "outputFormat", storage.OutputFormat);
        Put(all, Storage + "compressed", storage.IsCompressed);
        Put(all, Storage + "numBuckets", storage.NumBuckets);
        Put(all, Storage + "bucketCols", storage.BucketColumns);
        Put(all, StorageParameters, storage.Parameters);
        Put(all, SerDe + "name", storage.SerDe.Name);
        Put(all, SerDe + "serializationLib", storage.SerDe.SerializationLib);
        Put(all, SerDeParameters, storage.SerDe.Parameters);
    }

    private static StorageDescriptor ToStorage(IReadOnlyDictionary<string, string> stored) => new()
    {
        Columns = Columns(stored, Storage + "cols"),
        Location = stored.GetValueOrDefault(Storage + "location"),
        InputFormat = stored.GetValueOrDefault(Storage + "inputFormat"),
        OutputFormat = stored.GetValueOrDefault(Storage + "outputFormat"),
        IsCompressed = stored.ContainsKey(Storage + "compressed"),
        NumBuckets = Int(stored, Storage + "numBuckets"),
        BucketColumns = Texts(stored, Storage + "bucketCols"),
        Parameters = Below(stored, StorageParameters),
        SerDe = new SerDe
        {
            Name = stored.GetValueOrDefault(SerDe + "name"),
            SerializationLib = stored.GetValueOrDefault(SerDe + "serializationLib"),
            Parameters = Below(stored, SerDeParameters),
        },
    };

    private static ImmutableSortedDictionary<string, string>.Builder NewBuilder() => ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);

    private static void Put(ImmutableSortedDictionary<string, string>.Builder all, string key, string? value)
    {
        if (value is not null)
            all[key] = value;
    }

    private static void Put(ImmutableSortedDictionary<string, string>.Builder all, string key, int value)
    {
        if (value != 0)
            all[key] = value.ToString(CultureInfo.InvariantCulture);
    }

    private static void Put(ImmutableSortedDictionary<string, string>.Builder all, string key, bool value)
    {
        if (value)
            all[key] = "true";
    }

    private static void Put(ImmutableSortedDictionary<string, string>.Builder all, string prefix, IReadOnlyDictionary<string, string> values)
    {
        foreach (var (key, value) in values)
            all[prefix + key] = value;
    }

    private static void Put(ImmutableSortedDictionary<string, string>.Builder all, string key, IReadOnlyList<string> values)
    {
        if (values.Count > 0)
            all[key] = JsonSerializer.Serialize(values, HiveJsonContext.Default.IReadOnlyListString);
    }

    private static void Put(ImmutableSortedDictionary<string, string>.Builder all, string key, IReadOnlyList<FieldSchema> columns)
    {
        if (columns.Count > 0)
            all[key] = JsonSerializer.Serialize(columns, HiveJsonContext.Default.IReadOnlyListFieldSchema);
    }

    private static int Int(IReadOnlyDictionary<string, string> stored, string key) =>
        stored.TryGetValue(key, out string? text) ? int.Parse(text, CultureInfo.InvariantCulture) : 0;

    private static IReadOnlyList<string> Texts(IReadOnlyDictionary<string, string> stored, string key) =>
        stored.TryGetValue(key, out string? json) ? JsonSerializer.Deserialize(json, HiveJsonContext.Default.IReadOnlyListString)! : [];

    private static IReadOnlyList<FieldSchema> Columns(IReadOnlyDictionary<string, string> stored, string key) =>
        stored.TryGetValue(key, out string? json) ? JsonSerializer.Deserialize(json, HiveJsonContext.Default.IReadOnlyListFieldSchema)! : [];

    private static ImmutableSortedDictionary<string, string> Below(IReadOnlyDictionary<string, string> stored, string prefix) =>
        stored.Where(p => p.Key.StartsWith(prefix, StringComparison.Ordinal)).ToImmutableSortedDictionary(p => p.Key[prefix.Length..], p => p.Value, StringComparer.Ordinal);
}
