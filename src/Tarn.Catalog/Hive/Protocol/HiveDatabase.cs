using Tarn.Catalog.Hive.Thrift;

namespace Tarn.Catalog.Hive.Protocol;

/// <summary>A database: struct <c>Database</c>.</summary>
internal sealed record HiveDatabase
{
    /// <summary>Field 1.</summary>
    public required string Name { get; init; }

    /// <summary>Field 2.</summary>
    public string? Description { get; init; }

    /// <summary>Field 3.</summary>
    public string? LocationUri { get; init; }

    /// <summary>Field 4.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>Field 6.</summary>
    public string? OwnerName { get; init; }

    /// <summary>Field 7: <c>PrincipalType</c>; 1 user, 2 role, 3 group; 0 when nobody said.</summary>
    public int OwnerType { get; init; }

    /// <summary>Whether it names the catalog (field 8): so do clients that send back what they have read, and not those that make it anew of what they know.</summary>
    public bool IsSentBack { get; init; }

    /// <summary>Reads the struct.</summary>
    public static HiveDatabase Read(ThriftStruct from) => new()
    {
        Name = from.Text(1) ?? "",
        Description = from.Text(2),
        LocationUri = from.Text(3),
        Parameters = from.Map(4),
        OwnerName = from.Text(6),
        OwnerType = from.Int(7),
        IsSentBack = from.Text(8) is not null,
    };

    /// <summary>The struct; field 8 is the one catalog that there is.</summary>
    public ThriftStruct ToThrift() => new ThriftStruct()
        .With(1, Name)
        .With(2, Description)
        .With(3, LocationUri)
        .With(4, Parameters)
        .With(6, OwnerName)
        .With(7, OwnerType == 0 ? 1 : OwnerType)
        .With(8, HiveNames.Catalog);
}
