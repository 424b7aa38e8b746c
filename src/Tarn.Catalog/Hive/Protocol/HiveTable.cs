using Tarn.Catalog.Hive.Thrift;

namespace Tarn.Catalog.Hive.Protocol;

/// <summary>A table or view: struct <c>Table</c>. Privileges, statistics and transactional fields are not kept.</summary>
internal sealed record HiveTable
{
    /// <summary>Values of <see cref="TableType"/>.</summary>
    public const string ExternalTable = "EXTERNAL_TABLE", ManagedTable = "MANAGED_TABLE", VirtualView = "VIRTUAL_VIEW", MaterializedView = "MATERIALIZED_VIEW";

    /// <summary>Field 1.</summary>
    public required string TableName { get; init; }

    /// <summary>Field 2.</summary>
    public required string DatabaseName { get; init; }

    /// <summary>Field 3.</summary>
    public string? Owner { get; init; }

    /// <summary>Field 4: seconds since 1970.</summary>
    public int CreateTime { get; init; }

    /// <summary>Field 5: seconds since 1970.</summary>
    public int LastAccessTime { get; init; }

    /// <summary>Field 6.</summary>
    public int Retention { get; init; }

    /// <summary>Field 7.</summary>
    public StorageDescriptor Storage { get; init; } = new();

    /// <summary>Field 8.</summary>
    public IReadOnlyList<FieldSchema> PartitionKeys { get; init; } = [];

    /// <summary>Field 9.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>Field 10.</summary>
    public string? ViewOriginalText { get; init; }

    /// <summary>Field 11.</summary>
    public string? ViewExpandedText { get; init; }

    /// <summary>Field 12.</summary>
    public string TableType { get; init; } = ManagedTable;

    /// <summary>Field 15.</summary>
    public bool IsRewriteEnabled { get; init; }

    /// <summary>Field 18: <c>PrincipalType</c>, 1 is a user.</summary>
    public int OwnerType { get; init; } = 1;

    /// <summary>Reads the struct.</summary>
    public static HiveTable Read(ThriftStruct from) => new()
    {
        TableName = from.Text(1) ?? "",
        DatabaseName = from.Text(2) ?? "",
        Owner = from.Text(3),
        CreateTime = from.Int(4),
        LastAccessTime = from.Int(5),
        Retention = from.Int(6),
        Storage = StorageDescriptor.Read(from.Struct(7)),
        PartitionKeys = [.. from.Structs(8).Select(FieldSchema.Read)],
        Parameters = from.Map(9),
        ViewOriginalText = from.Text(10),
        ViewExpandedText = from.Text(11),
        TableType = from.Text(12) ?? ManagedTable,
        IsRewriteEnabled = from.Bool(15),
        OwnerType = from.Int(18, 1),
    };

    /// <summary>The struct; field 17 is the one catalog that there is.</summary>
    public ThriftStruct ToThrift() => new ThriftStruct()
        .With(1, TableName)
        .With(2, DatabaseName)
        .With(3, Owner)
        .With(4, CreateTime)
        .With(5, LastAccessTime)
        .With(6, Retention)
        .With(7, Storage.ToThrift())
        .With(8, PartitionKeys.Select(k => k.ToThrift()))
        .With(9, Parameters)
        .With(10, ViewOriginalText)
        .With(11, ViewExpandedText)
        .With(12, TableType)
        .With(15, IsRewriteEnabled)
        .With(17, HiveNames.Catalog)
        .With(18, OwnerType);
}
