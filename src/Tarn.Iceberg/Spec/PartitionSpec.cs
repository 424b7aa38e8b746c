using System.Collections.Immutable;
using System.Text.Json;

namespace Tarn.Iceberg.Spec;

/// <summary>A partition field ("Partitioning").</summary>
/// <param name="SourceIds">Field ids of the source columns; one, except for multi-argument transforms.</param>
/// <param name="FieldId">Id of the partition field, 1000 or more.</param>
/// <param name="Name">Name of the partition field.</param>
/// <param name="Transform">How source values become the partition value.</param>
public sealed record PartitionField(IReadOnlyList<int> SourceIds, int FieldId, string Name, Transform Transform)
{
    /// <summary>A field with one source.</summary>
    public PartitionField(int sourceId, int fieldId, string name, Transform transform)
        : this([sourceId], fieldId, name, transform)
    {
    }

    /// <summary>The only source id.</summary>
    public int SourceId => SourceIds[0];

    /// <summary>Fields of the JSON object that the specification does not name; written back as read. They do not count for equality.</summary>
    public ImmutableDictionary<string, JsonElement> UnknownFields { get; init; } = ImmutableDictionary<string, JsonElement>.Empty;

    /// <inheritdoc/>
    public bool Equals(PartitionField? other) =>
        other is not null && FieldId == other.FieldId && Name == other.Name && Transform == other.Transform && SourceIds.SequenceEqual(other.SourceIds);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(FieldId, Name, Transform);
}

/// <summary>A partition spec ("Partitioning"). Partition tuples are <c>object?[]</c> in the order of <see cref="Fields"/>.</summary>
public sealed class PartitionSpec(int specId, IReadOnlyList<PartitionField> fields)
{
    /// <summary>The first id that partition fields get.</summary>
    public const int FirstFieldId = 1000;

    /// <summary>The spec without fields, id 0.</summary>
    public static PartitionSpec Unpartitioned { get; } = new(0, []);

    /// <summary>Id within the table.</summary>
    public int SpecId { get; } = specId;

    /// <summary>The fields in order.</summary>
    public IReadOnlyList<PartitionField> Fields { get; } = fields;

    /// <summary>Fields of the JSON object that the specification does not name; written back as read.</summary>
    public ImmutableDictionary<string, JsonElement> UnknownFields { get; init; } = ImmutableDictionary<string, JsonElement>.Empty;

    /// <summary>True when there is no field, or only void ones (a v1 table whose fields were all dropped).</summary>
    public bool IsUnpartitioned => Fields.All(f => f.Transform.Kind == TransformKind.Void);

    /// <summary>The largest field id; 999 without fields.</summary>
    public int LastFieldId => Fields.Count == 0 ? FirstFieldId - 1 : Fields.Max(f => f.FieldId);
}
