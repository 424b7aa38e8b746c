using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transforms;

namespace Tarn.Iceberg.Expressions;

/// <summary>A test of a term that no schema has resolved yet.</summary>
/// <param name="Operation">The test.</param>
/// <param name="Term">What is tested.</param>
/// <param name="Literals">None for unary tests, one for comparisons, any number for in and not-in.</param>
public sealed record UnboundPredicate(Operation Operation, Term Term, IReadOnlyList<Literal> Literals) : Expression
{
    /// <inheritdoc/>
    public bool Equals(UnboundPredicate? other) =>
        other is not null && Operation == other.Operation && Term == other.Term && Literals.SequenceEqual(other.Literals);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Operation, Term, Literals.Count);

    /// <inheritdoc/>
    public override string ToString() => PredicateText.Of(Operation, Term.ToString(), Literals.Select(l => l.ToString()));
}

/// <summary>A test of a column or partition field; literals have the type of the term.</summary>
public sealed record BoundPredicate : Expression
{
    private readonly object[] literals;

    internal BoundPredicate(Operation operation, BoundTerm term, params object[] literals) =>
        (Operation, Term, this.literals) = (operation, term, literals);

    /// <summary>The test.</summary>
    public Operation Operation { get; }

    /// <summary>What is tested.</summary>
    public BoundTerm Term { get; }

    /// <summary>Literals held as <see cref="LiteralValue"/> says; sets are ascending and distinct.</summary>
    public IReadOnlyList<object> Literals => literals;

    internal ReadOnlySpan<object> Values => literals;

    internal object Value => literals[0];

    /// <summary>True when the row or tuple that holds this value of the column matches.</summary>
    public bool Matches(object? columnValue)
    {
        object? value = Term.Function is null ? columnValue : Term.Function.Apply(columnValue);
        return Operation switch
        {
            Operation.IsNull => value is null,
            Operation.NotNull => value is not null,
            Operation.IsNaN => LiteralValue.IsNaN(value),
            Operation.NotNaN => !LiteralValue.IsNaN(value),
            Operation.NotEq => !IsAny(value),
            Operation.NotIn => !IsAny(value),
            Operation.NotStartsWith => !(value is string text && text.StartsWith((string)Value, StringComparison.Ordinal)),
            _ when value is null || LiteralValue.IsNaN(value) => false,
            Operation.Lt => ValueOrder.Compare(value, Value) < 0,
            Operation.LtEq => ValueOrder.Compare(value, Value) <= 0,
            Operation.Gt => ValueOrder.Compare(value, Value) > 0,
            Operation.GtEq => ValueOrder.Compare(value, Value) >= 0,
            Operation.Eq or Operation.In => IsAny(value),
            Operation.StartsWith => ((string)value).StartsWith((string)Value, StringComparison.Ordinal),
            _ => throw new InvalidOperationException($"Unknown operation {Operation}."),
        };
    }

    /// <summary>The same test with the opposite operation.</summary>
    internal BoundPredicate Negate() => new(Operation.Negate(), Term, literals);

    /// <inheritdoc/>
    public bool Equals(BoundPredicate? other) =>
        other is not null && Operation == other.Operation && Term == other.Term && literals.Length == other.literals.Length
        && literals.Zip(other.literals).All(p => LiteralValue.AreEqual(p.First, p.Second));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Operation, Term, literals.Length);

    /// <inheritdoc/>
    public override string ToString() =>
        PredicateText.Of(Operation, Term.ToString(), literals.Select(v => HumanText.Of(Transform.Identity, Term.Type, v) is var text && Term.Type.Id == TypeId.String ? $"'{text}'" : text));

    private bool IsAny(object? value) =>
        value is not null && !LiteralValue.IsNaN(value) && ValueOrder.IndexOf(literals, value) >= 0;
}

/// <summary>Predicates for people: <c>a.b &lt; 5</c>.</summary>
internal static class PredicateText
{
    public static string Of(Operation operation, string term, IEnumerable<string> literals) => operation switch
    {
        Operation.IsNull => $"{term} is null",
        Operation.NotNull => $"{term} is not null",
        Operation.IsNaN => $"is_nan({term})",
        Operation.NotNaN => $"not_nan({term})",
        Operation.Lt => $"{term} < {literals.Single()}",
        Operation.LtEq => $"{term} <= {literals.Single()}",
        Operation.Gt => $"{term} > {literals.Single()}",
        Operation.GtEq => $"{term} >= {literals.Single()}",
        Operation.Eq => $"{term} = {literals.Single()}",
        Operation.NotEq => $"{term} != {literals.Single()}",
        Operation.In => $"{term} in ({string.Join(", ", literals)})",
        Operation.NotIn => $"{term} not in ({string.Join(", ", literals)})",
        Operation.StartsWith => $"{term} starts with {literals.Single()}",
        _ => $"{term} does not start with {literals.Single()}",
    };
}
