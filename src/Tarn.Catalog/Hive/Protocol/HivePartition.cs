using Tarn.Catalog.Hive.Thrift;

namespace Tarn.Catalog.Hive.Protocol;

/// <summary>A partition of a plain table: struct <c>Partition</c>.</summary>
internal sealed record HivePartition
{
    /// <summary>Field 1: a value for each partition key of the table.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>Field 2.</summary>
    public string DatabaseName { get; init; } = "";

    /// <summary>Field 3.</summary>
    public string TableName { get; init; } = "";

    /// <summary>Field 4: seconds since 1970.</summary>
    public int CreateTime { get; init; }

    /// <summary>Field 5: seconds since 1970.</summary>
    public int LastAccessTime { get; init; }

    /// <summary>Field 6.</summary>
    public StorageDescriptor Storage { get; init; } = new();

    /// <summary>Field 7.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>Reads the struct.</summary>
    public static HivePartition Read(ThriftStruct from) => new()
    {
        Values = from.Texts(1),
        DatabaseName = from.Text(2) ?? "",
        TableName = from.Text(3) ?? "",
        CreateTime = from.Int(4),
        LastAccessTime = from.Int(5),
        Storage = StorageDescriptor.Read(from.Struct(6)),
        Parameters = from.Map(7),
    };

    /// <summary>The struct; field 9 is the one catalog that there is.</summary>
    public ThriftStruct ToThrift() => new ThriftStruct()
        .With(1, Values)
        .With(2, DatabaseName)
        .With(3, TableName)
        .With(4, CreateTime)
        .With(5, LastAccessTime)
        .With(6, Storage.ToThrift())
        .With(7, Parameters)
        .With(9, HiveNames.Catalog);
}
