using System.Collections.Immutable;
using System.Text.Json;

namespace Tarn.Iceberg.Spec;

/// <summary>Direction of a sort field.</summary>
public enum SortDirection
{
    /// <summary>Smallest first.</summary>
    Ascending,

    /// <summary>Largest first.</summary>
    Descending,
}

/// <summary>Where nulls sort.</summary>
public enum NullOrder
{
    /// <summary>Before all values.</summary>
    NullsFirst,

    /// <summary>After all values.</summary>
    NullsLast,
}

/// <summary>A field of a sort order ("Sorting").</summary>
public sealed record SortField(IReadOnlyList<int> SourceIds, Transform Transform, SortDirection Direction, NullOrder NullOrder)
{
    /// <summary>The only source id.</summary>
    public int SourceId => SourceIds[0];

    /// <summary>Fields of the JSON object that the specification does not name; written back as read. They do not count for equality.</summary>
    public ImmutableDictionary<string, JsonElement> UnknownFields { get; init; } = ImmutableDictionary<string, JsonElement>.Empty;

    /// <inheritdoc/>
    public bool Equals(SortField? other) =>
        other is not null && SourceIds.SequenceEqual(other.SourceIds) && Transform == other.Transform && Direction == other.Direction && NullOrder == other.NullOrder;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Transform, Direction, NullOrder);
}

/// <summary>A sort order ("Sorting"); order 0 is unsorted.</summary>
public sealed class SortOrder(int orderId, IReadOnlyList<SortField> fields)
{
    /// <summary>The order without fields, id 0.</summary>
    public static SortOrder Unsorted { get; } = new(0, []);

    /// <summary>Id within the table.</summary>
    public int OrderId { get; } = orderId;

    /// <summary>The fields in order.</summary>
    public IReadOnlyList<SortField> Fields { get; } = fields;

    /// <summary>Fields of the JSON object that the specification does not name; written back as read.</summary>
    public ImmutableDictionary<string, JsonElement> UnknownFields { get; init; } = ImmutableDictionary<string, JsonElement>.Empty;
}
