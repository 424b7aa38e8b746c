using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Tarn.Core.Values;
using Tarn.Engine.Writing;
using Tarn.Iceberg.Expressions;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Planning;

/// <summary>
/// Turns a predicate of the engine (as parse tree) over the columns of one scan into an Iceberg expression that is true for at least the same rows.
/// What is not understood becomes null: it prunes nothing.
/// </summary>
/// <param name="schema">Schema of the scan.</param>
/// <param name="columnPrefix">What columns are called: this and their field id.</param>
/// <param name="ranges">Columns whose ranges have open ends; null is none.</param>
internal sealed class FilterConverter(Schema schema, string columnPrefix, IReadOnlyDictionary<string, RangeEnds>? ranges = null)
{
    private static readonly SearchValues<char> s_wildcards = SearchValues.Create("%_");

    /// <summary>The expression, or null. Under AND, parts that are not understood are left out; under OR and NOT they spoil the whole.</summary>
    public Expression? Convert(JsonElement node) => Type(node) switch
    {
        // Too deep to go on: not understood.
        _ when !RuntimeHelpers.TryEnsureSufficientExecutionStack() => null,
        "CONJUNCTION_AND" => And(Children(node)),
        "CONJUNCTION_OR" => Or(Children(node)),
        "OPERATOR_NOT" => Children(node) is [var child] && ConvertExactly(child) is { } exact ? Expression.Not(exact) : null,
        "FUNCTION" => Predicate(node) ?? Pattern(node),
        _ => Predicate(node),
    };

    /// <summary>
    /// An expression that is true for exactly the rows that SQL selects: comparisons are never true for null there, so each column that is compared
    /// must not be null. Null when the predicate is not understood to the last part.
    /// </summary>
    public Expression? ConvertSelecting(JsonElement node) => Type(node) switch
    {
        // Too deep to go on: not understood.
        _ when !RuntimeHelpers.TryEnsureSufficientExecutionStack() => null,
        "CONJUNCTION_AND" => Children(node).Select(ConvertSelecting).ToArray() is var parts && parts.Contains(null) ? null : Expression.And(parts.OfType<Expression>()),
        "CONJUNCTION_OR" => Children(node).Select(ConvertSelecting).ToArray() is var parts && parts.Contains(null) ? null : Expression.Or(parts.OfType<Expression>()),
        // Of a range perhaps only one end is known; plans hold two comparisons in its place.
        "OPERATOR_NOT" or "COMPARE_BETWEEN" => null,
        _ => Predicate(node) switch
        {
            UnboundPredicate { Operation: Operation.NotEq or Operation.NotIn or Operation.NotStartsWith } p => Expression.And(p, Expression.Test(Operation.NotNull, p.Term)),
            UnboundPredicate p when !IsFloating(p) => p,
            And both => both,
            Constant constant => constant,
            _ => null,
        },
    };

    // Below NOT nothing may be left out: less filtering there is more filtering outside.
    private Expression? ConvertExactly(JsonElement node) => Type(node) switch
    {
        // Too deep to go on: not understood.
        _ when !RuntimeHelpers.TryEnsureSufficientExecutionStack() => null,
        "CONJUNCTION_AND" => All(Children(node)) is { } parts ? Expression.And(parts) : null,
        "CONJUNCTION_OR" => All(Children(node)) is { } parts ? Expression.Or(parts) : null,
        "OPERATOR_NOT" => Children(node) is [var child] && ConvertExactly(child) is { } inner ? Expression.Not(inner) : null,
        // The negation of the first is true for null, of the second perhaps only one end is known.
        "COMPARE_NOT_DISTINCT_FROM" or "COMPARE_BETWEEN" => null,
        // NaN makes the converted comparison wider than the engine's, so its negation would be too narrow.
        _ => Predicate(node) is UnboundPredicate p && !IsFloating(p) ? p : null,
    };

    private Expression? And(IReadOnlyList<JsonElement> children)
    {
        Expression[] known = [.. children.Select(Convert).OfType<Expression>()];
        return known.Length == 0 ? null : Expression.And(known);
    }

    private Expression? Or(IReadOnlyList<JsonElement> children)
    {
        Expression?[] parts = [.. children.Select(Convert)];
        return parts.Contains(null) ? null : Expression.Or(parts!);
    }

