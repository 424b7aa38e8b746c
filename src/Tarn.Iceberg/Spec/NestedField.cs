using System.Collections.Immutable;
using System.Text.Json;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Spec;

/// <summary>A field of a struct, or the element, key or value of a list or map ("Nested Types").</summary>
/// <param name="Id">Unique in the table schema; 1 or more.</param>
/// <param name="Name">Column name, any text, case sensitive.</param>
/// <param name="Required">True when values are never null.</param>
/// <param name="Type">Type of the values.</param>
/// <param name="Doc">Documentation, or null.</param>
public sealed record NestedField(int Id, string Name, bool Required, IcebergType Type, string? Doc = null)
{
    /// <summary>Value of rows written before the field was added (see <see cref="LiteralValue"/> for the representation); null is null. Version 3.</summary>
    public object? InitialDefault { get; init; }

    /// <summary>Value that a writer stores when none is given; null is null. Version 3.</summary>
    public object? WriteDefault { get; init; }

    /// <summary>Fields of the JSON object that the specification does not name; written back as read. They do not count for equality.</summary>
    public ImmutableDictionary<string, JsonElement> UnknownFields { get; init; } = ImmutableDictionary<string, JsonElement>.Empty;

    /// <inheritdoc/>
    public bool Equals(NestedField? other) =>
        other is not null && Id == other.Id && Name == other.Name && Required == other.Required && Type.Equals(other.Type) && Doc == other.Doc
        && LiteralValue.AreEqual(InitialDefault, other.InitialDefault) && LiteralValue.AreEqual(WriteDefault, other.WriteDefault);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, Name, Required, Type);

    /// <inheritdoc/>
    public override string ToString() => $"{Id}: {Name}: {(Required ? "required" : "optional")} {Type}";
}
