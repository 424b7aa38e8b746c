namespace Tarn.Iceberg.Expressions;

/// <summary>What a predicate tests.</summary>
public enum Operation
{
    /// <summary>The value is null.</summary>
    IsNull,

    /// <summary>The value is not null.</summary>
    NotNull,

    /// <summary>The value is NaN.</summary>
    IsNaN,

    /// <summary>The value is not NaN; null is not NaN.</summary>
    NotNaN,

    /// <summary>Less than; false for null and NaN.</summary>
    Lt,

    /// <summary>Less or equal; false for null and NaN.</summary>
    LtEq,

    /// <summary>Greater than; false for null and NaN.</summary>
    Gt,

    /// <summary>Greater or equal; false for null and NaN.</summary>
    GtEq,

    /// <summary>Equal; false for null and NaN. -0.0 equals 0.0.</summary>
    Eq,

    /// <summary>Not <see cref="Eq"/>: true for null, unlike SQL.</summary>
    NotEq,

    /// <summary>Equal to one of a set; false for null and NaN.</summary>
    In,

    /// <summary>Not <see cref="In"/>: true for null, unlike SQL.</summary>
    NotIn,

    /// <summary>A text begins with the literal; false for null.</summary>
    StartsWith,

    /// <summary>Not <see cref="StartsWith"/>: true for null, unlike SQL.</summary>
    NotStartsWith,
}

/// <summary>Facts about operations.</summary>
public static class OperationExtensions
{
    /// <summary>The operation that NOT turns this one into; null and NaN satisfy neither of two orderings, as in SQL.</summary>
    public static Operation Negate(this Operation operation) => operation switch
    {
        Operation.IsNull => Operation.NotNull,
        Operation.NotNull => Operation.IsNull,
        Operation.IsNaN => Operation.NotNaN,
        Operation.NotNaN => Operation.IsNaN,
        Operation.Lt => Operation.GtEq,
        Operation.LtEq => Operation.Gt,
        Operation.Gt => Operation.LtEq,
        Operation.GtEq => Operation.Lt,
        Operation.Eq => Operation.NotEq,
        Operation.NotEq => Operation.Eq,
        Operation.In => Operation.NotIn,
        Operation.NotIn => Operation.In,
        Operation.StartsWith => Operation.NotStartsWith,
        Operation.NotStartsWith => Operation.StartsWith,
        _ => throw new ArgumentOutOfRangeException(nameof(operation)),
    };

    /// <summary>True for tests without literal.</summary>
    public static bool IsUnary(this Operation operation) => operation <= Operation.NotNaN;

    /// <summary>True for <see cref="Operation.In"/> and <see cref="Operation.NotIn"/>.</summary>
    public static bool IsSet(this Operation operation) => operation is Operation.In or Operation.NotIn;
}
