using Tarn.Core.Errors;
using Tarn.Core.Values;
using Tarn.Iceberg.Expressions;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Tests.Expressions;

public sealed class BindingTests
{
    private static readonly Schema Schema = new(0,
    [
        new NestedField(1, "i", false, SimpleType.Int),
        new NestedField(2, "req", true, SimpleType.Long),
        new NestedField(3, "f", false, SimpleType.Float),
        new NestedField(4, "d", false, SimpleType.Date),
        new NestedField(5, "ts", false, SimpleType.Timestamp),
        new NestedField(6, "tz", false, SimpleType.TimestampTz),
        new NestedField(7, "ns", false, SimpleType.TimestampNs),
        new NestedField(8, "dec", false, new DecimalType(5, 2)),
        new NestedField(9, "u", false, SimpleType.Uuid),
        new NestedField(10, "b", false, SimpleType.Binary),
        new NestedField(11, "s", false, SimpleType.String),
        new NestedField(12, "st", false, new StructType([new NestedField(13, "x", true, SimpleType.Int)])),
        new NestedField(14, "l", false, ListType.Of(15, SimpleType.Int)),
        new NestedField(16, "un", false, SimpleType.Unknown),
        new NestedField(17, "t", false, SimpleType.Time),
    ]);

    public static TheoryData<Operation, string, Literal, string> Comparisons => new()
    {
        { Operation.Lt, "i", Literal.Of(5L), "i < 5" },
        { Operation.Lt, "i", Literal.Of(5_000_000_000L), "i is not null" },
        { Operation.Lt, "req", Literal.Of(1e30), "true" },
        { Operation.Gt, "i", Literal.Of(5_000_000_000L), "false" },
        { Operation.GtEq, "i", Literal.Of(-5_000_000_000L), "i is not null" },
        { Operation.NotEq, "i", Literal.Of(5_000_000_000L), "true" },
        { Operation.Eq, "i", Literal.Of(1.5), "false" },
        { Operation.Lt, "i", Literal.Of(1.5), "i <= 1" },
        { Operation.GtEq, "i", Literal.Of(-1.5), "i > -2" },
        { Operation.Eq, "f", Literal.Of(0.1), "f = 0.1" },
        { Operation.Lt, "f", Literal.Of(0.1), "f < 0.1" },
        { Operation.Gt, "f", Literal.Of(0.1), "f >= 0.1" },
        { Operation.Lt, "f", Literal.Of(16777217), "f <= 1.6777216E7" },
        { Operation.LtEq, "f", Literal.Of(1e300), "(f is not null and not_nan(f))" },
        { Operation.Eq, "d", Literal.Of("2017-11-16"), "d = 2017-11-16" },
        { Operation.Lt, "d", new Literal(SimpleType.Timestamp, 1L), "d <= 1970-01-01" },
        { Operation.Eq, "d", new Literal(SimpleType.Timestamp, 1L), "false" },
        { Operation.Eq, "ts", Literal.Of("2017-11-16T22:31:08.000001"), "ts = 2017-11-16T22:31:08.000001" },
        { Operation.Eq, "ts", Literal.Of("2017-11-16 22:31:08"), "ts = 2017-11-16T22:31:08" },
        { Operation.Eq, "tz", Literal.Of("2017-11-16T22:31:08-08:00"), "tz = 2017-11-17T06:31:08+00:00" },
        { Operation.Eq, "ts", new Literal(SimpleType.Date, 1), "ts = 1970-01-02T00:00:00" },
        { Operation.Eq, "ns", new Literal(SimpleType.Timestamp, 1L), "ns = 1970-01-01T00:00:00.000001" },
        { Operation.GtEq, "ns", new Literal(SimpleType.Timestamp, long.MaxValue), "false" },
        { Operation.GtEq, "ts", new Literal(SimpleType.TimestampNs, 1500L), "ts > 1970-01-01T00:00:00.000001" },
        { Operation.Eq, "t", Literal.Of("22:31:08"), "t = 22:31:08" },
        { Operation.Eq, "dec", Literal.Of("1.50"), "dec = 1.50" },
        { Operation.Eq, "dec", Literal.Of(7), "dec = 7.00" },
        { Operation.Lt, "dec", Literal.Of(new Decimal38(1005, 3)), "dec <= 1.00" },
        { Operation.Lt, "dec", Literal.Of(100_000), "dec is not null" },
        { Operation.Eq, "u", Literal.Of("f79c3e09-677c-4bbd-a479-3f349cb785e7"), "u = f79c3e09-677c-4bbd-a479-3f349cb785e7" },
        { Operation.Eq, "b", Literal.Of("00ff"), "b = AP8=" },
        { Operation.StartsWith, "s", Literal.Of("a"), "s starts with 'a'" },
        { Operation.Eq, "un", Literal.Of("a"), "false" },
    };

