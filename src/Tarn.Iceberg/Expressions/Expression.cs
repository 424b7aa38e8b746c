namespace Tarn.Iceberg.Expressions;

/// <summary>
/// A predicate over rows (specification "Iceberg Expressions"). Immutable. Leaves are <see cref="UnboundPredicate"/> until
/// <see cref="Binding.Bind"/> resolves them against a schema into <see cref="BoundPredicate"/>.
/// <para>NOT is pushed down to the leaves by <see cref="RewriteNot"/> before anything is evaluated: NOT of an ordering is the opposite ordering,
/// so that a null or NaN satisfies neither, as in SQL.</para>
/// </summary>
public abstract record Expression
{
    private protected Expression()
    {
    }

    /// <summary>Matches every row.</summary>
    public static Expression True { get; } = new Constant(true);

    /// <summary>Matches no row.</summary>
    public static Expression False { get; } = new Constant(false);

    /// <summary>Both; constants are folded.</summary>
    public static Expression And(Expression left, Expression right) => (left, right) switch
    {
        (Constant { Value: false }, _) or (_, Constant { Value: false }) => False,
        (Constant { Value: true }, _) => right,
        (_, Constant { Value: true }) => left,
        _ => new And(left, right),
    };

    /// <summary>At least one; constants are folded.</summary>
    public static Expression Or(Expression left, Expression right) => (left, right) switch
    {
        (Constant { Value: true }, _) or (_, Constant { Value: true }) => True,
        (Constant { Value: false }, _) => right,
        (_, Constant { Value: false }) => left,
        _ => new Or(left, right),
    };

    /// <summary>All of them; true without any.</summary>
    public static Expression And(IEnumerable<Expression> parts) => parts.Aggregate(True, And);

    /// <summary>At least one of them; false without any.</summary>
    public static Expression Or(IEnumerable<Expression> parts) => parts.Aggregate(False, Or);

    /// <summary>The opposite; constants are folded, two NOTs cancel.</summary>
    public static Expression Not(Expression child) => child switch
    {
        Constant { Value: var value } => value ? False : True,
        Not { Child: var inner } => inner,
        _ => new Not(child),
    };

    /// <summary>A test without literal: is-null, not-null, is-nan, not-nan.</summary>
    public static Expression Test(Operation operation, Term term) => new UnboundPredicate(operation, term, []);

    /// <summary>A comparison with one literal.</summary>
    public static Expression Compare(Operation operation, Term term, Literal literal) => new UnboundPredicate(operation, term, [literal]);

    /// <summary>in or not-in.</summary>
    public static Expression Set(Operation operation, Term term, IEnumerable<Literal> literals) => new UnboundPredicate(operation, term, [.. literals]);

    /// <summary>The same expression without NOT.</summary>
    public Expression RewriteNot() => Push(this, negate: false);

    private static Expression Push(Expression expression, bool negate) => expression switch
    {
        Constant { Value: var value } => value != negate ? True : False,
        Not { Child: var child } => Push(child, !negate),
        And { Left: var l, Right: var r } => negate ? Or(Push(l, true), Push(r, true)) : And(Push(l, false), Push(r, false)),
        Or { Left: var l, Right: var r } => negate ? And(Push(l, true), Push(r, true)) : Or(Push(l, false), Push(r, false)),
        UnboundPredicate p => negate ? p with { Operation = p.Operation.Negate() } : p,
        BoundPredicate p => negate ? p.Negate() : p,
        _ => throw new InvalidOperationException($"Unknown expression {expression.GetType()}."),
    };
}

/// <summary>True or false for every row.</summary>
public sealed record Constant(bool Value) : Expression
{
    /// <inheritdoc/>
    public override string ToString() => Value ? "true" : "false";
}

/// <summary>Both sides match.</summary>
public sealed record And(Expression Left, Expression Right) : Expression
{
    /// <inheritdoc/>
    public override string ToString() => $"({Left} and {Right})";
}

/// <summary>One side matches.</summary>
public sealed record Or(Expression Left, Expression Right) : Expression
{
    /// <inheritdoc/>
    public override string ToString() => $"({Left} or {Right})";
}

/// <summary>The child does not match.</summary>
public sealed record Not(Expression Child) : Expression
{
    /// <inheritdoc/>
    public override string ToString() => $"not({Child})";
}