    private Expression[]? All(IReadOnlyList<JsonElement> children)
    {
        Expression?[] parts = [.. children.Select(ConvertExactly)];
        return parts.Contains(null) ? null : [.. parts.OfType<Expression>()];
    }

    private Expression? Predicate(JsonElement node) => Type(node) switch
    {
        "COMPARE_EQUAL" => Comparison(node, Operation.Eq),
        "COMPARE_NOTEQUAL" => Comparison(node, Operation.NotEq),
        "COMPARE_LESSTHAN" => Comparison(node, Operation.Lt),
        "COMPARE_LESSTHANOREQUALTO" => Comparison(node, Operation.LtEq),
        "COMPARE_GREATERTHAN" => Comparison(node, Operation.Gt),
        "COMPARE_GREATERTHANOREQUALTO" => Comparison(node, Operation.GtEq),
        "COMPARE_NOT_DISTINCT_FROM" => Comparison(node, Operation.Eq),
        "COMPARE_BETWEEN" => Between(node),
        "COMPARE_IN" => In(node),
        "OPERATOR_IS_NULL" => Unary(node, Operation.IsNull),
        "OPERATOR_IS_NOT_NULL" => Unary(node, Operation.NotNull),
        "FUNCTION" => Function(node),
        "VALUE_CONSTANT" => ConstantReader.Read(node, SimpleType.Boolean) is { Value: bool value } ? value ? Expression.True : Expression.False : null,
        "COLUMN_REF" => Field(node) is { Type.Id: TypeId.Boolean } flag ? Expression.Compare(Operation.Eq, TermOf(flag), Literal.Of(true)) : null,
        _ => null,
    };

    private Expression? Unary(JsonElement node, Operation operation) =>
        Children(node) is [var child] && Field(child) is { } field ? Expression.Test(operation, TermOf(field)) : null;

    private Expression? Comparison(JsonElement node, Operation operation)
    {
        var left = node.GetProperty("left");
        var right = node.GetProperty("right");
        if (Field(left) is { } field)
            return Compare(field, operation, right);
        if (YearOf(left) is { } dated)
            return CompareYear(dated, operation, right);
        return Field(right) is { } mirrored ? Compare(mirrored, Mirror(operation), left) : null;
    }

    // year(column): dates and times without zone, whose years begin at the same instant everywhere.
    private NestedField? YearOf(JsonElement node) =>
        Type(node) == "FUNCTION" && node.GetProperty("function_name").ValueEquals("year") && Children(node) is [var column] && Field(column) is { Type.Id: TypeId.Date or TypeId.Timestamp or TypeId.TimestampNs } field ? field : null;

    private Expression? CompareYear(NestedField field, Operation operation, JsonElement constant)
    {
        if (ConstantReader.Read(constant, SimpleType.Int) is not { Value: int year })
            return null;
        if (ConstantReader.StartOfYear(year, field.Type) is not { } start || ConstantReader.StartOfYear(year + 1, field.Type) is not { } end)
            return null;
        var term = TermOf(field);
        return operation switch
        {
            Operation.Eq => Expression.And(Expression.Compare(Operation.GtEq, term, start), Expression.Compare(Operation.Lt, term, end)),
            Operation.Lt => Expression.Compare(Operation.Lt, term, start),
            Operation.LtEq => Expression.Compare(Operation.Lt, term, end),
            Operation.Gt => Expression.Compare(Operation.GtEq, term, end),
            Operation.GtEq => Expression.Compare(Operation.GtEq, term, start),
            _ => null,
        };
    }

    private Expression? Between(JsonElement node)
    {
        if (Field(node.GetProperty("input")) is not { } field)
            return null;
        var ends = Ends(node.GetProperty("input"));
        var low = Compare(field, ends.LowerOpen ? Operation.Gt : Operation.GtEq, node.GetProperty("lower"));
        var high = Compare(field, ends.UpperOpen ? Operation.Lt : Operation.LtEq, node.GetProperty("upper"));
        return low is null ? high : high is null ? low : Expression.And(low, high);
    }

    private RangeEnds Ends(JsonElement column) =>
        ranges is not null && column.TryGetProperty("column_names", out var names) && names.GetArrayLength() == 1 ? ranges.GetValueOrDefault(names[0].GetString()!) : default;

