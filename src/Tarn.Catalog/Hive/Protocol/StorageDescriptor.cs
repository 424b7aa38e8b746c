using Tarn.Catalog.Hive.Thrift;

namespace Tarn.Catalog.Hive.Protocol;

/// <summary>Where and how data lies: struct <c>StorageDescriptor</c>. Sorting and skew are told as unset: nothing here follows them.</summary>
internal sealed record StorageDescriptor
{
    /// <summary>Field 1.</summary>
    public IReadOnlyList<FieldSchema> Columns { get; init; } = [];

    /// <summary>Field 2; null for views.</summary>
    public string? Location { get; init; }

    /// <summary>Field 3: class.</summary>
    public string? InputFormat { get; init; }

    /// <summary>Field 4: class.</summary>
    public string? OutputFormat { get; init; }

    /// <summary>Field 5.</summary>
    public bool IsCompressed { get; init; }

    /// <summary>Field 6.</summary>
    public int NumBuckets { get; init; }

    /// <summary>Field 7.</summary>
    public SerDe SerDe { get; init; } = new();

    /// <summary>Field 8.</summary>
    public IReadOnlyList<string> BucketColumns { get; init; } = [];

    /// <summary>Field 10.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>Reads the struct.</summary>
    public static StorageDescriptor Read(ThriftStruct? from) => from is null ? new StorageDescriptor() : new StorageDescriptor
    {
        Columns = [.. from.Structs(1).Select(FieldSchema.Read)],
        Location = from.Text(2),
        InputFormat = from.Text(3),
        OutputFormat = from.Text(4),
        IsCompressed = from.Bool(5),
        NumBuckets = from.Int(6),
        SerDe = SerDe.Read(from.Struct(7)),
        BucketColumns = from.Texts(8),
        Parameters = from.Map(10),
    };

    /// <summary>The struct, with what a metastore adds: no sorting (9) and no skew (11).</summary>
    public ThriftStruct ToThrift() => new ThriftStruct()
        .With(1, Columns.Select(c => c.ToThrift()))
        .With(2, Location)
        .With(3, InputFormat)
        .With(4, OutputFormat)
        .With(5, IsCompressed)
        .With(6, NumBuckets)
        .With(7, SerDe.ToThrift())
        .With(8, BucketColumns)
        .With(9, Array.Empty<ThriftStruct>())
        .With(10, Parameters)
        .With(11, new ThriftStruct().With(1, Array.Empty<string>()).With(2, new ThriftList(ThriftType.List, [])).With(3, new ThriftMap(ThriftType.List, ThriftType.String, [])))
        .With(12, false);
}
