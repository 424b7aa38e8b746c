using Tarn.Core.Errors;
using Tarn.Engine.Sql;

namespace Tarn.Engine.Tests.Sql;

/// <summary>Asserts that a text is refused at a place with a message.</summary>
internal static class SyntaxCheck
{
    public static void Refused(string sql, string place, string problem)
    {
        var error = Assert.Throws<SqlSyntaxException>(() => SqlParser.Parse(sql));
        Assert.Equal($"{place}: {problem}", $"{error.Line}:{error.Column}: {error.Problem}");
        Assert.Equal(ErrorKind.InvalidRequest, error.Kind);
        Assert.StartsWith($"line {place}: {problem}\n", error.Message, StringComparison.Ordinal);
    }
}