    private Expression? Compare(NestedField field, Operation operation, JsonElement constant)
    {
        if (ConstantReader.Read(constant, field.Type) is not { } literal)
            return null;
        var term = TermOf(field);
        bool floating = field.Type.Id is TypeId.Float or TypeId.Double;
        if (LiteralValue.IsNaN(literal.Value))
            return operation is Operation.Eq or Operation.GtEq ? Expression.Test(Operation.IsNaN, term) : null;
        var comparison = Expression.Compare(operation, term, literal);
        // The engine sorts NaN above all numbers; Iceberg's comparisons and bounds leave it out.
        return floating && operation is Operation.Gt or Operation.GtEq or Operation.NotEq
            ? Expression.Or(comparison, Expression.Test(Operation.IsNaN, term))
            : comparison;
    }

    private Expression? In(JsonElement node)
    {
        var children = Children(node);
        if (children.Count < 2 || Field(children[0]) is not { } field)
            return null;
        Literal?[] literals = [.. children.Skip(1).Select(c => ConstantReader.Read(c, field.Type))];
        return literals.Any(l => l is null || LiteralValue.IsNaN(l.Value)) ? null : Expression.Set(Operation.In, TermOf(field), literals!);
    }

    private Expression? Function(JsonElement node)
    {
        string name = node.GetProperty("function_name").GetString()!;
        var children = Children(node);
        if (name is "starts_with" or "prefix" or "^@" && children is [var column, var text] && Field(column) is { Type.Id: TypeId.String } field
            && ConstantReader.Read(text, field.Type) is { } literal)
            return Expression.Compare(Operation.StartsWith, TermOf(field), literal);
        return name == "not" && children is [var negated] && ConvertExactly(negated) is { } exact ? Expression.Not(exact) : null;
    }

    // column LIKE 'text_more%': what matches begins with the text before the first wildcard, but not all that begins so matches.
    private Expression? Pattern(JsonElement node) =>
        node.GetProperty("function_name").ValueEquals("~~") && Children(node) is [var column, var pattern] && Field(column) is { Type.Id: TypeId.String } field && ConstantReader.Read(pattern, field.Type) is { Value: string text }
        && text.IndexOfAny(s_wildcards) is var end and > 0
            ? Expression.Compare(Operation.StartsWith, TermOf(field), Literal.Of(text[..end]))
            : null;

    private NestedField? Field(JsonElement node) => AnyField(node) is { Type.IsPrimitive: true } field ? field : null;

    /// <summary>The field that a column reference names: <c>prefix + id</c>, then names of struct fields. The engine prints those as calls.</summary>
    private NestedField? AnyField(JsonElement node)
    {
        if (Type(node) == "FUNCTION")
            return node.GetProperty("function_name").GetString() == "struct_extract" && Children(node) is [var part, var name] && ConstantReader.Read(name, SimpleType.String) is { Value: string child }
                ? FieldIn(AnyField(part), child)
                : null;
        if (Type(node) != "COLUMN_REF")
            return null;
        string[] path = [.. node.GetProperty("column_names").EnumerateArray().Select(n => n.GetString()!)];
        if (!path[0].StartsWith(columnPrefix, StringComparison.Ordinal) || !int.TryParse(path[0].AsSpan(columnPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int id))
            return null;
        var field = schema.FindField(id);
        return path.Skip(1).Aggregate(field, FieldIn);
    }

    // Of names that differ in case alone, not even the one that is written exactly so is sure to be the one that the engine reads.
    private static NestedField? FieldIn(NestedField? parent, string name) =>
        (parent?.Type as StructType)?.Fields.Where(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).ToArray() is [var only] ? only : null;

    private static Term TermOf(NestedField field) => Term.Column(field.Id);

    private static bool IsFloating(UnboundPredicate predicate) => predicate.Literals.Any(l => l.Type.Id is TypeId.Float or TypeId.Double);

    private static Operation Mirror(Operation operation) => operation switch
    {
        Operation.Lt => Operation.Gt,
        Operation.LtEq => Operation.GtEq,
        Operation.Gt => Operation.Lt,
        Operation.GtEq => Operation.LtEq,
        _ => operation,
    };

    private static string Type(JsonElement node) => node.GetProperty("type").GetString()!;

    private static IReadOnlyList<JsonElement> Children(JsonElement node) => node.TryGetProperty("children", out var children) ? [.. children.EnumerateArray()] : [];
}
