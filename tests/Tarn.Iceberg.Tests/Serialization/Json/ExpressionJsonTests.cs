using Tarn.Core.Errors;
using Tarn.Iceberg.Expressions;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Tests.Serialization.Json;

public sealed class ExpressionJsonTests
{
    [Theory]
    [InlineData("true", "true")]
    [InlineData("""{"type":"false"}""", "false")]
    [InlineData("""{"type":"literal","value":true}""", "true")]
    [InlineData("""{"type":"is-null","term":"a.b"}""", "a.b is null")]
    [InlineData("""{"type":"is-null","child":{"type":"reference","name":"a.b"}}""", "a.b is null")]
    [InlineData("""{"type":"not_nan","child":{"type":"reference","id":7}}""", "not_nan(#7)")]
    [InlineData("""{"type":"lt","term":{"type":"reference","term":"a"},"value":3}""", "a < 3")]
    [InlineData("""{"type":"lt","left":3,"right":{"type":"reference","name":"a"}}""", "a > 3")]
    [InlineData("""{"type":"lt-eq","left":{"type":"reference","name":"a"},"right":{"type":"literal","value":"2017-11-16","data-type":"date"}}""", "a <= 2017-11-16")]
    [InlineData("""{"type":"eq","term":{"type":"transform","transform":"bucket[16]","term":"a"},"value":3}""", "bucket[16](a) = 3")]
    [InlineData("""{"type":"eq","left":{"type":"apply","function":{"catalog":"iceberg_functions","identifier":["truncate"]},"arguments":[2,{"type":"reference","name":"a"}]},"right":"al"}""", "truncate[2](a) = 'al'")]
    [InlineData("""{"type":"in","term":"a","values":["x",{"type":"literal","value":"y"}]}""", "a in ('x', 'y')")]
    [InlineData("""{"type":"not-in","child":{"type":"reference","name":"a"},"values":{"type":"literals","values":["00ff"],"data-type":"binary"}}""", "a not in (AP8=)")]
    [InlineData("""{"type":"and","left":{"type":"not","child":{"type":"starts-with","term":"a","value":"b"}},"right":{"type":"eq","term":"x","value":1.5}}""", "(not(a starts with 'b') and x = 1.5)")]
    public void Parse_BothForms_GiveTheExpression(string json, string text) => Assert.Equal(text, ExpressionJson.Parse(json).ToString());

    [Theory]
    [InlineData("""{"type":"lt","left":{"type":"reference","name":"a"},"right":{"type":"reference","name":"b"}}""", ErrorKind.Unsupported)]
    [InlineData("""{"type":"eq","left":{"type":"apply","function":"lower","arguments":[{"type":"reference","name":"a"}]},"right":"x"}""", ErrorKind.Unsupported)]
    [InlineData("""{"type":"like","term":"a","value":"x"}""", ErrorKind.InvalidRequest)]
    [InlineData("""{"type":"eq","term":"a"}""", ErrorKind.InvalidRequest)]
    [InlineData("""{"type":"eq","term":"a","value":null}""", ErrorKind.InvalidRequest)]
    [InlineData("""[]""", ErrorKind.InvalidRequest)]
    [InlineData("""{""", ErrorKind.InvalidRequest)]
    public void Parse_Refused_NamesTheKind(string json, ErrorKind kind) => Assert.Equal(kind, Assert.Throws<TarnException>(() => ExpressionJson.Parse(json)).Kind);

    [Theory]
    [InlineData(ExpressionForm.Current)]
    [InlineData(ExpressionForm.Deprecated)]
    public void Write_UnboundAndBound_ReadBackTheSame(ExpressionForm form)
    {
        var schema = new Schema(0, [new NestedField(1, "a", false, SimpleType.Timestamp), new NestedField(2, "b", false, SimpleType.String), new NestedField(3, "c", false, new DecimalType(9, 2))]);
        var expression = Expression.And(
            Expression.Or(Expression.Compare(Operation.GtEq, Term.Column("a"), Literal.Of("2017-11-16T22:31:08")), Expression.Test(Operation.IsNull, Term.Column("b"))),
            Expression.And(
                Expression.Set(Operation.In, new Term("b", null, Transform.Truncate(2)), [Literal.Of("xy"), Literal.Of("z")]),
                Expression.Compare(Operation.NotEq, Term.Column("c"), Literal.Of("1.5"))));
        Assert.Equal(expression, ExpressionJson.Parse(ExpressionJson.ToText(expression, form)));
        var bound = expression.Bind(schema);
        Assert.Equal(bound, ExpressionJson.Parse(ExpressionJson.ToText(bound, form)).Bind(schema));
    }

    [Fact]
    public void Write_Current_UsesChildLeftRight() => Assert.Equal(
        """{"type":"eq","left":{"type":"apply","function":{"catalog":"iceberg_functions","identifier":["bucket"]},"arguments":[16,{"type":"reference","name":"a"}]},"right":3}""",
        ExpressionJson.ToText(Expression.Compare(Operation.Eq, new Term("a", null, Transform.Bucket(16)), Literal.Of(3L))));
}
