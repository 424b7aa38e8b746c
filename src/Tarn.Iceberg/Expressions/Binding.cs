using Tarn.Core.Errors;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transforms;

namespace Tarn.Iceberg.Expressions;

/// <summary>Resolves terms against a schema and converts literals to their types.</summary>
public static class Binding
{
    /// <summary>
    /// The expression over field ids of <paramref name="schema"/>, without NOT. Predicates that the type decides become constants: an int
    /// is always less than 2^40. Predicates that are bound already stay as they are.
    /// </summary>
    /// <exception cref="TarnException">InvalidRequest: no such column, a literal that does not fit the column, a column in a list or map.</exception>
    public static Expression Bind(this Expression expression, Schema schema, bool caseSensitive = true) =>
        Visit(expression.RewriteNot(), p => BindLeaf(p, schema, caseSensitive));

    /// <summary>Field ids of the columns that an expression tests, distinct.</summary>
    public static IReadOnlyCollection<int> ReferencedFields(this Expression bound) => [.. bound.ReferencedTerms().Select(t => t.FieldId).Order().Distinct()];

    /// <summary>The terms of all bound predicates, in order.</summary>
    internal static IEnumerable<BoundTerm> ReferencedTerms(this Expression bound) => bound switch
    {
        And { Left: var l, Right: var r } => l.ReferencedTerms().Concat(r.ReferencedTerms()),
        Or { Left: var l, Right: var r } => l.ReferencedTerms().Concat(r.ReferencedTerms()),
        Not { Child: var child } => child.ReferencedTerms(),
        BoundPredicate p => [p.Term],
        _ => [],
    };

    internal static Expression Visit(Expression expression, Func<UnboundPredicate, Expression> leaf) => expression switch
    {
        And { Left: var l, Right: var r } => Expression.And(Visit(l, leaf), Visit(r, leaf)),
        Or { Left: var l, Right: var r } => Expression.Or(Visit(l, leaf), Visit(r, leaf)),
        UnboundPredicate p => leaf(p),
        _ => expression,
    };

    /// <summary>The predicate over a resolved term.</summary>
    internal static Expression BindPredicate(Operation operation, BoundTerm term, IReadOnlyList<Literal> literals)
    {
        if (operation.IsUnary())
            return BindUnary(operation, term);
        if (term.Type.Id == TypeId.Unknown)
            return operation is Operation.NotEq or Operation.NotIn or Operation.NotStartsWith ? Expression.True : Expression.False;
        return operation.IsSet() ? BindSet(operation, term, literals) : BindComparison(operation, term, literals[0]);
    }

    private static Expression BindLeaf(UnboundPredicate predicate, Schema schema, bool caseSensitive) =>
        BindPredicate(predicate.Operation, Resolve(predicate.Term, schema, caseSensitive), predicate.Literals);

    private static BoundTerm Resolve(Term term, Schema schema, bool caseSensitive)
    {
        var field = (term.Name is { } name ? caseSensitive ? schema.FindField(name) : schema.ResolveField(name) : schema.FindField(term.FieldId ?? 0))
            ?? throw TarnException.Invalid($"There is no column '{term}' to filter by. Columns are: {string.Join(", ", schema.Fields.Select(f => f.Name))}.");
        bool optional = !field.Required;
        for (int parent = schema.ParentId(field.Id); parent != 0; parent = schema.ParentId(parent))
        {
            var around = schema.FindField(parent)!;
            if (around.Type is not StructType)
                throw TarnException.Invalid($"Column '{schema.FindName(field.Id)}' lies in a {around.Type.Id.ToString().ToLowerInvariant()} and has many values per row; filter by a column that has one.");
            optional |= !around.Required;
        }

        bool identity = term.Transform.Kind == TransformKind.Identity;
        return new BoundTerm
        {
            FieldId = field.Id,
            Name = schema.FindName(field.Id)!,
            SourceType = field.Type,
            Function = identity ? null : term.Transform.Bind(field.Type),
            IsOptional = optional,
        };
    }

    private static Expression BindUnary(Operation operation, BoundTerm term)
    {
        bool isTest = operation is Operation.IsNull or Operation.IsNaN;
        if (operation is Operation.IsNaN or Operation.NotNaN)
        {
            return term.IsFloating
                ? new BoundPredicate(operation, term)
                : throw TarnException.Invalid($"'{term}' is of type {term.Type} and never NaN; is-nan and not-nan test float and double.");
        }

        if (!term.IsOptional && term.PreservesNonNull)
            return isTest ? Expression.False : Expression.True;
        if (term.Type.Id == TypeId.Unknown)
            return isTest ? Expression.True : Expression.False;
        return new BoundPredicate(operation, term);
    }

    private static Expression BindComparison(Operation operation, BoundTerm term, Literal literal)
    {
        if (operation is Operation.StartsWith or Operation.NotStartsWith && term.Type.Id != TypeId.String)
            throw TarnException.Invalid($"'{term}' is of type {term.Type}; starts-with tests strings.");
        var (value, fit) = Convert(literal, term);
        if (fit is Fit.AboveMax or Fit.BelowMin)
            return OutOfRange(operation, term, fit == Fit.AboveMax);
        if (fit == Fit.RoundedDown && operation is Operation.Eq)
            return Expression.False;
        if (fit == Fit.RoundedDown && operation is Operation.NotEq)
            return Expression.True;
        operation = (operation, fit) switch
        {
            (Operation.Lt, Fit.RoundedDown or Fit.NearestBelow) => Operation.LtEq,
            (Operation.GtEq, Fit.RoundedDown) => Operation.Gt,
            (Operation.Gt, Fit.NearestAbove) => Operation.GtEq,
            _ => operation,
        };
        return new BoundPredicate(operation, term, value!);
    }

    private static Expression BindSet(Operation operation, BoundTerm term, IReadOnlyList<Literal> literals)
    {
        object[] values = ValueOrder.Distinct(literals.Select(l => Convert(l, term))
            .Where(c => c.Fit is Fit.Exact or Fit.NearestBelow or Fit.NearestAbove).Select(c => c.Value!));
        return (operation, values.Length) switch
        {
            (Operation.In, 0) => Expression.False,
            (_, 0) => Expression.True,
            (Operation.In, 1) => new BoundPredicate(Operation.Eq, term, values),
            (_, 1) => new BoundPredicate(Operation.NotEq, term, values),
            _ => new BoundPredicate(operation, term, values),
        };
    }

    private static ConvertedLiteral Convert(Literal literal, BoundTerm term)
    {
        var converted = LiteralConversion.Convert(literal, term.Type);
        return converted.Fit == Fit.Impossible
            ? throw TarnException.Invalid($"Literal {literal} of type {literal.Type} does not fit '{term}' of type {term.Type}. Write a literal of that type.")
            : converted;
    }

    // Orderings that hold for every value still do not hold for null and NaN.
    private static Expression OutOfRange(Operation operation, BoundTerm term, bool above)
    {
        bool holds = operation switch
        {
            Operation.Lt or Operation.LtEq => above,
            Operation.Gt or Operation.GtEq => !above,
            _ => false,
        };
        if (operation == Operation.NotEq)
            return Expression.True;
        if (!holds)
            return Expression.False;
        return term.IsFloating ? Expression.And(BindUnary(Operation.NotNull, term), BindUnary(Operation.NotNaN, term)) : BindUnary(Operation.NotNull, term);
    }
}
