using System.Text;
using System.Text.Json;
using Tarn.Core.Errors;
using Tarn.Core.Text;
using Tarn.Iceberg.Expressions;
using Tarn.Iceberg.Serialization.SingleValue;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Serialization.Json;

/// <summary>
/// JSON of expressions (specification "Iceberg Expressions", Appendix B). Reads the present form (<c>child</c>, <c>left</c>, <c>right</c>)
/// and the deprecated one (<c>term</c>, <c>value</c>), also mixed. Tests must compare a column, or a partition transform of one, with literals.
/// </summary>
public static partial class ExpressionJson
{
    private const string IcebergFunctions = "iceberg_functions";

    /// <summary>Reads an expression; its predicates are unbound.</summary>
    /// <exception cref="TarnException">
    /// Of <paramref name="kind"/> when it is no expression; Unsupported when it compares two columns or calls other functions than partition transforms.
    /// </exception>
    public static Expression Read(JsonElement json, string document, ErrorKind kind = ErrorKind.InvalidRequest) => Read(JsonText.Cursor(json, document, kind));

    /// <summary>Reads an expression from text.</summary>
    /// <exception cref="TarnException">As <see cref="Read(JsonElement, string, ErrorKind)"/>.</exception>
    public static Expression Parse(string json, string document = "expression")
    {
        try
        {
            using var parsed = JsonDocument.Parse(json);
            if (JsonDefect.FindInTexts(Encoding.UTF8.GetBytes(json)) is { } defect)
                throw TarnException.Invalid($"{document} is no JSON: {defect}.");
            return Read(parsed.RootElement, document);
        }
        catch (JsonException e)
        {
            throw TarnException.Invalid($"{document} is no JSON: {JsonDefect.Find(json)}.", e);
        }
    }