    [Theory, MemberData(nameof(Comparisons))]
    public void Bind_Literal_IsConvertedWithoutChangingTheMeaning(Operation operation, string column, Literal literal, string expected) =>
        Assert.Equal(expected, Expression.Compare(operation, Term.Column(column), literal).Bind(Schema).ToString());

    [Fact]
    public void Bind_Sets_DropWhatCannotBeAndFold()
    {
        Expression In(params long[] values) => Expression.Set(Operation.In, Term.Column("i"), values.Select(Literal.Of)).Bind(Schema);
        Assert.Equal("i in (1, 3)", In(3, 1, 3, 5_000_000_000).ToString());
        Assert.Equal("i = 3", In(3, 3).ToString());
        Assert.Equal(Expression.False, In(5_000_000_000));
        Assert.Equal(Expression.True, Expression.Set(Operation.NotIn, Term.Column("i"), []).Bind(Schema));
    }

    [Fact]
    public void Bind_NullTests_UseRequiredFieldsAndTheirStructs()
    {
        Assert.Equal(Expression.False, Expression.Test(Operation.IsNull, Term.Column("req")).Bind(Schema));
        Assert.Equal(Expression.True, Expression.Test(Operation.NotNull, Term.Column("req")).Bind(Schema));
        Assert.IsType<BoundPredicate>(Expression.Test(Operation.IsNull, Term.Column("st.x")).Bind(Schema));
        Assert.Equal(Expression.True, Expression.Test(Operation.IsNull, Term.Column("un")).Bind(Schema));
    }

    [Fact]
    public void Bind_Not_IsPushedToTheLeaves()
    {
        var expression = Expression.Not(Expression.And(Expression.Compare(Operation.Lt, Term.Column("i"), Literal.Of(1)), Expression.Test(Operation.IsNull, Term.Column("s"))));
        Assert.Equal("(i >= 1 or s is not null)", expression.Bind(Schema).ToString());
    }

    [Fact]
    public void Bind_CaseAndFieldId_Resolve()
    {
        Assert.Equal("i = 1", Expression.Compare(Operation.Eq, Term.Column("I"), Literal.Of(1)).Bind(Schema, caseSensitive: false).ToString());
        Assert.Equal("st.x = 1", Expression.Compare(Operation.Eq, Term.Column(13), Literal.Of(1)).Bind(Schema).ToString());
        Assert.Equal([13], Expression.Compare(Operation.Eq, Term.Column(13), Literal.Of(1)).Bind(Schema).ReferencedFields());
    }

    [Theory]
    [InlineData("I", "There is no column 'I'")]
    [InlineData("l.element", "many values per row")]
    [InlineData("b", "does not fit 'b'")]
    public void Bind_Impossible_SaysWhy(string column, string message)
    {
        var error = Assert.Throws<TarnException>(() => Expression.Compare(Operation.Eq, Term.Column(column), Literal.Of(1)).Bind(Schema));
        Assert.Equal(ErrorKind.InvalidRequest, error.Kind);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bind_NaNTestOfInteger_Throws() =>
        Assert.Throws<TarnException>(() => Expression.Test(Operation.IsNaN, Term.Column("i")).Bind(Schema));
}
