using Tarn.Catalog.Hive.Thrift;

namespace Tarn.Catalog.Hive.Protocol;

/// <summary>A column: struct <c>FieldSchema</c>.</summary>
/// <param name="Name">Field 1.</param>
/// <param name="Type">Field 2: a type in Hive's words, e.g. <c>decimal(10,2)</c>.</param>
/// <param name="Comment">Field 3.</param>
internal sealed record FieldSchema(string Name, string Type, string? Comment = null)
{
    /// <summary>Reads the struct.</summary>
    public static FieldSchema Read(ThriftStruct from) => new(from.Text(1) ?? "", from.Text(2) ?? "", from.Text(3));

    /// <summary>The struct.</summary>
    public ThriftStruct ToThrift() => new ThriftStruct().With(1, Name).With(2, Type).With(3, Comment);
}
