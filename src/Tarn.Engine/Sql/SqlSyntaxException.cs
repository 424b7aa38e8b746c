using Tarn.Core.Errors;

namespace Tarn.Engine.Sql;

/// <summary>
/// A SQL text does not parse. The message starts with <c>line L:C:</c> and ends with the source line and a caret under the place.
/// </summary>
public sealed class SqlSyntaxException : TarnException
{
    private const int WindowBefore = 60;
    private const int WindowAfter = 40;

    /// <summary>An error at an offset of a text; <paramref name="problem"/> says what was expected and found, without the place.</summary>
    public SqlSyntaxException(SqlSource source, int offset, string problem, bool incomplete = false)
        : this(source, source.PositionAt(Math.Clamp(offset, 0, source.Text.Length)), problem, incomplete)
    {
    }

    private SqlSyntaxException(SqlSource source, SourcePosition position, string problem, bool incomplete)
        : base(ErrorKind.InvalidRequest, $"line {position}: {problem}\n{Excerpt(source, position)}")
    {
        Line = position.Line;
        Column = position.Column;
        Problem = problem;
        Incomplete = incomplete;
    }

    /// <summary>Line of the error, from 1.</summary>
    public int Line { get; }

    /// <summary>Column of the error in UTF-16 units, from 1.</summary>
    public int Column { get; }

    /// <summary>What is wrong, without the place and the source line.</summary>
    public string Problem { get; }

    /// <summary>Whether the text just stops too early (an open literal or comment): more text could make it right.</summary>
    public bool Incomplete { get; }

    private static string Excerpt(SqlSource source, SourcePosition position)
    {
        var line = source.LineText(position.Line);
        var at = Math.Min(position.Column - 1, line.Length);
        var start = Math.Max(0, at - WindowBefore);
        var end = Math.Min(line.Length, at + WindowAfter);
        var head = start > 0 ? "…" : "";
        // Tabs are repeated under the line so that the caret stands right at any tab width.
        var pad = string.Concat(line[start..at].Select(c => c == '\t' ? '\t' : ' '));
        return $"{head}{line[start..end]}{(end < line.Length ? "…" : "")}\n{(head.Length > 0 ? " " : "")}{pad}^";
    }
}