    private static Expression Read(JsonCursor json)
    {
        if (json.Element.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return json.AsBool() ? Expression.True : Expression.False;
        string type = json.AsObject().String("type");
        return type.ToLowerInvariant() switch
        {
            "true" => Expression.True,
            "false" => Expression.False,
            "literal" => json.Bool("value") ? Expression.True : Expression.False,
            "not" => Expression.Not(Read(json.Required("child"))),
            "and" => Expression.And(Read(json.Required("left")), Read(json.Required("right"))),
            "or" => Expression.Or(Read(json.Required("left")), Read(json.Required("right"))),
            var name => Operations.TryGetValue(name.Replace('_', '-'), out var operation)
                ? ReadPredicate(operation, json)
                : throw json.Required("type").Expected("the type of an expression"),
        };
    }

    private static UnboundPredicate ReadPredicate(Operation operation, JsonCursor json)
    {
        if (operation.IsUnary())
            return new(operation, ReadTested(json), []);
        if (operation.IsSet())
            return new(operation, ReadTested(json), ReadLiterals(json.Required("values")));
        if (json.Has("term"))
            return new(operation, ReadTerm(json.Required("term"), nameIsReference: true), [ReadLiteral(json.Required("value"))]);
        var (left, right) = (json.Required("left"), json.Required("right"));
        if (IsLiteral(right))
            return new(operation, ReadTerm(left, nameIsReference: false), [ReadLiteral(right)]);
        if (!IsLiteral(left))
            throw json.Place.ErrorOf(ErrorKind.Unsupported, "two columns or functions are compared; compare with a literal");
        var flipped = operation switch
        {
            Operation.Lt => Operation.Gt,
            Operation.LtEq => Operation.GtEq,
            Operation.Gt => Operation.Lt,
            Operation.GtEq => Operation.LtEq,
            Operation.Eq or Operation.NotEq => operation,
            _ => throw left.Expected("a reference"),
        };
        return new(flipped, ReadTerm(right, nameIsReference: false), [ReadLiteral(left)]);
    }

    private static Term ReadTested(JsonCursor json) =>
        json.Has("term") ? ReadTerm(json.Required("term"), nameIsReference: true) : ReadTerm(json.Required("child"), nameIsReference: false);

    private static Term ReadTerm(JsonCursor json, bool nameIsReference)
    {
        if (nameIsReference && json.Element.ValueKind == JsonValueKind.String)
            return Term.Column(json.AsString());
        return json.AsObject().String("type") switch
        {
            "reference" when json.Has("id") => Term.Column(json.Int("id")),
            "reference" when json.Has("name") => Term.Column(json.String("name")),
            "reference" => Term.Column(json.String("term")),
            "transform" => Through(Transform.Parse(json.String("transform")), ReadTerm(json.Required("term"), nameIsReference: true), json),
            "apply" => ReadApply(json),
            _ => throw json.Expected("a reference, transform or function"),
        };
    }

    private static Term ReadApply(JsonCursor json)
    {
        string name = FunctionName(json.Required("function"));
        var arguments = json.List("arguments", a => a);
        int parameters = name is "bucket" or "truncate" ? 1 : 0;
        if (arguments.Count != parameters + 1)
            throw json.Place.Error($"function '{name}' takes {parameters + 1} arguments, not {arguments.Count}");
        string text = parameters == 0 ? name : $"{name}[{ReadLiteral(arguments[0]).Value}]";
        return Through(Transform.Parse(text), ReadTerm(arguments[^1], nameIsReference: false), json);
    }

    private static Term Through(Transform transform, Term inner, JsonCursor json)
    {
        if (transform.Kind == TransformKind.Unknown)
            throw json.Place.ErrorOf(ErrorKind.Unsupported, $"transform or function '{transform.Text}' is not known; filter by the column itself");
        if (inner.Transform.Kind != TransformKind.Identity)
            throw json.Place.ErrorOf(ErrorKind.Unsupported, "a transform of a transform is tested; apply one at most");
        return inner with { Transform = transform };
    }

    private static string FunctionName(JsonCursor json)
    {
        if (json.Element.ValueKind == JsonValueKind.String)
            return json.AsString();
        if (json.Element.ValueKind == JsonValueKind.Array)
            return json.AsList(e => e.AsString()) is [var only] ? only : throw json.Expected("the name of a partition transform");
        if (json.AsObject().OptionalString("catalog") is { } catalog && catalog != IcebergFunctions)
            throw json.Place.ErrorOf(ErrorKind.Unsupported, $"functions of catalog '{catalog}' cannot be called; use those of {IcebergFunctions}");
        return FunctionName(json.Required("identifier"));
    }

    private static bool IsLiteral(JsonCursor json) =>
        json.Element.ValueKind != JsonValueKind.Object || json.OptionalString("type") == "literal";

    private static IReadOnlyList<Literal> ReadLiterals(JsonCursor json)
    {
        if (json.Element.ValueKind == JsonValueKind.Array)
            return json.AsList(ReadLiteral);
        return json.Optional("data-type") is { } type
            ? json.List("values", v => Typed(v, type))
            : json.List("values", ReadLiteral);
    }

    private static Literal ReadLiteral(JsonCursor json)
    {
        if (json.Element.ValueKind == JsonValueKind.Object)
        {
            if (json.String("type") != "literal")
                throw json.Expected("a literal");
            return json.Optional("data-type") is { } type ? Typed(json.Required("value"), type) : ReadLiteral(json.Required("value"));
        }

        return json.Element.ValueKind switch
        {
            JsonValueKind.String => Literal.Of(json.AsString()),
            JsonValueKind.True or JsonValueKind.False => Literal.Of(json.AsBool()),
            JsonValueKind.Number when json.Element.TryGetInt64(out long number) => Literal.Of(number),
            JsonValueKind.Number => Literal.Of(json.Element.GetDouble()),
            _ => throw json.Expected("a literal"),
        };
    }

    private static Literal Typed(JsonCursor value, JsonCursor type)
    {
        var read = TypeJson.Read(type);
        object literal = JsonSingleValue.Read(read, value) ?? throw value.Expected("a literal that is not null");
        return LiteralValue.IsNaN(literal) ? throw value.Expected("a number; test NaN with is-nan") : new Literal(read, literal);
    }
}
