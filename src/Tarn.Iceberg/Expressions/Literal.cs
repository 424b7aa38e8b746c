using Tarn.Core.Values;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transforms;

namespace Tarn.Iceberg.Expressions;

/// <summary>A constant of a predicate: never null, never NaN. Binding converts it to the type of the term.</summary>
/// <param name="Type">Type in which it was written.</param>
/// <param name="Value">Held as <see cref="LiteralValue"/> says.</param>
public sealed record Literal(IcebergType Type, object Value)
{
    /// <summary>A boolean.</summary>
    public static Literal Of(bool value) => new(SimpleType.Boolean, value);

    /// <summary>An int; also days of a date.</summary>
    public static Literal Of(int value) => new(SimpleType.Int, value);

    /// <summary>A long; also microseconds of a time or timestamp.</summary>
    public static Literal Of(long value) => new(SimpleType.Long, value);

    /// <summary>A float.</summary>
    public static Literal Of(float value) => new(SimpleType.Float, NotNaN(value));

    /// <summary>A double.</summary>
    public static Literal Of(double value) => new(SimpleType.Double, NotNaN(value));

    /// <summary>A text; binding reads it as date, time, timestamp, uuid, decimal or hexadecimal bytes when the term is of such a type.</summary>
    public static Literal Of(string value) => new(SimpleType.String, value);

    /// <summary>A uuid.</summary>
    public static Literal Of(Guid value) => new(SimpleType.Uuid, value);

    /// <summary>Bytes.</summary>
    public static Literal Of(byte[] value) => new(SimpleType.Binary, value);

    /// <summary>A decimal.</summary>
    public static Literal Of(Decimal38 value) => new(new DecimalType(DecimalType.MaxPrecision, value.Scale), value);

    /// <inheritdoc/>
    public bool Equals(Literal? other) => other is not null && Type.Equals(other.Type) && LiteralValue.AreEqual(Value, other.Value);

    /// <inheritdoc/>
    public override int GetHashCode() => Type.GetHashCode();

    /// <inheritdoc/>
    public override string ToString()
    {
        string text = HumanText.Of(Transform.Identity, Type, Value);
        return Type.Id == TypeId.String ? $"'{text}'" : text;
    }

    private static object NotNaN(object value) =>
        LiteralValue.IsNaN(value) ? throw new ArgumentException("NaN is no literal; test with is-nan.", nameof(value)) : value;
}
