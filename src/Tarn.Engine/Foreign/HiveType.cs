using Tarn.Core.Errors;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Foreign;

/// <summary>A type in Hive's words (Language Manual, "Hive Data Types"), e.g. <c>map&lt;string,decimal(10,2)&gt;</c>.</summary>
/// <param name="Name">Its name, lower case.</param>
/// <param name="Parameters">Numbers in brackets: precision and scale, or length.</param>
/// <param name="Children">Fields of a struct; element of an array (without name); key and value of a map.</param>
internal sealed record HiveType(string Name, IReadOnlyList<int> Parameters, IReadOnlyList<HiveField> Children)
{
    // What decimal without precision has meant since Hive 0.13.
    private const int DefaultPrecision = 10;

    /// <summary>The type as the engine knows it. What is narrower than Iceberg's types becomes the next wider one; the length of text is not kept.</summary>
    /// <param name="nextId">Gives ids of fields inside of it.</param>
    /// <exception cref="TarnException">Unsupported: there is no such type here.</exception>
    public IcebergType ToIceberg(Func<int> nextId) => Name switch
    {
        "boolean" => SimpleType.Boolean,
        "tinyint" or "smallint" or "int" or "integer" => SimpleType.Int,
        "bigint" => SimpleType.Long,
        "float" => SimpleType.Float,
        "double" => SimpleType.Double,
        "string" or "varchar" or "char" => SimpleType.String,
        "date" => SimpleType.Date,
        "timestamp" => SimpleType.Timestamp,
        "timestamp with local time zone" => SimpleType.TimestampTz,
        "binary" => SimpleType.Binary,
        "decimal" => new DecimalType(Parameters.Count > 0 ? Parameters[0] : DefaultPrecision, Parameters.Count > 1 ? Parameters[1] : 0),
        "array" => ListOf(nextId),
        "map" => MapOf(nextId),
        "struct" => new StructType([.. Children.Select(c => new NestedField(nextId(), c.Name, false, c.Type.ToIceberg(nextId)))]),
        _ => throw TarnException.Unsupported($"Type '{Name}' of Hive is not read by this version of Tarn."),
    };

    /// <summary>Whether it, or a part of it, has a name.</summary>
    public bool Contains(string name) => Name == name || Children.Any(c => c.Type.Contains(name));

    private ListType ListOf(Func<int> nextId)
    {
        int id = nextId();
        return ListType.Of(id, Children[0].Type.ToIceberg(nextId));
    }

    private MapType MapOf(Func<int> nextId)
    {
        int key = nextId(), value = nextId();
        return MapType.Of(key, Children[0].Type.ToIceberg(nextId), value, Children[1].Type.ToIceberg(nextId));
    }
}

/// <summary>A part of a nested type.</summary>
/// <param name="Name">Name of a field of a struct; empty for others.</param>
/// <param name="Type">Its type.</param>
internal sealed record HiveField(string Name, HiveType Type);
