using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transforms;

namespace Tarn.Iceberg.Expressions;

/// <summary>What an unbound predicate tests: a column by dotted name or by field id, possibly through a transform.</summary>
/// <param name="Name">Dotted path, or null when <paramref name="FieldId"/> is given.</param>
/// <param name="FieldId">Field id, or null when <paramref name="Name"/> is given.</param>
/// <param name="Transform">Identity for the column itself.</param>
public sealed record Term(string? Name, int? FieldId, Transform Transform)
{
    /// <summary>A column by name.</summary>
    public static Term Column(string name) => new(name, null, Transform.Identity);

    /// <summary>A column by field id.</summary>
    public static Term Column(int fieldId) => new(null, fieldId, Transform.Identity);

    /// <inheritdoc/>
    public override string ToString()
    {
        string column = Name ?? $"#{FieldId}";
        return Transform.Kind == TransformKind.Identity ? column : $"{Transform.Text}({column})";
    }
}

/// <summary>A term resolved against a schema or a partition tuple.</summary>
public sealed record BoundTerm
{
    /// <summary>Field id of the column; of the partition field for partition predicates.</summary>
    public required int FieldId { get; init; }

    /// <summary>Dotted path of the column in the schema, or name of the partition field.</summary>
    public required string Name { get; init; }

    /// <summary>Type of the column.</summary>
    public required IcebergType SourceType { get; init; }

    /// <summary>The transform applied to the column; null for the column itself.</summary>
    public TransformFunction? Function { get; init; }

    /// <summary>False when neither the column nor a struct around it can be null.</summary>
    public required bool IsOptional { get; init; }

    /// <summary>Position in the partition tuple for partition predicates; -1 for columns.</summary>
    public int Position { get; init; } = -1;

    /// <summary>Type of the tested values.</summary>
    public IcebergType Type => Function?.ResultType ?? SourceType;

    /// <summary>True when a null column gives the only null result.</summary>
    internal bool PreservesNonNull => Function?.PreservesOrder ?? true;

    /// <summary>True for float and double results.</summary>
    internal bool IsFloating => Type.Id is TypeId.Float or TypeId.Double;

    /// <inheritdoc/>
    public bool Equals(BoundTerm? other) =>
        other is not null && FieldId == other.FieldId && Position == other.Position && SourceType.Equals(other.SourceType) && Function?.Transform == other.Function?.Transform;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(FieldId, Position);

    /// <inheritdoc/>
    public override string ToString() => Function is null ? Name : $"{Function.Transform.Text}({Name})";
}
