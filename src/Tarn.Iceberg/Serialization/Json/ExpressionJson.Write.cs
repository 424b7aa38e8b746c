using System.Collections.Frozen;
using System.Text.Json;
using Tarn.Iceberg.Expressions;
using Tarn.Iceberg.Serialization.SingleValue;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Serialization.Json;

/// <summary>Which JSON form of expressions is written.</summary>
public enum ExpressionForm
{
    /// <summary><c>child</c>, <c>left</c>, <c>right</c>.</summary>
    Current,

    /// <summary><c>term</c>, <c>value</c>: what readers before 2026 understand.</summary>
    Deprecated,
}

public static partial class ExpressionJson
{
    private static readonly FrozenDictionary<Operation, string> Names = new Dictionary<Operation, string>
    {
        [Operation.IsNull] = "is-null",
        [Operation.NotNull] = "not-null",
        [Operation.IsNaN] = "is-nan",
        [Operation.NotNaN] = "not-nan",
        [Operation.Lt] = "lt",
        [Operation.LtEq] = "lt-eq",
        [Operation.Gt] = "gt",
        [Operation.GtEq] = "gt-eq",
        [Operation.Eq] = "eq",
        [Operation.NotEq] = "not-eq",
        [Operation.In] = "in",
        [Operation.NotIn] = "not-in",
        [Operation.StartsWith] = "starts-with",
        [Operation.NotStartsWith] = "not-starts-with",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, Operation> Operations = Names.ToFrozenDictionary(n => n.Value, n => n.Key);

    /// <summary>The text of an expression.</summary>
    public static string ToText(Expression expression, ExpressionForm form = ExpressionForm.Current) =>
        System.Text.Encoding.UTF8.GetString(JsonText.Write(writer => Write(writer, expression, form)));

    /// <summary>Writes an expression, bound or not.</summary>
    public static void Write(Utf8JsonWriter writer, Expression expression, ExpressionForm form = ExpressionForm.Current)
    {
        switch (expression)
        {
            case Constant { Value: var value }:
                writer.WriteBooleanValue(value);
                break;
            case Not { Child: var child }:
                WriteNode(writer, "not", form, ("child", child));
                break;
            case And { Left: var l, Right: var r }:
                WriteNode(writer, "and", form, ("left", l), ("right", r));
                break;
            case Or { Left: var l, Right: var r }:
                WriteNode(writer, "or", form, ("left", l), ("right", r));
                break;
            case UnboundPredicate p:
                WritePredicate(writer, p, form);
                break;
            case BoundPredicate p:
                var term = new Term(p.Term.Name, null, p.Term.Function?.Transform ?? Transform.Identity);
                WritePredicate(writer, new UnboundPredicate(p.Operation, term, [.. p.Literals.Select(v => new Literal(p.Term.Type, v))]), form);
                break;
        }
    }

    private static void WriteNode(Utf8JsonWriter writer, string type, ExpressionForm form, params ReadOnlySpan<(string Name, Expression Child)> children)
    {
        writer.WriteStartObject();
        writer.WriteString("type", type);
        foreach (var (name, child) in children)
        {
            writer.WritePropertyName(name);
            Write(writer, child, form);
        }

        writer.WriteEndObject();
    }

    private static void WritePredicate(Utf8JsonWriter writer, UnboundPredicate predicate, ExpressionForm form)
    {
        var operation = predicate.Operation;
        bool deprecated = form == ExpressionForm.Deprecated;
        writer.WriteStartObject();
        writer.WriteString("type", Names[operation]);
        writer.WritePropertyName(deprecated ? "term" : operation.IsUnary() || operation.IsSet() ? "child" : "left");
        WriteTerm(writer, predicate.Term, form);
        if (operation.IsSet())
        {
            writer.WriteStartArray("values");
            foreach (var literal in predicate.Literals)
                WriteLiteral(writer, literal, form);
            writer.WriteEndArray();
        }
        else if (!operation.IsUnary())
        {
            writer.WritePropertyName(deprecated ? "value" : "right");
            WriteLiteral(writer, predicate.Literals[0], form);
        }

        writer.WriteEndObject();
    }

    private static void WriteTerm(Utf8JsonWriter writer, Term term, ExpressionForm form)
    {
        bool identity = term.Transform.Kind == TransformKind.Identity;
        if (form == ExpressionForm.Deprecated && identity && term.Name is { } name)
        {
            writer.WriteStringValue(name);
            return;
        }

        writer.WriteStartObject();
        if (identity)
        {
            writer.WriteString("type", "reference");
            if (term.Name is { } column)
                writer.WriteString("name", column);
            else
                writer.WriteNumber("id", term.FieldId ?? 0);
        }
        else if (form == ExpressionForm.Deprecated)
        {
            writer.WriteString("type", "transform");
            writer.WriteString("transform", term.Transform.Text);
            writer.WritePropertyName("term");
            WriteTerm(writer, term with { Transform = Transform.Identity }, form);
        }
        else
        {
            WriteApply(writer, term);
        }

        writer.WriteEndObject();
    }

    private static void WriteApply(Utf8JsonWriter writer, Term term)
    {
        int bracket = term.Transform.Text.IndexOf('[', StringComparison.Ordinal);
        writer.WriteString("type", "apply");
        writer.WriteStartObject("function");
        writer.WriteString("catalog", IcebergFunctions);
        writer.WriteStartArray("identifier");
        writer.WriteStringValue(bracket < 0 ? term.Transform.Text : term.Transform.Text[..bracket]);
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteStartArray("arguments");
        if (bracket >= 0)
            writer.WriteNumberValue(term.Transform.Argument);
        WriteTerm(writer, term with { Transform = Transform.Identity }, ExpressionForm.Current);
        writer.WriteEndArray();
    }

    // A plain value is enough where JSON tells the type; the deprecated form never tells more.
    private static void WriteLiteral(Utf8JsonWriter writer, Literal literal, ExpressionForm form)
    {
        bool plain = form == ExpressionForm.Deprecated
            || literal.Type.Id is TypeId.Boolean or TypeId.Int or TypeId.Long or TypeId.Float or TypeId.Double or TypeId.String
            || (literal.Type is DecimalType { Precision: DecimalType.MaxPrecision });
        if (plain)
        {
            JsonSingleValue.Write(writer, literal.Type, literal.Value);
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("type", "literal");
        writer.WritePropertyName("value");
        JsonSingleValue.Write(writer, literal.Type, literal.Value);
        writer.WriteString("data-type", literal.Type.ToString());
        writer.WriteEndObject();
    }
}
