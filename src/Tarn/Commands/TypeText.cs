using Tarn.Iceberg.Spec.Types;

namespace Tarn.Commands;

/// <summary>Types as people read them: the words of the specification without field ids.</summary>
internal static class TypeText
{
    /// <summary><c>struct&lt;a long, b list&lt;string&gt;&gt;</c>.</summary>
    public static string Of(IcebergType type) => type switch
    {
        StructType structure => $"struct<{string.Join(", ", structure.Fields.Select(field => $"{field.Name} {Of(field.Type)}{(field.Required ? " not null" : "")}"))}>",
        ListType list => $"list<{Of(list.Element.Type)}>",
        MapType map => $"map<{Of(map.Key.Type)}, {Of(map.Value.Type)}>",
        _ => type.ToString()!,
    };
}
